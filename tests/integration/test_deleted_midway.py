"""Who deletes their data in the middle of something is gone from it, and the others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot.features.challenge._runner import Runner
from bot.features.hands import _ids
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import EngineFacts
from tests.bot_stage import BotStage, all_text, bot_stage, saying, staff_channel
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge
from tests.quiz_story import button_for, end, opened, presses, started, write_quiz_lesson

SOLVED = make_facts(containers=[make_container(name) for name in ("port", "name", "page")])


@pytest.fixture
def engine() -> FakeSandboxes:
    """Engines in which the set-up of the incident works."""
    sandboxes = FakeSandboxes()
    for fault in ("port", "name", "port name"):
        sandboxes.answer(f"(\necho {fault}\n)", f"{fault}\n")
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot with a lesson that has questions and faults; nobody waits for it."""
    lessons = write_quiz_lesson(tmp_path)
    async with bot_stage(tmp_path, sandboxes=engine, lessons=lessons) as stage:
        assert stage.bot is not None
        # By its name: each bot loads the feature anew.
        runner = cast(Runner, cast(Any, stage.bot.get_cog("Challenge")).runner)
        runner.countdown_s, runner.painter.pace_s, runner.retry_s = 0.1, 0.05, 0.1
        yield stage
        judge(stage.playground)


@pytest.fixture
def host(stage: BotStage) -> Person:
    """An instructor."""
    return stage.playground.person("instructor")


@pytest.fixture
def goer(stage: BotStage) -> Person:
    """Somebody who deletes their data."""
    return stage.playground.person("goer")


@pytest.fixture
def stayer(stage: BotStage) -> Person:
    """Somebody who goes on."""
    return stage.playground.person("stayer")


async def delete_everything(person: Person) -> None:
    """With the buttons of /privacy."""
    person.slash("privacy")
    await person.click(await saying(person, "저장된 내 정보"), "모두 지우기")
    await person.click(await saying(person, "정말 모두 지울까요?"), "모두 지우기")
    await saying(person, "모두 지웠어요")


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        while not await look():  # noqa: ASYNC110 - another task does it
            await asyncio.sleep(0.02)


async def with_lab(stage: BotStage, person: Person, facts: EngineFacts | None = None) -> str:
    """The person's new lab; with an engine when they have facts."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    if facts is not None:
        sandboxes = cast(FakeSandboxes, stage.sandboxes)
        sandboxes.known.add(person.user_id)
        sandboxes.set_facts(person.user_id, facts)
    return str(person.threads()[0]["id"])


def message_of(person: Person, message: Json) -> str:
    """What this message says now."""
    found = next(m for m in person.messages(message["channel_id"]) if m["id"] == message["id"])
    return all_text(found)


async def test_in_the_queue_of_hands(stage: BotStage, host: Person, goer: Person) -> None:
    """Nobody can take the hand, and the instructors' channel tells no more of it."""
    assert stage.bot is not None
    classes, server = stage.bot.classroom.classes, int(stage.playground.world.guild_id)
    room = staff_channel(stage, "staff")
    made = await classes.create(server, "월요일", created_by=1, channel_id=int(room))
    await classes.join(server, made.id, int(goer.user_id), language="ko", name="이름")
    goer.slash("hand")
    goer.submit_modal(await goer.until(goer.modal), {_ids.SENTENCE: "비밀이에요"})
    await saying(goer, "번째")
    notice = await saying(host, "손을 들었어요.", room)
    assert "비밀이에요" in all_text(notice)

    await delete_everything(goer)
    await host.until(lambda: "자기 정보를 지워서" in message_of(host, notice) or None)
    assert "비밀이에요" not in message_of(host, notice)
    host.slash("hands")
    await saying(host, "지금은 손을 든 사람이 없어요")
    assert await classes.members(made.id) == ()


async def test_between_a_follow_me_and_its_run(
    stage: BotStage, engine: FakeSandboxes, host: Person, goer: Person, stayer: Person
) -> None:
    """Nothing is run for them, and no engine comes to life again."""
    host.slash("follow start")
    card = await saying(host, "강사와 따라하기")
    for person in (goer, stayer):
        await person.click(card, "참여하기")
        await saying(person, "👣 참여했어요.")
    host.slash("follow run", command="docker ps")
    question = await saying(host, "엔진 2개에서 실행할까요?")
    await delete_everything(goer)
    await host.click(question, "엔진 2개에서 실행")
    await saying(host, "엔진 1개에서 실행하고 있어요")
    table = all_text(await saying(host, "성공 **1**"))
    assert "실행 안 됨 **0**" in table
    assert {who for who, _ in engine.ran} == {stayer.user_id}
    assert goer.user_id not in engine.known


async def test_while_a_follow_me_runs_on_their_engine(
    stage: BotStage, engine: FakeSandboxes, host: Person, goer: Person
) -> None:
    """The run comes to its end, and nothing of it is kept of them."""
    host.slash("follow start")
    await goer.click(await saying(host, "강사와 따라하기"), "참여하기")
    await saying(goer, "👣 참여했어요.")
    engine.answer("sleep 99", never_ends=True)
    host.slash("follow run", command="sleep 99")
    await host.click(await saying(host, "엔진 1개에서 실행할까요?"), "엔진 1개에서 실행")
    await saying(host, "기다리는 중 **1**")

    async def it_runs() -> bool:
        return bool(engine.ran)

    await until(it_runs)
    await delete_everything(goer)
    done = await saying(host, "실행 안 됨 **0**")
    await host.until(lambda: "기다리는 중" not in message_of(host, done) or None)
    assert stage.bot is not None
    kept = await stage.bot.classroom.privacy.kept(int(goer.user_id))
    assert kept.nothing
    assert goer.user_id not in engine.known


async def test_in_a_quiz(stage: BotStage, host: Person, goer: Person, stayer: Person) -> None:
    """Their answer counts no more, and they are in no place and in no table."""
    lobby = await opened(host)
    for person in (goer, stayer):
        await person.click(lobby, "참가하기")
        await saying(person, "참가했어요")
    await saying(host, "참가자 2명")
    question = await started(host, lobby)
    thread = question["channel_id"]
    for person, option in ((goer, "the red one"), (stayer, "the red one")):
        await person.click(question, button_for(question, option))
        await saying(person, "답했어요", thread)
    await saying(host, "2명 중 2명", thread)
    await delete_everything(goer)
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    board = next(a for a in answer["attachments"] if a["filename"] == "board.png")
    assert "stayer" in board["description"]
    assert "goer" not in board["description"]
    await stayer.click(answer, "내 결과")
    await saying(stayer, "지금 1위", thread)
    await end(host, answer)
    over = await saying(host, "🏁 퀴즈가 끝났어요", thread)
    assert "goer" not in str(over)


async def test_an_answer_after_that(stage: BotStage, host: Person, goer: Person) -> None:
    """Is a newcomer's: it counts, and what they had answered before does not."""
    lobby = await opened(host)
    await goer.click(lobby, "참가하기")
    await saying(goer, "참가했어요")
    question = await started(host, lobby)
    thread = question["channel_id"]
    for option, answered in (("the red one", "한 번 바꿀"), ("the blue one", "더 바꿀 수 없어요")):
        await goer.click(question, button_for(question, option))
        await saying(goer, answered, thread)
    await delete_everything(goer)
    before = len(goer.replies(thread))
    await goer.click(question, button_for(question, "the red one"))
    await goer.until(lambda: len(goer.replies(thread)) > before or None)
    assert "한 번 바꿀" in all_text(goer.replies(thread)[-1])
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    await goer.click(answer, "내 결과")
    await saying(goer, "답한 1문제 가운데 1문제를 맞혔어요", thread)


async def test_in_a_challenge(
    stage: BotStage, engine: FakeSandboxes, host: Person, goer: Person, stayer: Person
) -> None:
    """They are off the board, their engine is gone for good, and the others play to the end."""
    own = make_facts(containers=[make_container("my-own")])
    labs = [await with_lab(stage, person, own) for person in (goer, stayer)]
    host.slash("challenge start", minutes=10, freeze=0)
    board = await saying(host, "## 🏁 도전")
    for person in (goer, stayer):
        await person.click(board, "참가하기")
        await saying(person, "참가했어요!")
    await host.click(board, "시작 (준비하기)")
    for person, lab in zip((goer, stayer), labs, strict=True):
        await saying(person, "나의 도전", lab)
    await host.until(lambda: "goer" in message_of(host, board) or None)

    await delete_everything(goer)
    await host.until(lambda: "goer" not in message_of(host, board) or None)

    async def plays_no_more() -> bool:
        assert stage.bot is not None
        return stage.bot.classroom.challenges.playing(int(goer.user_id)) is None

    await until(plays_no_more)
    assert "stayer" in message_of(host, board)
    engine.set_facts(stayer.user_id, SOLVED)
    await stayer.click(await saying(stayer, "나의 도전", labs[1]), "확인")
    await saying(host, "🏆 1위: **stayer**")
    await saying(stayer, "쓰던 엔진을 돌려드렸어요", labs[1])
    assert "goer" not in message_of(host, board)
    assert [c.name for c in (await engine.facts(stayer.user_id)).containers] == ["my-own"]
    assert goer.user_id not in engine.known
    assert await engine.snapshots(goer.user_id) == []
