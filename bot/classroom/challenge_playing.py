"""Whose engine is a challenge's just now: their lessons rest until they have their own back."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.challenge_engines import ChallengeEngines
from db import challenges
from db.challenges import Member
from db.engine import Database
from lessons.model import Lesson


class Playing:
    """Knows who plays, through every engine that is prepared or given back."""

    def __init__(self, *, database: Database, engines: ChallengeEngines) -> None:
        self._database = database
        self._engines = engines
        self._challenge_of: dict[int, int] = {}

    def challenge_of(self, learner_id: int) -> int | None:
        """The challenge that this learner's engine belongs to now; None: it is their own."""
        return self._challenge_of.get(learner_id)

    def forget(self, learner_id: int) -> None:
        """The learner is gone, with all that was kept of them."""
        self._challenge_of.pop(learner_id, None)
        self._engines.release(learner_id)

    async def load(self, session: AsyncSession) -> None:
        """Know it as the database has it, with all engines held as they were before a start."""
        theirs = await challenges.with_their_engine(session)
        running = {
            each.challenge_id: await challenges.get(session, each.challenge_id) for each in theirs
        }
        for member in theirs:
            self._challenge_of[member.learner_id] = member.challenge_id
            challenge = running[member.challenge_id]
            begun = challenge is not None and challenge.phase == "running"
            if not begun or member.state != "ready" or member.engine == "due":
                self._engines.hold(member.learner_id)

    async def prepare(self, member: Member, lesson: Lesson) -> bool:
        """Prepare the member's engine, see `ChallengeEngines.prepare`."""
        self._challenge_of[member.learner_id] = member.challenge_id
        ready = await self._engines.prepare(member, lesson)
        if not ready:
            await self._look_again(member.challenge_id, member.learner_id)
        return ready

    async def give_back(self, challenge_id: int, learner_id: int) -> str | None:
        """Give the learner's own engine back; why not, see `ChallengeEngines.give_back`."""
        why = await self._engines.give_back(challenge_id, learner_id)
        await self._look_again(challenge_id, learner_id)
        return why

    async def let_go(self, challenge_id: int) -> None:
        """Release the engines that were never this challenge's: their preparing was cut off."""
        async with self._database.transaction() as session:
            everybody = await challenges.members(session, challenge_id)
        for member in everybody:
            mine = self._challenge_of.get(member.learner_id) == challenge_id
            if mine and member.engine == "own":
                self.forget(member.learner_id)

    async def _look_again(self, challenge_id: int, learner_id: int) -> None:
        """Whether the learner still has this challenge's engine."""
        async with self._database.transaction() as session:
            member = await challenges.member(session, challenge_id, learner_id)
        mine = self._challenge_of.get(learner_id) == challenge_id
        if mine and (member is None or member.engine in ("own", "back")):
            del self._challenge_of[learner_id]
