"""Bells of challenges: none is lost, also when it rings while the driving ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.features.challenge._runner import Runner


class Driven(Runner):
    """A runner whose challenge is over at once; `meanwhile` is done before a step ends."""

    def __init__(self) -> None:
        super().__init__(cast(Any, _Bot()))
        self.steps = 0
        self.last_cards = 0
        self.due: list[int] = []
        self.soon = False

    async def _step(self, challenge_id: int) -> float | None:
        self.steps += 1
        if self.steps == 1 and self.soon:
            # Runs when the task is done, and before it is forgotten.
            asyncio.get_running_loop().call_soon(self.drive, challenge_id)
        return await self._give_all_back(challenge_id)

    async def _last_cards(self, challenge_id: int) -> None:
        self.last_cards += 1
        if self.last_cards == 1 and not self.soon:
            self.drive(challenge_id)


class _Book:
    async def engines_due(self, _: int) -> list[int]:
        return []

    async def let_go(self, _: int) -> None:
        return None


class _Bot:
    classroom = SimpleNamespace(challenges=_Book())

    async def wait_until_ready(self) -> None:
        return None


@pytest.fixture
async def runner() -> AsyncIterator[Driven]:
    """See `Driven`."""
    made = Driven()
    yield made
    await made.close()


@pytest.mark.parametrize("soon", [False, True])
async def test_a_bell_while_the_driving_ends_is_heard(runner: Driven, *, soon: bool) -> None:
    """During the last cards, and between the task's end and its being forgotten: once more."""
    runner.soon = soon
    runner.drive(1)
    async with asyncio.timeout(5):
        while runner._tasks:
            await asyncio.wait(set(runner._tasks.values()))
            await asyncio.sleep(0)
    assert runner.steps == 2
    assert not runner._bells
