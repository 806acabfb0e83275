"""Follow-me leaves out who has left the server, whenever that was, however many follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import AsyncMock

import discord
import pytest

from bot.features.follow import _leavers
from db.following import Follow
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal", "privacy", "follow")
LINE = "docker ps"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def begun(stage: BotStage, *names: str) -> tuple[Person, list[Person]]:
    """An instructor's follow-me, and those who joined it."""
    instructor = stage.playground.person("instructor")
    instructor.slash("follow start")
    card = await saying(instructor, "강사와 따라하기")
    people = []
    for name in names:
        person = stage.playground.person(name)
        await person.click(card, "참여하기")
        await saying(person, "👣 참여했어요.")
        people.append(person)
    return instructor, people


def leave(stage: BotStage, person: Person) -> None:
    """The person leaves the server, of which the bot hears nothing."""
    stage.playground.world.leave(person.user_id)


async def follow_of(stage: BotStage, person: Person) -> Follow:
    """The follow-me of the channel."""
    assert stage.bot is not None
    server = int(stage.playground.world.guild_id)
    return await stage.bot.classroom.following.here(int(person.general), server)


async def ask(instructor: Person, engines: int) -> Json:
    """The question before a run."""
    instructor.slash("follow run", command=LINE)
    return await saying(instructor, f"엔진 {engines}개에서 실행할까요?")


async def test_who_left_before_the_question(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Is not counted, is run nothing for, and does not follow any more when they come back."""
    instructor, (stays, leaves) = await begun(stage, "newcomer", "neighbour")
    leave(stage, leaves)
    question = await ask(instructor, 1)
    await saying(instructor, "지금 1명이 함께해요.")
    await instructor.click(question, "엔진 1개에서 실행")
    table = all_text(await saying(instructor, "서버를 떠나서 제외 **1**"))
    assert "성공 **1**" in all_text(await saying(instructor, "성공 **1**")), table
    assert {who for who, _ in sandboxes.ran} == {stays.user_id}

    done = await saying(instructor, "성공 **1**")
    await instructor.click(done, "자세히 (강사)")
    assert "neighbour" in all_text(await saying(instructor, "**서버를 떠나서 제외**: "))

    stage.playground.world.enrol("neighbour")
    await ask(instructor, 1)


async def test_who_left_after_the_question(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """A yes to two engines runs on the one that is left."""
    instructor, (stays, leaves) = await begun(stage, "newcomer", "neighbour")
    question = await ask(instructor, 2)
    leave(stage, leaves)
    await instructor.click(question, "엔진 2개에서 실행")
    await saying(instructor, "엔진 1개에서 실행하고 있어요")
    await saying(instructor, "서버를 떠나서 제외 **1**")
    await saying(instructor, "성공 **1**")
    assert {who for who, _ in sandboxes.ran} == {stays.user_id}


async def test_when_all_have_left(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Nothing runs, and it is said why."""
    instructor, (leaves,) = await begun(stage, "newcomer")
    question = await ask(instructor, 1)
    leave(stage, leaves)
    await instructor.click(question, "엔진 1개에서 실행")
    await saying(instructor, "모두 서버를 떠났어요")
    instructor.slash("follow run", command=LINE)
    await saying(instructor, "아직 참여한 사람이 없어요")
    assert sandboxes.ran == []


async def test_while_discord_does_not_tell(
    stage: BotStage, sandboxes: FakeSandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs for anybody; the same question can be answered a moment later."""
    instructor, _ = await begun(stage, "newcomer")
    question = await ask(instructor, 1)
    with monkeypatch.context() as silence:
        silence.setattr(discord.Guild, "query_members", AsyncMock(side_effect=TimeoutError))
        await instructor.click(question, "엔진 1개에서 실행")
        await saying(instructor, "디스코드가 지금 알려 주지 않아서")
    assert sandboxes.ran == []
    await instructor.click(question, "엔진 1개에서 실행")
    await saying(instructor, "성공 **1**")


async def test_more_than_discord_tells_of_at_once(stage: BotStage) -> None:
    """Nobody who is there is taken for somebody who left."""
    assert stage.bot is not None
    instructor, _ = await begun(stage)
    follow = await follow_of(stage, instructor)
    world, classroom = stage.playground.world, stage.bot.classroom
    people = [world.enrol(f"learner{number}")["user"]["id"] for number in range(230)]
    for person in people:
        await classroom.enrol.enrol(int(person), language="ko", name="학습자")
        await classroom.following.join(follow, int(person))
    world.leave(people[7])
    world.leave(people[-1])
    gone = await _leavers.leavers(stage.bot, follow)
    assert gone == {int(people[7]), int(people[-1])}
