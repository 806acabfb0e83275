"""A live quiz in chat: what hosts and learners see, press and are told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.features.quiz._ids import tables
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, locked, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.quiz_story import (
    RUN,
    SETUP,
    button_for,
    custom_id,
    end,
    engine_that_prints,
    goes_on,
    opened,
    panel_of,
    press_anyway,
    presses,
    quiz_stage,
    send_custom_id,
    started,
)


@pytest.fixture
def engine() -> FakeSandboxes:
    """An engine that knows the answer."""
    return engine_that_prints("Up 2 seconds\n")


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot with a lesson that has one question of each kind."""
    async with quiz_stage(tmp_path, engine) as at_hand:
        yield at_hand


@pytest.fixture
def host(stage: BotStage) -> Person:
    """An instructor."""
    return stage.playground.person("instructor")


async def test_a_quiz_from_its_lobby_to_its_podium(stage: BotStage, host: Person) -> None:
    """Private confirmations, one change, the answer with its board, the podium, the tables."""
    minho, jisu = stage.playground.person("minho"), stage.playground.person("jisu")
    lobby = await opened(host)
    for person in (minho, jisu):
        await person.click(lobby, "참가하기")
        await saying(person, "참가했어요")
    await saying(host, "참가자 2명")
    question = await started(host, lobby)
    thread = question["channel_id"]
    assert "<t:" in all_text(question)

    await minho.click(question, button_for(question, "the blue one"))
    await saying(minho, "시간이 끝날 때까지 한 번 바꿀 수 있어요", thread)
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "이제는 더 바꿀 수 없어요", thread)
    await minho.click(question, button_for(question, "the green one"))
    await saying(minho, "답은 한 번만 바꿀 수 있어서", thread)
    await jisu.click(question, button_for(question, "the blue one"))
    await saying(jisu, "답했어요", thread)
    assert "답했어요" not in "".join(all_text(m) for m in host.replies(thread))
    await saying(host, "2명 중 2명", thread)
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    assert answer["id"] == question["id"]
    assert {a["filename"] for a in answer["attachments"]} == {"answers.png", "board.png"}
    await jisu.click(answer, "내 결과")
    await saying(jisu, "지금 2위, 0점이에요. 답한 1문제 가운데 0문제를 맞혔어요.", thread)

    await end(host, answer)
    over = await saying(host, "🏁 퀴즈가 끝났어요", thread)
    assert [a["filename"] for a in over["attachments"]] == ["podium.png"]
    assert re.search(r"⚡ 가장 빠른 정답: \*\*minho\*\* 님, 1번 문제에서 \d+\.\d초", all_text(over))
    await saying(host, "강사가 퀴즈를 끝냈어요.")
    results = await host.until(lambda: next(iter(host.replies(host.dm_id())), None))
    names = [a["filename"] for a in results["attachments"]]
    assert names == ["quiz-1-learners.csv", "quiz-1-questions.csv"]


async def test_every_kind_of_question(stage: BotStage, host: Person, engine: FakeSandboxes) -> None:
    """Buttons, selects, a form; what an engine was asked and said is shown with the answer."""
    minho = stage.playground.person("minho")
    question = await started(host, await opened(host, mode="practice"))
    thread = question["channel_id"]
    await presses(host, question, "정답 보기")
    shown = await saying(host, "Red is right.", thread)
    assert [a["filename"] for a in shown["attachments"]] == ["answers.png"]  # no points, no board
    await goes_on(host, question)

    many = await saying(host, "Which letters?", thread)
    right = sorted(button_for(many, f"letter `{letter}`") for letter in "ac")
    await minho.select(many, "맞는 것을 모두 골라 주세요", right)
    await saying(minho, f"답했어요: **{', '.join(right)}**", thread)
    await presses(host, many, "정답 보기")
    await goes_on(host, many)

    truth = await saying(host, "Water is wet.", thread)
    await minho.select(truth, "하나를 골라 주세요", [button_for(truth, "True")])
    await minho.until(lambda: confirmations(minho, thread) == 2)
    await presses(host, truth, "문제 건너뛰기")
    await saying(host, "건너뛰었어요", thread)
    await goes_on(host, truth)

    line = await saying(host, "List all containers.", thread)
    await minho.click(line, "명령 입력하기")
    form = await minho.until(minho.modal)
    minho.submit_modal(form, {"명령 한 줄": "docker container ls --all"})
    await saying(minho, "답했어요: `docker container ls --all`", thread)
    await presses(host, line, "정답 보기")
    await goes_on(host, line)

    runs = await saying(host, "Does it run?", thread)
    await minho.click(runs, button_for(runs, "it runs"))
    await minho.until(lambda: confirmations(minho, thread) == 4)
    await host.until(lambda: [line for _, line in engine.ran][:2] == [SETUP, RUN])
    assert {learner for learner, _ in engine.ran} == {host.user_id}
    await saying(host, "엔진이 답을 찾았어요", thread)
    await presses(host, runs, "정답 보기")
    shown = await saying(host, "강사의 엔진에서 방금 실행한", thread)
    assert "$ docker ps --filter name=quiz-x\nUp 2 seconds" in all_text(shown)
    await minho.click(shown, "내 결과")
    await saying(minho, "답한 3문제 가운데 3문제를 맞혔어요.", thread)
    await goes_on(host, shown)
    await saying(host, "모든 문제를 풀었어요.", thread)


async def test_only_instructors_hold_a_quiz(stage: BotStage, host: Person) -> None:
    """Neither the command nor any button of it works for a learner."""
    learner = stage.playground.person("minho")
    learner.slash("quiz host", questions="lesson:night")
    await saying(learner, "이 기능은 강사만 쓸 수 있어요")
    assert await learner.autocomplete("quiz host", "questions", "") == []
    lobby = await opened(host)
    await learner.click(lobby, "진행")
    await learner.until(lambda: len(refusals(learner)) == 2 or None)
    panel = await panel_of(host, lobby)
    for deed in ("시작", "퀴즈 끝내기"):
        press_anyway(stage, learner, panel, deed)
    await learner.until(lambda: len(refusals(learner)) == 4 or None)
    await saying(host, "참가자 0명")


def confirmations(person: Person, thread: str) -> int:
    """How many answers were confirmed to this person."""
    return len([m for m in person.replies(thread) if "답했어요: " in all_text(m)])


def refusals(learner: Person) -> list[Json]:
    """What was refused to somebody who is no instructor."""
    return [m for m in learner.replies() if "강사만 쓸 수 있어요" in all_text(m)]


async def test_a_channel_has_one_quiz_and_another_channel_has_its_own(
    stage: BotStage, host: Person
) -> None:
    """The second one is refused clearly; when the first is over, the channel is free."""
    lobby = await opened(host)
    host.slash("quiz host", questions="lesson:night")
    await saying(host, "이 채널에서는 이미 퀴즈가 열려 있어요")
    other = host.channel_id("classroom")
    host.slash("quiz host", other, questions="lesson:night")
    await saying(host, "참가자 0명", other)
    await end(host, lobby)
    await saying(host, "강사가 퀴즈를 끝냈어요.")
    host.slash("quiz host", questions="lesson:night")
    await saying(host, "참가자 0명")


async def test_nobody_joins_or_answers_when_it_is_over(stage: BotStage, host: Person) -> None:
    """Who comes too late is told so, and what to do."""
    minho = stage.playground.person("minho")
    lobby = await opened(host)
    question = await started(host, lobby)
    thread = question["channel_id"]
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    press_anyway(stage, minho, question, "A")
    await saying(minho, "이 문제는 이미 끝나서", thread)
    await end(host, answer)
    await saying(host, "🏁 퀴즈가 끝났어요", thread)
    press_anyway(stage, minho, question, "A")
    await saying(minho, "퀴즈가 끝나서 이 답은 세지 않아요", thread)
    press_anyway(stage, minho, lobby, "참가하기")
    await saying(minho, "이 퀴즈는 끝나서 더는 참가할 수 없어요")
    await minho.click(await saying(host, "🏁 퀴즈가 끝났어요", thread), "결과 파일")
    await saying(minho, "이 기능은 강사만 쓸 수 있어요", thread)


async def test_practice_rests_while_one_plays_for_points(stage: BotStage, host: Person) -> None:
    """It would tell what is right, also to whoever has not joined yet."""
    minho, jisu = stage.playground.person("minho"), stage.playground.person("jisu")
    lobby = await opened(host)
    await minho.click(lobby, "참가하기")
    await saying(host, "참가자 1명")
    await started(host, lobby)
    for person in (minho, jisu):
        options: dict[str, object] = {"from": "lesson:night"}
        person.slash("quiz practice", **options)  # type: ignore[arg-type] # no files

    await saying(minho, "지금 참가하고 있는 퀴즈가 끝나면")
    await saying(jisu, "지금 퀴즈에서 묻고 있는 문제라서")


async def test_three_sources_are_mixed(stage: BotStage, host: Person) -> None:
    """A lesson and two banks: chosen from what is suggested, or typed by name."""
    for name in ("Monday", "Tuesday"):
        table = f"question,option 1,option 2,answer\n{name}?,yes,no,1\n".encode()
        host.slash("quiz upload", files={"quiz.csv": table}, file=0, name=name)
        await host.click(await saying(host, f"👀 {name}"), "공개하기")
        await saying(host, f"**{name}** 문제은행을 공개했어요")
    offered = await host.autocomplete("quiz host", "third", "monday")
    (monday,) = [each["value"] for each in offered]
    lobby = await opened(host, more="tuesday", third=monday, count=30)
    assert "Tuesday · Monday" in all_text(lobby)
    assert stage.bot is not None
    assert (await stage.bot.classroom.quizzes.get(1)).course.rounds == 7


async def test_what_instructors_press_is_acknowledged_while_the_database_waits(
    stage: BotStage, host: Person, tmp_path: Path
) -> None:
    """Discord hears before it is looked up who is an instructor, and who pressed a sentence."""
    minho = stage.playground.person("minho")
    lobby = await opened(host)
    panel = await panel_of(host, lobby)
    menu, control = custom_id(lobby, "진행"), custom_id(panel, "시작")
    before = len(minho.replies())
    async with locked(tmp_path):
        minho.slash("quiz host", questions="lesson:night")
        for pressed in (menu, control, tables(1)):
            send_custom_id(stage, minho, lobby, pressed)

        def told() -> bool:
            """Each of the four has its answer."""
            return sum("잠시 바빠요" in all_text(m) for m in minho.replies()[before:]) == 4

        await minho.until(told, 20.0)
    assert minho.failures() == []
