"""Tasks that are ended."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot import tasks
from bot.tasks import end_tasks


async def for_ever(deaf_to: int) -> None:
    """Goes on after so many cancels, as a loop does around a library that loses them."""
    for _ in range(deaf_to):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
    await asyncio.sleep(3600)


async def test_a_lost_cancel_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the end comes to it; none is no trouble."""
    monkeypatch.setattr(tasks, "CANCELLED_EVERY_S", 0.01)
    going = [asyncio.create_task(for_ever(times)) for times in (0, 1, 3)]
    await asyncio.sleep(0)
    await end_tasks([*going, None])
    assert all(task.cancelled() for task in going)


async def test_what_does_not_end_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left behind."""
    monkeypatch.setattr(tasks, "CANCELLED_EVERY_S", 0.01)
    deaf = asyncio.create_task(for_ever(20))
    await asyncio.sleep(0)
    await end_tasks([deaf])
    assert not deaf.done()
    while not deaf.done():
        deaf.cancel()
        await asyncio.sleep(0)
