"""Looks at a learner's load again and again while they look at the card: not longer than a while.

One watch per learner: a new one ends the one before, whose card then rests. What nobody looks at
is not measured, and keeps no sandbox from its rest.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.load import Load
from bot.features.stats._card import stats_card
from bot.on_error import as_learner_error, report_bug
from bot.pictures.load_plot import load_layout
from bot.pictures.theme import ThemeName
from bot.tasks import end_tasks
from bot.texts import Speech
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot

LOOK_S: Final = 2.0
"""From look to look."""
LOOKS_A_DRAWING: Final = 3
"""Each drawing is uploaded; Discord takes one in a while."""
LIVE_S: Final = 120.0
FIRST_S: Final = 1.0
"""Two looks tell how busy a processor was in between."""

Show = Callable[[Card], Awaitable[object]]

log = structlog.get_logger(__name__)


class Watches:
    """Everybody who looks just now; `look_s`, `live_s` and `first_s` are how often and long."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.look_s = LOOK_S
        self.live_s = LIVE_S
        self.first_s = FIRST_S
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._closed = False

    @property
    def running(self) -> int:
        """How many people look."""
        return len(self._tasks)

    async def begin(self, learner_id: int, say: Speech, theme: ThemeName, show: Show) -> None:
        """Show the load with `show`, and go on for a while.

        Raises `SandboxError`, `LearnerError` and what `show` raises, for the first card only.
        """
        await self._end(learner_id)
        book = self._bot.classroom.load
        await book.look(learner_id)
        await asyncio.sleep(self.first_s)
        until = time.time() + self.live_s
        load = await book.look(learner_id)
        await show(await self._card(load, learner_id, say, theme, until))
        await self._end(learner_id)  # who pressed twice has two cards, and one that goes on
        if self._closed:
            return
        work = self._go_on(learner_id, say, theme, show, until)
        task = asyncio.create_task(work, name=f"stats-{learner_id}")
        self._tasks[learner_id] = task
        task.add_done_callback(partial(self._forget, learner_id))

    async def close(self) -> None:
        """End all of them, and begin no other."""
        self._closed = True
        for learner_id in tuple(self._tasks):
            await self._end(learner_id)

    async def _end(self, learner_id: int) -> None:
        task = self._tasks.pop(learner_id, None)
        await end_tasks([task])

    def _forget(self, learner_id: int, task: asyncio.Task[None]) -> None:
        if self._tasks.get(learner_id) is task:
            del self._tasks[learner_id]

    async def _go_on(
        self, learner_id: int, say: Speech, theme: ThemeName, show: Show, until: float
    ) -> None:
        try:
            await self._look_until(learner_id, say, theme, show, until)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # The card was dismissed, or Discord is in trouble: nobody looks any more.
            log.info("stats_not_shown", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            if as_learner_error(error) is None:
                report_bug(error, learner_id=learner_id)
            else:  # the sandbox ended; the card says when it was last drawn
                log.info("stats_ended", error=type(error).__name__)

    async def _look_until(
        self, learner_id: int, say: Speech, theme: ThemeName, show: Show, until: float
    ) -> None:
        book, looks = self._bot.classroom.load, 0
        while True:
            await asyncio.sleep(max(0.0, min(self.look_s, until - time.time())))
            if not await book.is_on(learner_id):
                return
            load = await book.look(learner_id)
            looks += 1
            if until <= time.time():
                await show(await self._card(load, learner_id, say, theme, None))
                return
            if looks % LOOKS_A_DRAWING == 0:
                await show(await self._card(load, learner_id, say, theme, until))

    async def _card(
        self, load: Load, learner_id: int, say: Speech, theme: ThemeName, until: float | None
    ) -> Card:
        png = await self._bot.studio.draw(partial(load_layout, load, say), theme)
        return stats_card(load, png, say, owner=learner_id, theme=theme, live_until=until)
