"""Follow-me and a fork on real engines: two people's lines, and a copy that is apart from both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom.forks import fork_of
from bot.classroom.hands import Standing
from bot.classroom.looking import Looks
from playground.person import Person
from sandbox.client import SandboxClient
from sandbox.errors import SandboxGone
from tests.bot_stage import BotStage, all_text, bot_stage, saying

pytestmark = pytest.mark.docker

FEATURES = ("welcome", "terminal", "hands", "follow")


@pytest.fixture
async def stage(tmp_path: Path, client: SandboxClient) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=client, features=FEATURES) as stage:
        yield stage
        for person in ("newcomer", "neighbour"):
            await client.close(stage.playground.person(person).user_id)


async def says(stage: BotStage, client: SandboxClient, who: str, line: str) -> str:
    """What a line prints on somebody's engine."""
    seen = await Looks(client).run(int(who), line, limit_s=30)
    return seen.text


async def test_follow_and_fork(stage: BotStage, client: SandboxClient) -> None:
    """A line runs on both engines; a fork has what the learner has, and is apart from it."""
    instructor = stage.playground.person("instructor")
    first, second = (stage.playground.person(name) for name in ("newcomer", "neighbour"))
    instructor.slash("follow start")
    card = await saying(instructor, "강사와 따라하기")
    for person in (first, second):
        await person.click(card, "참여하기")
        await saying(person, "👣 참여했어요.")
    line = "docker network create classroom"
    instructor.slash("follow run", command=line)
    question = await saying(instructor, "엔진 2개에서 실행할까요?")
    await instructor.click(question, "엔진 2개에서 실행")
    await _told(first, line)
    await _told(second, line)
    instructor.slash("follow run", command=line)
    again = await instructor.until(lambda: _newest_question(instructor))
    await instructor.click(again, "엔진 2개에서 실행")
    await instructor.until(lambda: _said(instructor, "가장 많은 오류 **2**"), 60)
    for person in (first, second):
        assert "classroom" in await says(stage, client, person.user_id, "docker network ls")

    await _fork(stage, client, instructor, first)


async def _fork(
    stage: BotStage, client: SandboxClient, instructor: Person, learner: Person
) -> None:
    assert stage.bot is not None
    hands, forks = stage.bot.classroom.hands, stage.bot.classroom.forks
    server, who = int(stage.playground.world.guild_id), int(learner.user_id)
    raised = await hands.raise_hand(who, server_id=server, channel_id=int(learner.general))
    assert isinstance(raised, Standing)
    await hands.take(raised.hand.id, server_id=server, helper_id=int(instructor.user_id))
    hand = await hands.begin(raised.hand, thread_id=1, panel_id=2)
    hand = await hands.allow(hand, fork=True)
    await forks.make(hand)
    hand = await hands.of(hand.id, server)
    name = fork_of(hand)
    assert "classroom" in await says(stage, client, name, "docker network ls")
    assert await client.snapshots(learner.user_id) == []

    async with forks.run(hand, "docker network rm classroom") as command:
        async with asyncio.timeout(30):
            async for _ in command:
                pass
    assert command.ended is not None
    assert command.ended.exit_code == 0
    assert "classroom" not in await says(stage, client, name, "docker network ls")
    assert "classroom" in await says(stage, client, learner.user_id, "docker network ls")

    assert await hands.close(hand, "helped")
    with pytest.raises(SandboxGone):
        await client.view(name)


async def _told(person: Person, line: str) -> None:
    message = await person.until(
        lambda: next((m for m in person.replies(person.dm_id()) if line in all_text(m)), None), 60
    )
    assert "종료 코드 0" in all_text(message)


def _newest_question(person: Person) -> dict[str, object] | None:
    found = [m for m in person.replies() if "엔진 2개에서 실행할까요?" in all_text(m)]
    return found[-1] if found else None


def _said(person: Person, wanted: str) -> bool | None:
    return any(wanted in all_text(m) for m in person.replies()) or None
