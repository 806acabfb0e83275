"""A command that has nothing to do with the task at hand is answered by its output alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.classroom.checking import Checking, Outcome
from bot.classroom.library import Library
from bot.wiring import build_classroom
from db import progress
from db.engine import Database
from lessons.loader import load_catalogue
from sandbox.contract import ContainerFact
from tests.factories import make_database_url
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts, make_image
from tests.unit.bot.conftest import YUNA, FakeClock, Room

CATALOGUE = load_catalogue()
LESSON = next(lesson for lesson in CATALOGUE.lessons if lesson.id == "first-container")
STEPS = pytest.mark.parametrize(
    "step", [index for index, step in enumerate(LESSON.steps) if step.tasks]
)
UNRELATED = [
    ("docker pull nginx", 0),
    ("docker pull ngnix", 1),
    ("docker images", 0),
    ("docker run hello-world", 0),
    ("docker ps | grep nothing", 1),
    ("docker frobnicate", 1),
    ("docker logs --tail 5 nobody", None),
    ("docker network ls", 0),
    ("cd /tmp", 0),
    ("cat nothing.txt", 1),
]


@dataclass(frozen=True, slots=True)
class Desk:
    """Yuna in the first lesson, and what she needs to be checked."""

    room: Room

    async def reach(self, step: int) -> None:
        """All tasks before this step are done."""
        await self.room.classroom.lessons.open(YUNA, LESSON.id)
        before = [task for done in LESSON.steps[:step] for task in done.tasks]
        async with self.room.database.transaction() as session:
            for task in before:
                await progress.tick(
                    session, YUNA, LESSON.id, task.id, version=1, at=self.room.clock()
                )
            await progress.set_step(session, YUNA, LESSON.id, LESSON.steps[step].id)
        if any(task.id == "run" for task in before):
            self.engine_has(make_container())

    def engine_has(self, *containers: ContainerFact) -> None:
        """What the engine runs from now on."""
        facts = make_facts(containers=list(containers), images=[make_image()])
        self.room.sandboxes.set_facts(str(YUNA), facts)

    async def check(self, checking: Checking | None = None) -> Outcome:
        """The outcome of a check."""
        outcome = await (checking or self.room.classroom.checking).check(YUNA)
        assert outcome is not None
        return outcome

    def restarted(self) -> Checking:
        """The checking of a bot that has just started."""
        return Checking(
            database=self.room.database,
            sandboxes=self.room.sandboxes,
            library=Library(CATALOGUE),
            clock=self.room.clock,
        )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Yuna with the real lessons."""
    sandboxes, clock = FakeSandboxes(), FakeClock()
    sandboxes.known.add(str(YUNA))
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=CATALOGUE, clock=clock
        )
        await classroom.enrol.enrol(YUNA, language="ko", name="Yuna")
        yield Desk(Room(classroom, database, sandboxes, clock))


async def words_about(desk: Desk, checking: Checking | None = None) -> list[str]:
    """The unrelated commands that were followed by a word about a task."""
    spoken_to = []
    for line, exit_code in UNRELATED:
        await desk.room.ran(line, exit_code)
        outcome = await desk.check(checking)
        if outcome.news is not None or outcome.ticked:
            spoken_to.append(line)
    return spoken_to


@STEPS
async def test_unrelated_commands_are_left_alone(desk: Desk, step: int) -> None:
    """Ten commands that do nothing for the task get no word about it, in any step."""
    await desk.reach(step)
    if step > 0:
        await desk.check()  # the one that ticked what came before

    assert await words_about(desk) == []


@STEPS
async def test_a_restart_makes_nothing_news(desk: Desk, step: int) -> None:
    """A bot that has just started does not tell a learner again where they stand."""
    await desk.reach(step)

    assert await words_about(desk, desk.restarted()) == []


async def test_an_attempt_at_the_task_is_still_news(desk: Desk) -> None:
    """Somebody who runs the container under the wrong port after unrelated commands hears of it."""
    await desk.reach(next(i for i, step in enumerate(LESSON.steps) if step.id == "run"))
    await words_about(desk)

    desk.engine_has(make_container(ports=[]))
    await desk.room.ran("docker run -d --name hellonginx nginx")

    news = (await desk.check()).news
    assert news is not None
    assert [finding.key for finding in news.verdict.missing] == ["port_unpublished"]
