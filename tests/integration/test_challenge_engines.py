"""A challenge on real engines: the same start for all, the right winners, every engine back.

Three engines, or as many as DOCENT_CHALLENGE_ENGINES says: `./docent bench challenge` takes 20.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest

from db import challenges
from db.challenges import Challenge, Member
from db.models import ChallengeRow
from lessons.model import Lesson
from lessons.solution import read_solution
from playground.json_types import Json
from playground.person import Person
from sandbox.client import SandboxClient
from tests.bot_stage import BotStage, all_text, bot_stage
from tests.docker_fixtures import LIMITS, ServiceProcess, run

pytestmark = pytest.mark.docker

ENGINES = int(os.environ.get("DOCENT_CHALLENGE_ENGINES", "3"))
VARIANT = 8
READY_S = 180.0 + 30.0 * ENGINES
"""Each engine pulls four images and starts three containers; four of them at a time."""
COMMAND_S = 90.0
CONTENT = Path(__file__).parents[2] / "lessons" / "content" / "210-incident-night"
STATE = (
    "docker ps -a --format '{{.Names}} {{.Image}} {{.Ports}}' | sort; docker volume ls -q | sort"
)


@pytest.fixture
def big_service(home: Path, request: pytest.FixtureRequest) -> Iterator[ServiceProcess]:
    """A service with places for all: that of the other tests, as long as it has so many."""
    if int(LIMITS["CAPACITY"]) > ENGINES:
        yield request.getfixturevalue("service")  # a home has no second one
        return
    process = ServiceProcess(home, CAPACITY=str(ENGINES + 2), OVERCOMMIT="64")
    process.start()
    try:
        yield process
    finally:
        process.stop()
        process.stop_all()


@pytest.fixture
async def stage(tmp_path: Path, big_service: ServiceProcess) -> AsyncIterator[BotStage]:
    """A bot with real engines."""
    async with (
        SandboxClient.connect(big_service.url, big_service.token) as sandboxes,
        bot_stage(tmp_path, sandboxes=sandboxes) as opened,
    ):
        yield opened


async def until(person: Person, wanted: str, channel_id: str, within_s: float) -> Json:
    """The newest message there that says this."""

    def look() -> Json | None:
        said = reversed(person.replies(channel_id))
        return next((message for message in said if wanted in all_text(message)), None)

    try:
        return await person.until(look, within_s)
    except TimeoutError:
        heard = "\n---\n".join(all_text(m) for m in person.replies(channel_id)[-5:])
        raise AssertionError(f"nobody said {wanted!r}, but:\n{heard}") from None


def lab_of(person: Person) -> str:
    """The id of the person's lab."""
    return str(person.threads()[0]["id"])


async def with_lab(stage: BotStage, number: int) -> Person:
    """A learner with a lab, and something of their own in their engine."""
    person = stage.playground.person(f"learner{number}")
    person.slash("start")
    await until(person, "실습실을 만들었어요", person.general, 60.0)
    client = cast(SandboxClient, stage.sandboxes)
    made = await run(
        client, person.user_id, f"docker volume create mine-{number} && echo {number} >own.txt"
    )
    assert made.ended.exit_code == 0, made.text
    return person


async def stored(stage: BotStage) -> tuple[Challenge, list[Member]]:
    """The challenge as the database has it."""
    async with stage.database.transaction() as session:
        challenge = await challenges.get(session, 1)
        there = await challenges.members(session, 1)
    assert challenge is not None
    return challenge, there


async def repair(stage: BotStage, person: Person, lesson: Lesson, tasks: list[str]) -> None:
    """Do these tasks as their solutions say, and have them judged."""
    solution = read_solution(CONTENT / "solution.sh", lesson, [])
    client = cast(SandboxClient, stage.sandboxes)
    for task in tasks:
        for line in solution[task]:
            if line.startswith("!look"):
                person.say(f"curl -s http://localhost:{line.split()[1]}/", lab_of(person))
                await until(person, "Night shop", lab_of(person), COMMAND_S)
            else:
                await run(client, person.user_id, line)
    card = await until(person, "나의 도전", lab_of(person), COMMAND_S)
    await person.click(card, "확인")
    await until(person, f"과제 {len(tasks)}/", lab_of(person), COMMAND_S)


@pytest.mark.timeout(120 + 2 * READY_S)
async def test_a_challenge_on_real_engines(stage: BotStage) -> None:
    """Prepared alike, begun together, won by who repaired; what was theirs is theirs again."""
    client = cast(SandboxClient, stage.sandboxes)
    people = await asyncio.gather(*(with_lab(stage, number) for number in range(ENGINES)))
    instructor = stage.playground.person("instructor")
    instructor.slash("challenge start", minutes=60, freeze=0)
    board = await until(instructor, "## 🏁 도전", instructor.general, 20.0)
    async with stage.database.transaction() as session:
        row = await session.get(ChallengeRow, 1)
        assert row is not None
        row.variant = VARIANT  # of which it is known what it takes
    for person in people:
        await person.click(board, "참가하기")
        await until(person, "참가했어요!", person.general, 20.0)
    began = time.monotonic()
    await instructor.click(board, "시작 (준비하기)")
    for person in people:
        await until(person, "나의 도전", lab_of(person), READY_S)
    prepared_s = time.monotonic() - began

    challenge, there = await stored(stage)
    assert [member.state for member in there] == ["ready"] * ENGINES
    states = await asyncio.gather(*(run(client, p.user_id, STATE) for p in people))
    assert len({state.text for state in states}) == 1, [state.text for state in states]
    assert "night-web" in states[0].text
    assert "mine-" not in states[0].text

    lesson = stage.catalogue.get("incident-night", VARIANT)
    assert lesson is not None
    tasks = [task.id for task in lesson.tasks]
    first, second, *others = people
    await repair(stage, first, lesson, tasks)
    await repair(stage, second, lesson, tasks[:2])
    shown = await until(instructor, "**2위** learner1", instructor.general, 20.0)
    lines = all_text(shown).splitlines()
    assert any(f"**1위** learner0 · 과제 {len(tasks)}/{len(tasks)}" in line for line in lines)
    assert any(f"**2위** learner1 · 과제 2/{len(tasks)}" in line for line in lines)
    assert sum("▫️ learner" in line for line in lines) == min(len(others), 18)

    await instructor.click(shown, "지금 끝내기")
    await until(instructor, "🏆 1위: **learner0**", instructor.general, 60.0)
    ended = time.monotonic()
    async with asyncio.timeout(READY_S):
        while any(member.engine != "own" for member in (await stored(stage))[1]):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    back_s = time.monotonic() - ended
    for number, person in enumerate(people):
        after = await run(client, person.user_id, f"cat own.txt; {STATE}")
        assert after.text.split() == [str(number), f"mine-{number}"]
        assert await client.snapshots(person.user_id) == []
    assert challenge.starts_at is not None
    print(f"\n{ENGINES} engines: prepared in {prepared_s:.0f} s, given back in {back_s:.0f} s")
