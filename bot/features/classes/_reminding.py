"""The rounds: reminders of what is due, places in time, who left. None waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.assignments import Outcome, Reminder
from bot.features.classes._leaving import LeavingRound
from bot.features.classes._mine import reminder_card
from bot.on_error import guarded

if TYPE_CHECKING:
    from bot.bot import DocentBot

ROUND_S: Final = 60.0
LEAVERS_ROUND_S: Final = 600.0
FIRST_ROUND_AFTER_S: Final = 20.0
"""The first moments of a bot belong to those who wait for it."""
PAUSE_S: Final = 1.0
"""Between two letters: to open many direct messages at once looks like spam to Discord."""
CLOSED: Final = (discord.Forbidden, discord.NotFound)

log = structlog.get_logger(__name__)


class Rounds:
    """Goes the rounds until it is cancelled; `pause_s` is between two letters."""

    def __init__(self, bot: DocentBot, *, pause_s: float = PAUSE_S) -> None:
        self._bot = bot
        self.pause_s = pause_s
        self.leaving = LeavingRound(bot)

    def begin(
        self, *, round_s: float = ROUND_S, first_after_s: float = FIRST_ROUND_AFTER_S
    ) -> list[asyncio.Task[None]]:
        """Go each round by itself: three hundred letters take minutes, and a lesson begins."""
        every = (
            ("class-seats", self.keep_seats, round_s),
            ("class-reminders", self.remind, round_s),
            ("class-leavers", self.leaving.look, LEAVERS_ROUND_S),
        )
        return [
            asyncio.create_task(self._for_ever(work, pause_s, first_after_s), name=name)
            for name, work, pause_s in every
        ]

    async def _for_ever(
        self, work: Callable[[], Awaitable[None]], round_s: float, first_after_s: float
    ) -> None:
        """A round that fails is logged, and the next one comes."""
        await asyncio.sleep(first_after_s)
        while True:
            await guarded(work, failed="round_failed")
            await asyncio.sleep(round_s)

    async def keep_seats(self) -> None:
        """Lessons that begin soon, or are on, have their places."""
        await self._bot.classroom.seats.keep_up()

    async def remind(self) -> None:
        """Write to everybody who is to be reminded now, each once, whoever else goes the rounds."""
        assignments = self._bot.classroom.assignments
        for reminder in await assignments.reminders():
            if not await assignments.begin(reminder):
                continue
            outcome = await self._send(reminder)
            await assignments.ended(reminder, outcome)
            log.info(
                "reminded",
                learner=reminder.learner_id,
                lesson=reminder.due.lesson_id,
                kind=reminder.kind,
                outcome=outcome,
            )
            await asyncio.sleep(self.pause_s)

    async def _send(self, reminder: Reminder) -> Outcome:
        """It is sent at most once: what fails is noted, and the next reminder is another one."""
        due, learner_id = reminder.due, reminder.learner_id
        speech = self._bot.speeches.in_language(reminder.language)
        card = reminder_card(due, self._bot.classroom.lessons, speech, owner=learner_id)
        try:
            channel = await self._bot.create_dm(discord.Object(learner_id))
            await channel.send(view=card)
        except CLOSED:
            return "closed"
        except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
            log.info("not_reminded", learner=learner_id, error=type(exc).__name__)
            return "failed"
        return "sent"
