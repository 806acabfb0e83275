"""Challenges without Discord, for tests: a classroom with two who have engines."""

from __future__ import annotations

from dataclasses import dataclass

from bot.classroom import Classroom
from bot.wiring import build_classroom
from db import challenges
from db.challenges import Challenge, Member
from db.engine import Database
from lessons.model import Catalogue
from sandbox.contract import EngineFacts
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.unit.bot.conftest import YUNA, FakeClock

MINHO = YUNA + 1
OWN = make_facts(containers=[make_container("my-own")])
SOLVED = make_facts(containers=[make_container(name) for name in ("port", "name", "page")])
SERVER, CHANNEL = 1, 2


@dataclass(slots=True)
class Field:
    """A classroom with the incident, Yuna and Minho, who have labs and engines."""

    classroom: Classroom
    database: Database
    sandboxes: FakeSandboxes
    clock: FakeClock
    catalogue: Catalogue

    def anew(self) -> Classroom:
        """Another classroom on the same database and engines: as after a sudden end of the bot."""
        self.classroom = build_classroom(
            database=self.database,
            sandboxes=self.sandboxes,
            catalogue=self.catalogue,
            clock=self.clock,
        )
        self.classroom.challenges.engines.place_s = 0.05
        self.classroom.challenges.engines.ask_again_s = 0.01
        return self.classroom

    async def opened(self, *members: int) -> Challenge:
        """A challenge of ten minutes with these members."""
        book = self.classroom.challenges
        made = await book.create(
            server_id=SERVER,
            channel_id=CHANNEL,
            lesson=self.classroom.lessons.get("night"),
            language="ko",
            minutes=10,
            freeze_minutes=2,
        )
        for learner_id in members:
            await book.join(made.id, SERVER, learner_id, "somebody")
        return made

    async def begun(self, *members: int) -> int:
        """The id of a challenge that runs."""
        book = self.classroom.challenges
        number = (await self.opened(*members)).id
        await book.begin(number)
        for learner_id in members:
            assert await book.prepare(number, learner_id)
        await book.count_down(number, 1)
        assert await book.start(number)
        return number

    async def member(self, number: int, learner_id: int = YUNA) -> Member:
        """The member as the database has them."""
        async with self.database.transaction() as session:
            found = await challenges.member(session, number, learner_id)
        assert found is not None
        return found

    async def containers(self, learner_id: int = YUNA) -> list[str]:
        """The names of the containers in somebody's engine."""
        facts = await self.sandboxes.facts(str(learner_id))
        return [container.name for container in facts.containers]

    def solve(self, learner_id: int = YUNA, facts: EngineFacts = SOLVED) -> None:
        """Their engine is as it should be."""
        self.sandboxes.set_facts(str(learner_id), facts)
