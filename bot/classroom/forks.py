"""Forks: a second engine in the state of a learner's, for the time of a help.

A fork is a sandbox of its own, made from a snapshot of the learner's disk, under a name that can't
be anybody's: Discord's ids are 64-bit numbers, and these are greater. So neither the learner's nor
the helper's own engine is ever touched, and a fork that was left behind is known by its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from bot.classroom.commands import RunningCommand
from bot.errors import LearnerError
from db import hands
from db.engine import Database
from db.errors import DatabaseError
from db.hands import Hand
from sandbox.client import Sandboxes
from sandbox.contract import MAX_LINE_BYTES, RunRequest
from sandbox.errors import NoCapacity, SandboxError, SandboxGone

FIRST: Final = 9 * 10**19
"""Twenty digits, as many as the name of a sandbox may have; Discord's ids end at 2⁶⁴."""

KEPT_FOR: Final = timedelta(hours=1)
COMMAND_LIMIT_S: Final = 60.0

log = structlog.get_logger(__name__)


def fork_of(hand: Hand) -> str:
    """The name of the sandbox that is this help's fork."""
    return str(FIRST + hand.id)


def snapshot_of(hand: Hand) -> str:
    """The name of the learner's snapshot that is only there while this help's fork is made.

    Somebody may be helped in two servers at once: neither help takes away what the other needs.
    """
    return f"help-{hand.id}"


def is_fork(name: str) -> bool:
    """Whether a sandbox of this name is a fork and nobody's own."""
    return int(name) > FIRST


class Forks:
    """Makes forks and throws them away. Methods raise `SandboxError` and `DatabaseError`, too."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._clock = clock
        # One copy at a time of each learner: few snapshots of theirs may be there at once.
        self._copying: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def make(self, hand: Hand) -> datetime:
        """Have a fork of the learner's engine; until when it is kept.

        The learner's engine stands still while its disk is copied.

        Raises:
            LearnerError: The learner does not allow it, there is one, or there is no engine here.
        """
        sandboxes = self._engine()
        until = self._clock() + KEPT_FOR
        async with self._database.transaction() as session:
            # Written first: whatever happens from here on, the round finds it and clears it away.
            begun = await hands.begin_fork(session, hand.id, until)
        if not begun:
            raise LearnerError("hand.fork.not_now")
        try:
            await self._copy(sandboxes, hand)
        except BaseException:
            await asyncio.shield(self._forget_quietly(hand))
            raise
        if not await self._is_wanted(hand):
            await self._forget(hand)
            raise LearnerError("hand.fork.not_now")
        return until

    async def throw_away(self, hand: Hand) -> None:
        """Have no fork of this help any more; safe to repeat."""
        async with self._database.transaction() as session:
            now = await hands.get(session, hand.id)
        # A hand that is gone went with its learner, whose disk nobody may keep.
        if now is None or now.fork_until is not None:
            await self._forget(hand)

    async def throw_away_in_time(self, hand: Hand) -> bool:
        """The same for a help that is over; False when the engine fails, and a round does it."""
        try:
            await self.throw_away(hand)
        except SandboxError as exc:
            log.warning("fork_not_thrown_away", hand=hand.id, error=exc.code)
            return False
        return True

    async def throw_away_all_of(self, learner_id: int) -> None:
        """Keep no copy of this learner's disk: all that is theirs is deleted."""
        async with self._database.transaction() as session:
            found = await hands.forked(session, learner_id)
        for hand in found:
            await self.throw_away(hand)

    async def clear_away(self) -> tuple[Hand, ...]:
        """Throw away what is over or older than an hour; the hands that go on without it."""
        now = self._clock()
        async with self._database.transaction() as session:
            found = await hands.forked(session)
        due = [hand for hand in found if not _lives(hand, now)]
        gone = [hand for hand in due if await self.throw_away_in_time(hand)]
        return tuple(hand for hand in gone if hand.is_helped)

    async def mend(self) -> None:
        """Throw away what a bot that was killed left half made, and what nobody knows any more."""
        if self._sandboxes is None:
            return
        for disk in await self._sandboxes.expiring():
            if is_fork(disk.learner):
                await self._sandboxes.forget(disk.learner)
        async with self._database.transaction() as session:
            found = await hands.forked(session)
        for hand in found:
            if not await self._is_whole(self._sandboxes, hand):
                await self._forget(hand)

    @asynccontextmanager
    async def run(self, hand: Hand, line: str) -> AsyncIterator[RunningCommand]:
        """Run a line on the fork; leaving cancels it.

        Raises:
            LearnerError: There is no fork, no engine, or the line is too long.
        """
        if hand.fork_until is None or hand.fork_until <= self._clock():
            raise LearnerError("hand.fork.none")
        if len(line.encode("utf-8", "replace")) > MAX_LINE_BYTES:
            raise LearnerError("terminal.too_long")
        request = RunRequest(line=line, time_limit_s=COMMAND_LIMIT_S)
        # One that is gone must not be opened anew, and empty, in its name.
        await self._engine().view(fork_of(hand))
        async with self._engine().run(fork_of(hand), request) as running:
            yield RunningCommand(running)

    async def _copy(self, sandboxes: Sandboxes, hand: Hand) -> None:
        learner, name = str(hand.learner_id), snapshot_of(hand)
        async with self._copying.setdefault(hand.learner_id, asyncio.Lock()):
            try:
                await sandboxes.take_snapshot(learner, name)
                view = await sandboxes.restore(fork_of(hand), name, of=learner)
            finally:
                await sandboxes.remove_snapshot(learner, name)
        if view.state == "waiting":
            raise NoCapacity("there is no place for a fork")

    async def _is_wanted(self, hand: Hand) -> bool:
        """Whether it is still allowed: copying takes a while, and the learner may be gone."""
        async with self._database.transaction() as session:
            now = await hands.get(session, hand.id)
        return now is not None and now.is_helped and now.may_fork

    async def _is_whole(self, sandboxes: Sandboxes, hand: Hand) -> bool:
        try:
            await sandboxes.view(fork_of(hand))
        except SandboxGone:
            return False
        # The snapshot goes last, when the fork is there.
        kept = await sandboxes.snapshots(str(hand.learner_id))
        return snapshot_of(hand) not in {each.name for each in kept}

    async def _forget(self, hand: Hand) -> None:
        if self._sandboxes is not None:
            await self._sandboxes.forget(fork_of(hand))
            await self._sandboxes.remove_snapshot(str(hand.learner_id), snapshot_of(hand))
        async with self._database.transaction() as session:
            await hands.end_fork(session, hand.id)
        log.info("fork_thrown_away", hand=hand.id)

    async def _forget_quietly(self, hand: Hand) -> None:
        """The same after a failure, which is told anyway; what is left the round clears away."""
        try:
            await self._forget(hand)
        except (SandboxError, DatabaseError) as exc:
            log.warning("fork_not_thrown_away", hand=hand.id, error=type(exc).__name__)

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes


def _lives(hand: Hand, now: datetime) -> bool:
    return hand.is_helped and hand.fork_until is not None and hand.fork_until > now
