"""Raised hands: the queue of a server, who helps whom, and what a helper may see."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.classroom.forks import Forks
from bot.errors import LearnerError
from bot.terminal.escape import visible
from db import hands, history
from db.engine import Database
from db.hands import Ended, Hand, HelpLine
from db.history import Record

__all__ = ["Ended", "Hand", "Hands", "HelpLine", "Record", "Standing", "Taken", "wait_estimate"]

log = structlog.get_logger(__name__)

LONGEST_SENTENCE: Final = 300
HELPS_COUNTED: Final = 20
"""The estimate goes by so many of the newest helps."""

LOWERED_AFTER: Final = timedelta(hours=3)
"""A hand that nobody took for so long goes down by itself: its learner has gone on."""

FORGOTTEN_AFTER: Final = timedelta(hours=12)
"""A help that nobody closed for so long is over."""

STUCK_AFTER: Final = timedelta(minutes=2)
"""To begin a help takes seconds."""

LAST_COMMANDS: Final = 5
SEARCHED_COMMANDS: Final = 50
"""Among so many of the newest commands the last error is looked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A hand that is up: its place in the queue (1 is next) and how long that takes, if known."""

    hand: Hand
    place: int
    estimate_s: float | None
    new: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A hand, and whether it was this helper who got it."""

    hand: Hand
    won: bool


def wait_estimate(durations: Sequence[float], *, place: int, helping: int) -> float | None:
    """Seconds until whoever is at this place is helped; None when there was no help yet.

    Everybody who helps just now is thought to go on with the next one; when nobody does, the
    first in the queue does not wait for a help to end.
    """
    if not durations:
        return None
    ahead = place if helping else place - 1
    return statistics.median(durations) * ahead / max(1, helping)


class Hands:
    """What can be done with raised hands. Methods raise `DatabaseError`, too.

    Whoever asks as an instructor names their server: a hand of another one does not exist there.
    """

    def __init__(self, *, database: Database, forks: Forks, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._forks = forks
        self._clock = clock

    async def raise_hand(
        self, learner_id: int, *, server_id: int, channel_id: int, sentence: str = ""
    ) -> Standing | Hand:
        """Have the learner's hand up: how it stands, or the help that goes on already.

        Raises:
            LearnerError: They are no learner any more.
        """
        async with self._database.transaction() as session:
            hand, new = await hands.raise_hand(
                session,
                learner_id,
                server_id=server_id,
                channel_id=channel_id,
                sentence=" ".join(visible(sentence).split())[:LONGEST_SENTENCE],
                at=self._clock(),
            )
        if hand is None:
            raise LearnerError("hand.none")
        return hand if hand.is_helped else await self._standing(hand, new=new)

    async def mine(self, learner_id: int, server_id: int) -> Standing | Hand | None:
        """How the learner's hand stands, the help that goes on, or None."""
        async with self._database.transaction() as session:
            hand = await hands.open_of(session, learner_id, server_id)
        if hand is None or hand.is_helped:
            return hand
        return await self._standing(hand)

    async def lower(self, learner_id: int, server_id: int) -> Hand | None:
        """Take the hand down that nobody took yet; None when there is none of this kind."""
        async with self._database.transaction() as session:
            hand = await hands.open_of(session, learner_id, server_id)
            if hand is None or not hand.waits:
                return None
            await hands.close(session, hand.id, self._clock(), "lowered")
        return hand

    async def queue(self, server_id: int) -> tuple[Hand, ...]:
        """Who waits in a server, the first to be helped first."""
        return tuple(hand for hand in await self.opened(server_id) if hand.waits)

    async def helped(self, server_id: int) -> tuple[Hand, ...]:
        """The helps that go on in a server."""
        return tuple(hand for hand in await self.opened(server_id) if hand.is_helped)

    async def usual(self, server_id: int) -> float | None:
        """How many seconds a help takes in a server; None before the first one ended."""
        async with self._database.transaction() as session:
            found = await hands.durations(session, server_id, HELPS_COUNTED)
        return statistics.median(found) if found else None

    async def of(self, hand_id: int, server_id: int | None) -> Hand:
        """An open hand of this server.

        Raises:
            LearnerError: There is none of this id here, or it is down.
        """
        async with self._database.transaction() as session:
            hand = await hands.get(session, hand_id)
        if hand is None or hand.server_id != server_id or hand.closed_at is not None:
            raise LearnerError("hand.over")
        return hand

    async def of_thread(self, thread_id: int) -> Hand | None:
        """The help that goes on in this thread."""
        async with self._database.transaction() as session:
            return await hands.of_thread(session, thread_id)

    async def take(self, hand_id: int, *, server_id: int, helper_id: int) -> Taken:
        """Help with this hand, unless somebody else is faster.

        Raises:
            LearnerError: There is none of this id here, it is down, or it is one's own.
        """
        hand = await self.of(hand_id, server_id)
        if hand.learner_id == helper_id:
            raise LearnerError("hand.own")
        async with self._database.transaction() as session:
            won = await hands.take(session, hand_id, helper_id, self._clock())
            now = await hands.get(session, hand_id)
        if now is None or now.closed_at is not None:
            raise LearnerError("hand.over")
        return Taken(now, won)

    async def give_back(self, hand: Hand) -> None:
        """The help could not begin: the hand is up again, at the place where it was."""
        async with self._database.transaction() as session:
            await hands.give_back(session, hand.id)

    async def begin(self, hand: Hand, *, thread_id: int, panel_id: int) -> Hand:
        """The help goes on in this thread, with this card; the hand as it is now.

        Raises:
            LearnerError: The hand is gone meanwhile.
        """
        async with self._database.transaction() as session:
            there = await hands.keep_places(
                session, hand.id, thread_id=thread_id, panel_id=panel_id
            )
        if not there:
            raise LearnerError("hand.over")
        return await self.of(hand.id, hand.server_id)

    async def keep_notice(self, hand: Hand, channel_id: int, message_id: int) -> None:
        """Remember a message that tells the instructors of a class of it."""
        async with self._database.transaction() as session:
            await hands.keep_notice(session, hand.id, channel_id=channel_id, message_id=message_id)

    async def allow(
        self, hand: Hand, *, look: bool | None = None, fork: bool | None = None
    ) -> Hand:
        """What the learner allows from now on; without their leave a fork is thrown away.

        Raises:
            LearnerError: The help is over.
        """
        async with self._database.transaction() as session:
            await hands.allow(session, hand.id, look=look, fork=fork)
        if fork is False:
            await self._forks.throw_away(hand)
        return await self.of(hand.id, hand.server_id)

    async def close(self, hand: Hand, ended: Ended) -> bool:
        """The help is over, its fork is thrown away; False when it was over before."""
        async with self._database.transaction() as session:
            closed = await hands.close(session, hand.id, self._clock(), ended)
        # Also when it was: whoever closed it may have failed before the fork was gone. An engine
        # that fails keeps nobody from reading that the help is over.
        await self._forks.throw_away_in_time(hand)
        return closed

    async def due(self) -> tuple[Hand, ...]:
        """Hands that go down by themselves now: nobody took them, or nobody closed the help."""
        now = self._clock()
        async with self._database.transaction() as session:
            return (
                *await hands.raised_before(session, now - LOWERED_AFTER),
                *await hands.taken_before(session, now - FORGOTTEN_AFTER),
            )

    async def give_back_stuck(self) -> None:
        """Have those up again that somebody took without that a help began: a bot was killed."""
        async with self._database.transaction() as session:
            for hand in await hands.taken_before(session, self._clock() - STUCK_AFTER):
                if hand.thread_id is None:
                    await hands.give_back(session, hand.id)

    async def all_open(self) -> list[Hand]:
        """Every hand that is up or helped with, in all servers."""
        async with self._database.transaction() as session:
            return await hands.all_open(session)

    async def in_channel(self, channel_id: int) -> list[Hand]:
        """Open hands whose threads are, or would be, in this channel."""
        async with self._database.transaction() as session:
            return await hands.in_channel(session, channel_id)

    async def recent(self, learner_id: int) -> tuple[list[Record], Record | None]:
        """The learner's last commands, the newest first, and the last one that met an error."""
        async with self._database.transaction() as session:
            found = await history.recent(session, learner_id, SEARCHED_COMMANDS)
        commands = [each for each in found if each.kind == "command"]
        failed = next((each for each in commands if each.error is not None), None)
        return commands[:LAST_COMMANDS], failed

    async def lines(self, hand: Hand) -> list[HelpLine]:
        """What the helper ran on the fork, the oldest first."""
        async with self._database.transaction() as session:
            return await hands.lines(session, hand.id)

    async def note_line(self, hand: Hand, line: str, exit_code: int | None) -> None:
        """Remember what the helper ran, for a suggestion."""
        async with self._database.transaction() as session:
            await hands.add_line(session, hand, line, exit_code, self._clock())

    async def opened(self, server_id: int) -> list[Hand]:
        """Every hand that is up or helped with in a server."""
        async with self._database.transaction() as session:
            return await hands.opened(session, server_id)

    async def _standing(self, hand: Hand, *, new: bool = False) -> Standing:
        async with self._database.transaction() as session:
            opened = await hands.opened(session, hand.server_id)
            durations = await hands.durations(session, hand.server_id, HELPS_COUNTED)
        waiting = [each.id for each in opened if each.waits]
        place = waiting.index(hand.id) + 1 if hand.id in waiting else 1
        helping = len({each.helper_id for each in opened if each.is_helped})
        return Standing(hand, place, wait_estimate(durations, place=place, helping=helping), new)
