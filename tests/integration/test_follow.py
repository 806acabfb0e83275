"""Follow-me through chat: opting in, the question, what each sees, and whatever goes wrong."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import aiohttp
import pytest

from bot.classroom.following import Following
from bot.features.follow import _ids
from db import following, history
from db.errors import DatabaseBusy
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

if TYPE_CHECKING:
    from bot.features.follow._cog import FollowCog

FEATURES = ("welcome", "terminal", "privacy", "follow")
LINE = "docker run -p 80:80 nginx"
PORT_TAKEN = (
    "docker: Error response from daemon: driver failed programming external connectivity on "
    "endpoint x (abc): Bind for 0.0.0.0:80 failed: port is already allocated.\n"
)


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def begin(stage: BotStage) -> tuple[Person, Json]:
    """An instructor who began a follow-me, and its card."""
    instructor = stage.playground.person("instructor")
    instructor.slash("follow start")
    await saying(instructor, "따라하기를 시작했어요")
    return instructor, await saying(instructor, "강사와 따라하기")


async def join(stage: BotStage, name: str, card: Json) -> Person:
    """Somebody with a lab, who follows."""
    person = stage.playground.person(name)
    person.slash("start")
    await saying(person, "실습실")
    await person.until(lambda: person.threads() or None)
    await person.click(card, "참여하기")
    await saying(person, "👣 참여했어요.")
    return person


def lab(person: Person) -> str:
    """The person's lab."""
    return str(person.threads()[0]["id"])


async def say_yes(instructor: Person, line: str, engines: int) -> None:
    """The instructor's line, and the yes to it."""
    instructor.slash("follow run", command=line)
    question = await saying(instructor, f"엔진 {engines}개에서 실행할까요?")
    assert line in all_text(question)
    assert question["flags"] & 64
    await instructor.click(question, f"엔진 {engines}개에서 실행")


async def run_is(stage: BotStage, state: str, run_id: int = 1) -> None:
    """Wait until a run is in this state."""
    async with asyncio.timeout(10):
        while True:
            async with stage.database.transaction() as session:
                run = await following.run(session, run_id)
            if run is not None and run.state == state:
                return
            await asyncio.sleep(0.02)


async def test_a_line_on_all_engines(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Asked first; numbers for all, names for the instructor, to each their own result."""
    instructor, card = await begin(stage)
    first = await join(stage, "newcomer", card)
    second = await join(stage, "neighbour", card)
    bystander = stage.playground.person("bystander")
    await saying(instructor, "지금 2명이 함께해요.")
    sandboxes.answer(LINE, PORT_TAKEN, exit_code=125)
    await say_yes(instructor, LINE, 2)

    for person in (first, second):
        seen = all_text(await saying(person, "따라하기로 내 엔진에서", lab(person)))
        assert LINE in seen
        assert "port is already allocated" in seen
        assert "👉" in seen
    assert {who for who, _ in sandboxes.ran} == {first.user_id, second.user_id}
    done = await saying(bystander, "가장 많은 오류 **2**")
    assert "newcomer" not in str(done)
    shown = await bystander.until(lambda: _with_picture(bystander, done["id"]))
    assert "성공 0" in shown["attachments"][0]["description"]
    assert "`Bind for … failed: port is already allocated`" in all_text(shown)
    assert "8080" not in all_text(shown)  # an example's port would be nobody's here
    async with stage.database.transaction() as session:
        (record,) = await history.recent(session, int(first.user_id), 5)
    assert record.line == LINE
    assert stage.bot is not None
    acts = await stage.bot.classroom.classes.acts_of(int(first.user_id))
    assert [(act.act, act.detail) for act in acts] == [("follow_ran", LINE)]

    await bystander.click(done, "자세히 (강사)")
    refused = await saying(bystander, "강사만")
    assert "newcomer" not in str(refused)
    await instructor.click(done, "자세히 (강사)")
    details = await saying(instructor, "**가장 많은 오류**: ")
    assert "neighbour" in all_text(details)
    rows = list(csv.reader(StringIO(await _attached(details))))
    assert rows[0][:3] == ["학습자", "디스코드 ID", "결과"]
    assert sorted(row[0] for row in rows[1:]) == ["neighbour", "newcomer"]
    assert {row[6] for row in rows[1:]} == {LINE}

    await instructor.click(done, "자세히 (강사)")
    await instructor.until(
        lambda: sum("**가장 많은 오류**: " in all_text(m) for m in instructor.replies()) == 2
    )
    acts = await stage.bot.classroom.classes.acts_of(int(second.user_id))
    assert [act.act for act in acts] == ["follow_seen", "follow_ran"]


def _with_picture(person: Person, message_id: str) -> Json | None:
    found = next(m for m in person.messages() if m["id"] == message_id)
    return found if found["attachments"] else None


async def _attached(message: Json) -> str:
    (attachment,) = message["attachments"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as answer:
        content = await answer.read()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


async def test_no_runs_nothing_and_more_engines_ask_again(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """A yes is for the number that was named; a no is a no."""
    instructor, card = await begin(stage)
    await join(stage, "newcomer", card)
    instructor.slash("follow run", command="docker ps")
    question = await saying(instructor, "엔진 1개에서 실행할까요?")
    await join(stage, "neighbour", card)
    await instructor.click(question, "엔진 1개에서 실행")
    again = await saying(instructor, "엔진 2개에서 실행할까요?")
    assert again["id"] == question["id"]
    assert sandboxes.ran == []
    await instructor.click(again, "그만두기")
    await saying(instructor, "실행하지 않았어요.")
    await run_is(stage, "cancelled")
    assert sandboxes.ran == []


async def test_learners_start_and_run_nothing(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """By no command, and by no button that is not for them."""
    learner = stage.playground.person("newcomer")
    for press in (
        partial(learner.slash, "follow start"),
        partial(learner.slash, "follow run", command="docker ps"),
        partial(learner.slash, "follow stop"),
    ):
        press()
        learner.delete(await saying(learner, "강사만"))
    assert sandboxes.ran == []


async def test_leaving_is_heeded_at_any_time(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """What runs after that runs without them."""
    instructor, card = await begin(stage)
    stays = await join(stage, "newcomer", card)
    leaves = await join(stage, "neighbour", card)
    await leaves.click(card, "나가기")
    await saying(leaves, "나왔어요.")
    await say_yes(instructor, "docker ps", 1)
    await saying(stays, "따라하기로 내 엔진에서", lab(stays))
    await run_is(stage, "done")
    assert {who for who, _ in sandboxes.ran} == {stays.user_id}

    instructor.slash("follow stop")
    await saying(instructor, "따라하기를 끝냈어요")
    await saying(instructor, "이제 누구의 엔진에서도")
    instructor.slash("follow run", command="docker ps")
    await saying(instructor, "이 채널에는 따라하기가 없어요")


async def test_a_restart_in_the_middle(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The run is said to be broken off, what was known stays; the follow-me goes on."""
    instructor, card = await begin(stage)
    learner = await join(stage, "newcomer", card)
    sandboxes.answer("sleep 99", never_ends=True)
    await say_yes(instructor, "sleep 99", 1)
    await saying(instructor, "기다리는 중 **1**")
    await stage.restart()
    await saying(instructor, "중간에 끊겨서")
    await run_is(stage, "broken")
    await say_yes(instructor, "docker ps", 1)
    await saying(learner, "따라하기로 내 엔진에서", lab(learner))
    await run_is(stage, "done", 2)


async def test_what_is_left_is_said_when_the_database_is_back(
    stage: BotStage, sandboxes: FakeSandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was broken off doesn't look as if it went on because the first try failed."""
    instructor, card = await begin(stage)
    await join(stage, "newcomer", card)
    sandboxes.answer("sleep 99", never_ends=True)
    await say_yes(instructor, "sleep 99", 1)
    await saying(instructor, "기다리는 중 **1**")
    tried = asyncio.Event()

    async def fail(_self: Following, _run_id: int) -> None:
        tried.set()
        raise DatabaseBusy("somebody holds it")

    monkeypatch.setattr(Following, "break_off", fail)
    await stage.restart()
    async with asyncio.timeout(8):
        await tried.wait()
    monkeypatch.undo()
    assert stage.bot is not None
    await cast("FollowCog", stage.bot.get_cog("Follow")).mend()
    await saying(instructor, "중간에 끊겨서")
    await run_is(stage, "broken")


async def test_a_thread_that_went_with_its_channel_ends_it(stage: BotStage) -> None:
    """Nobody says so of an archived one; what is in another channel goes on."""
    assert stage.bot is not None
    following = stage.bot.classroom.following
    server, person = int(stage.playground.world.guild_id), stage.playground.person("instructor")
    gone, _ = await following.start(server_id=server, channel_id=5, instructor_id=1)
    stays, _ = await following.start(
        server_id=server, channel_id=int(person.general), instructor_id=1
    )
    channel = stage.bot.get_channel(int(person.channel_id("classroom")))
    stage.bot.dispatch("guild_channel_delete", channel)
    async with asyncio.timeout(8):
        while (await following.ended(gone)).ended_at is None:  # noqa: ASYNC110 - by another task
            await asyncio.sleep(0.02)
    assert (await following.ended(stays)).ended_at is None


async def test_without_a_lab_it_comes_as_a_direct_message(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Whoever only pressed the button sees what ran, too."""
    instructor, card = await begin(stage)
    learner = stage.playground.person("newcomer")
    await learner.click(card, "참여하기")
    await saying(learner, "DM으로 보내 드려요")
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    await say_yes(instructor, "docker ps", 1)
    seen = await saying(learner, "따라하기로 내 엔진에서", learner.dm_id())
    assert "CONTAINER ID" in all_text(seen)


async def test_an_engine_that_is_down_is_said_so(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """In the lab, and in the numbers."""
    instructor, card = await begin(stage)
    learner = await join(stage, "newcomer", card)
    sandboxes.answer("docker ps", dies=True)
    await say_yes(instructor, "docker ps", 1)
    await saying(learner, "이 명령은 실행되지 않았어요", lab(learner))
    await saying(instructor, "실행 안 됨 **1**")


async def test_custom_ids_have_room(stage: BotStage) -> None:
    """For the greatest numbers there are."""
    assert stage.bot is not None
    assert len(_ids.run("details", 10**17, 999_999)) <= 100


async def test_an_error_can_be_asked_about(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Below what failed on a learner's engine in a class, as below a command of their own."""
    assert stage.bot is not None
    classes, server = stage.bot.classroom.classes, int(stage.playground.world.guild_id)
    instructor, card = await begin(stage)
    learner = await join(stage, "newcomer", card)
    other = await join(stage, "neighbour", card)
    made = await classes.create(server, "월요일", created_by=1, channel_id=None)
    await classes.join(server, made.id, int(learner.user_id), language="ko", name="새내기")
    sandboxes.answer(LINE, PORT_TAKEN, exit_code=125)
    await say_yes(instructor, LINE, 2)
    shown = [str(await saying(who, "따라하기로 내 엔진에서", lab(who))) for who in (learner, other)]
    assert ["도움 청하기" in each for each in shown] == [True, False]


async def test_what_ran_ticks_the_learners_task(tmp_path: Path) -> None:
    """As if they had typed it: the tick is in their lab, and the lesson's card has it."""
    sandboxes = FakeSandboxes()
    features = ("welcome", "lessons", "terminal", "privacy", "follow")
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=features) as stage:
        instructor, card = await begin(stage)
        learner = await join(stage, "newcomer", card)
        other = await join(stage, "neighbour", card)
        learner.slash("lesson", lab(learner), name="first-container")
        await saying(learner, "단계 1/7", lab(learner))
        await say_yes(instructor, "docker version", 2)
        await saying(learner, "✅ **클라이언트와 서버의 버전 확인하기**", lab(learner))
        await saying(other, "따라하기로 내 엔진에서", lab(other))
        assert "✅ **" not in str(other.replies(lab(other)))

        sandboxes.answer("docker info", dies=True)
        await say_yes(instructor, "docker info", 2)
        await saying(learner, "이 명령은 실행되지 않았어요", lab(learner))
        await run_is(stage, "done", 2)
        assert stage.bot is not None
        at = await stage.bot.classroom.lessons.current(int(learner.user_id))
        assert at is not None
        assert len(at.done) == 1
        judge(stage.playground)
