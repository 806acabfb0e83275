"""Tells learners some minutes before their sandbox is stopped, where something of theirs runs.

Who is to be looked at is who did something since they were looked at last; nothing is started for
a look, and each learner is asked for about once until their sandbox ends.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.machines import End
from bot.features.sandbox._card import end_card
from bot.on_error import guarded

if TYPE_CHECKING:
    from bot.bot import DocentBot

WARN_S: Final = 600.0
"""So long before the end; long enough to come back, short enough to matter."""
ROUND_S: Final = 60.0
MOST_WATCHED: Final = 5_000
REMEMBERED: Final = timedelta(hours=24)
"""After a restart: who did something since then may have a sandbox that is on."""

log = structlog.get_logger(__name__)


class EndWatch:
    """Whose sandbox has to be looked at, and when; `clock` counts seconds, never set back."""

    def __init__(self, bot: DocentBot, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._queue: list[tuple[float, int]] = []
        self._due: dict[int, float] = {}
        self._warned: set[int] = set()

    def used(self, learner_id: int) -> None:
        """The learner did something: their sandbox is on, and nobody was warned of its next end."""
        self._warned.discard(learner_id)
        if learner_id not in self._due and len(self._due) < MOST_WATCHED:
            self._look_at(learner_id, self._clock())

    def forget(self, learner_id: int) -> None:
        """The learner is gone."""
        self._due.pop(learner_id, None)
        self._warned.discard(learner_id)

    async def for_ever(self, *, round_s: float = ROUND_S) -> None:
        """Go the rounds until this is cancelled; one that fails is logged, and the next comes."""
        await guarded(self._begin, failed="ends_not_looked_at")
        while True:
            await guarded(self.round, failed="ends_not_looked_at")
            await asyncio.sleep(round_s)

    async def round(self) -> None:
        """Look at everybody who is due, and warn whose sandbox ends soon."""
        while self._queue and self._queue[0][0] <= self._clock():
            due, learner_id = heapq.heappop(self._queue)
            if self._due.get(learner_id) != due:
                continue
            del self._due[learner_id]
            end = await self._end_of(learner_id)
            if end is None:
                self._warned.discard(learner_id)
                continue
            wait_s = end.left_s - WARN_S
            if wait_s > 0:
                self._warned.discard(learner_id)
            elif learner_id not in self._warned:
                self._warned.add(learner_id)
                await self._warn(learner_id, end)
            # Again when it is near, or to see whether it was put off.
            self._look_at(learner_id, self._clock() + max(wait_s, ROUND_S))

    async def _begin(self) -> None:
        since = datetime.now(UTC) - REMEMBERED
        for learner_id in await self._bot.classroom.commands.active_since(since):
            self.used(learner_id)

    def _look_at(self, learner_id: int, at: float) -> None:
        self._due[learner_id] = at
        heapq.heappush(self._queue, (at, learner_id))

    async def _end_of(self, learner_id: int) -> End | None:
        try:
            return await self._bot.classroom.machines.end_of(learner_id)
        except Exception:
            # The others wait; this one is looked at in the next round.
            self._look_at(learner_id, self._clock() + ROUND_S)
            raise

    async def _warn(self, learner_id: int, end: End) -> None:
        """Into the lab; not of an idle end where nothing runs, since nothing ends with it."""
        known = self._bot.classroom.engines.last(learner_id)
        nothing_runs = known is not None and not any(each.running for each in known.containers)
        learner = await self._bot.classroom.enrol.learner(learner_id)
        if learner is None or learner.lab_id is None or (nothing_runs and end.because == "idle"):
            return
        speech = await self._bot.speeches.to_learner(learner_id)
        card = end_card(end, speech, owner=learner_id, now=time.time())
        try:
            await self._bot.get_partial_messageable(learner.lab_id).send(view=card)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
            log.info("end_not_told", learner=learner_id, error=type(exc).__name__)
            return
        log.info("end_told", learner=learner_id, because=end.because, left_s=round(end.left_s))
