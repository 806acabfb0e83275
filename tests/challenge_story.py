"""What tests of challenges and duels share: the incident in chat, quickly, and who takes part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from bot.features.challenge._runner import Runner
from db import challenges
from db.challenges import Challenge, Member
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import EngineFacts
from tests.bot_stage import BotStage, all_text, bot_stage
from tests.challenge_lesson import write_lesson
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge

OWN = make_facts(containers=[make_container("my-own")])
SOLVED = make_facts(containers=[make_container(name) for name in ("port", "name", "page")])


def incident_engine(*, capacity: int = 20) -> FakeSandboxes:
    """Engines in which the set-up of each fault of the incident works; so many run at once."""
    sandboxes = FakeSandboxes(capacity=capacity)
    for fault in ("port", "name", "port name"):
        sandboxes.answer(f"(\necho {fault}\n)", f"{fault}\n")
    return sandboxes


@asynccontextmanager
async def incident_stage(folder: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that knows the incident alone, and counts down quickly; judged in the end."""
    async with bot_stage(folder, sandboxes=engine, lessons=write_lesson(folder)) as stage:
        hurry(stage)
        yield stage
        judge(stage.playground)


async def saying(person: Person, wanted: str, channel_id: str | None = None) -> Json:
    """The newest message of the bot there that says this; a challenge has many steps to it."""

    def look() -> Json | None:
        said = reversed(person.replies(channel_id))
        return next((message for message in said if wanted in all_text(message)), None)

    try:
        return await person.until(look, 20.0)
    except TimeoutError:
        heard = "\n---\n".join(all_text(m) for m in person.replies(channel_id))
        raise AssertionError(f"nobody said {wanted!r}, but:\n{heard}") from None


def hurry(stage: BotStage) -> Runner:
    """Let nobody wait: the countdown, the board and what is tried again are quick."""
    assert stage.bot is not None
    # By its name: each bot loads the feature anew.
    runner = cast(Runner, cast(Any, stage.bot.get_cog("Challenge")).runner)
    runner.countdown_s, runner.painter.pace_s, runner.retry_s, runner.trouble_s = (
        0.1,
        0.05,
        0.1,
        0.1,
    )
    return runner


async def learner(stage: BotStage, name: str, facts: EngineFacts | None = OWN) -> Person:
    """Somebody with a lab, and with an engine when they have facts."""
    person = stage.playground.person(name)
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    if facts is not None:
        sandboxes = cast(FakeSandboxes, stage.sandboxes)
        sandboxes.known.add(person.user_id)
        sandboxes.set_facts(person.user_id, facts)
    return person


def lab_of(person: Person) -> str:
    """The id of the person's lab."""
    return str(person.threads()[0]["id"])


async def opened(stage: BotStage, *members: Person) -> tuple[Person, Json]:
    """An instructor, and the board of a challenge that these have joined."""
    instructor = stage.playground.person("instructor")
    instructor.slash("challenge start", minutes=10, freeze=0)
    await saying(instructor, "도전의 대기실을 열었어요")
    board = await saying(instructor, "## 🏁 도전")
    for person in members:
        await person.click(board, "참가하기")
        await saying(person, "참가했어요!")
    return instructor, board


async def begun(stage: BotStage, *members: Person) -> tuple[Person, Json]:
    """The same, after the start: everybody sees their tasks."""
    instructor, board = await opened(stage, *members)
    await instructor.click(board, "시작 (준비하기)")
    for person in members:
        await saying(person, "나의 도전", lab_of(person))
    return instructor, board


async def stored(stage: BotStage, number: int = 1) -> tuple[Challenge, dict[str, Member]]:
    """The challenge as the database has it, and its members by their id in Discord."""
    async with stage.database.transaction() as session:
        challenge = await challenges.get(session, number)
        there = await challenges.members(session, number)
    assert challenge is not None
    return challenge, {str(member.learner_id): member for member in there}


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(20):
        while not await look():  # noqa: ASYNC110 - another task does it
            await asyncio.sleep(0.02)


async def all_back(stage: BotStage) -> None:
    """Wait until nobody's engine is the challenge's any more."""

    async def look() -> bool:
        challenge, there = await stored(stage)
        return challenge.ended_at is not None and all(m.engine == "own" for m in there.values())

    await until(look)


async def facts_of(engine: FakeSandboxes, person: Person) -> list[str]:
    """The names of the containers in somebody's engine."""
    facts = await engine.facts(person.user_id)
    return [container.name for container in facts.containers]
