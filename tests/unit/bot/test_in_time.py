"""Slow work defers the interaction, quick work leaves the one call to its answer."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.errors import LearnerError
from bot.ui.in_time import in_time


class Waits:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.done = False

    async def __call__(self) -> str:
        await self.go.wait()
        self.done = True
        return "done"


class FakeResponse:
    """Takes down how it was deferred; `then` is called with it."""

    def __init__(self, then: Waits, error: Exception | None = None) -> None:
        self.deferred: list[tuple[bool, bool]] = []
        self._then, self._error = then, error

    async def defer(self, *, ephemeral: bool, thinking: bool) -> None:
        self.deferred.append((ephemeral, thinking))
        self._then.go.set()
        if self._error is not None:
            raise self._error


def pressed(response: FakeResponse) -> discord.Interaction[Any]:
    """An interaction with this response."""
    return cast("discord.Interaction[Any]", Mock(response=response))


@pytest.mark.parametrize("new_message", [False, True])
async def test_slow_work_is_deferred(new_message: bool) -> None:
    """Privately with a message of its own, or without a word for the card that was pressed."""
    work = Waits()
    response = FakeResponse(work)
    said = await in_time(pressed(response), work(), new_message=new_message, slow_after_s=0)
    assert said == "done"
    assert response.deferred == [(new_message, new_message)]


async def test_quick_work_is_not() -> None:
    """What it raises rises."""
    response = FakeResponse(Waits())
    assert await in_time(pressed(response), AsyncMock(return_value=7)(), new_message=True) == 7
    refused = AsyncMock(side_effect=LearnerError("quiz.gone"))
    with pytest.raises(LearnerError):
        await in_time(pressed(response), refused(), new_message=True)
    assert response.deferred == []


async def test_work_goes_on_when_the_interaction_is_gone() -> None:
    """A host's press counts, whether or not Discord still takes the answer."""
    work = Waits()
    gone = discord.NotFound(Mock(status=404, reason="gone"), {"code": 10062, "message": "?"})
    said = await in_time(
        pressed(FakeResponse(work, gone)), work(), new_message=False, slow_after_s=0
    )
    assert said == "done"
    assert work.done


async def test_a_bot_that_leaves_takes_the_work_with_it() -> None:
    """Nothing goes on behind its back."""
    work = Waits()
    doing = asyncio.create_task(in_time(pressed(FakeResponse(work)), work(), new_message=True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    work.go.set()
    await asyncio.sleep(0)
    assert not work.done
