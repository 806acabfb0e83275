"""A micro-quiz from the board: questions about the error that the class meets just now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.features.class_board import _ids
from db import boards, quizzes
from db.models import QuizRoundRow, QuizRow
from lessons.error_questions import load_error_questions
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.board_story import MINHO, YUNA, Scene, heard, made_scene, press
from tests.bot_stage import BotStage, all_text, bot_may, bot_stage, deny_bot, saying
from tests.challenge_story import until
from tests.openapi.judge import judge
from tests.quiz_story import goes_on, presses, thread_of

EPHEMERAL = 64
FEATURES = ("welcome", "class_board", "quiz")
PRESS = "짧은 퀴즈"
PANEL = "### ⚙️ 진행"
NOT_FOR_YOU = "강사만 쓸 수 있어요"
NO_QUESTIONS = "이 오류를 다루는 문제가 강의에 없어요"
TREATS = load_error_questions()
ERROR, WITHOUT = "port_of_other_program", "exit_143"
"""Neither question about the first needs an engine; nothing asks about the second."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
async def scene(stage: BotStage) -> Scene:
    return await made_scene(stage)


@pytest.fixture
def learner(stage: BotStage) -> Person:
    """Somebody who sees what everybody sees."""
    return stage.playground.person("newcomer")


async def met(scene: Scene, error: str) -> Json:
    """The board, when it says that somebody met this error."""
    await scene.opened()
    await scene.met(YUNA, error)
    return await scene.board_says("1명 중 **1명**")


async def kept(scene: Scene) -> list[tuple[int, int, bool, str]]:
    """Each quiz: its number, its channel, whether it is practice, its title."""
    async with scene.stage.database.transaction() as session:
        rows = await session.scalars(select(QuizRow).order_by(QuizRow.id))
        return [(row.id, row.channel_id, row.practice, row.title) for row in rows]


async def asked(scene: Scene, quiz_id: int) -> set[str]:
    """What the quiz asks."""
    async with scene.stage.database.transaction() as session:
        refs = select(QuizRoundRow.ref).where(QuizRoundRow.quiz_id == quiz_id)
        return set(await session.scalars(refs))


async def none_is_active(scene: Scene) -> bool:
    """Whether each channel is free for the next quiz."""
    async with scene.stage.database.transaction() as session:
        active = select(func.count()).where(QuizRow.active_channel_id.is_not(None))
        return await session.scalar(active) == 0


def labels(board: Json) -> list[str]:
    """The buttons of a board, one after the other."""
    rows = [part for part in board["components"][0]["components"] if part["type"] == 1]
    return [each["label"] for row in rows for each in row["components"]]


async def test_the_class_is_asked_about_the_error(scene: Scene, learner: Person) -> None:
    """Where it learns, without points; whoever pressed is the host, and alone sees the panel."""
    board = await met(scene, ERROR)
    await scene.instructor.click(board, PRESS)
    panel = await saying(scene.instructor, PANEL, scene.staff)
    lobby = await saying(learner, "참가자 0명", learner.general)
    [(quiz_id, channel_id, practice, title)] = await kept(scene)

    assert panel["flags"] & EPHEMERAL
    assert (str(channel_id), practice) == (learner.general, True)
    assert "address already in use" in title
    assert "address already in use" in all_text(lobby)
    assert "점수는 매기지 않아요" in all_text(lobby)
    assert f"<@{scene.instructor.user_id}>" in all_text(lobby)
    assert await asked(scene, quiz_id) == {f"lesson:{ref}" for ref in TREATS[ERROR]}
    assert "Yuna" not in all_text(lobby)


async def test_it_goes_on_after_a_restart(scene: Scene, learner: Person) -> None:
    """In the lobby, where a question is asked, and from a button of a board of before."""
    board = await met(scene, "name_taken")
    await scene.instructor.click(board, PRESS)
    await saying(scene.instructor, PANEL, scene.staff)
    lobby = await saying(learner, "참가자 0명", learner.general)
    await scene.stage.restart()
    await learner.click(lobby, "참가하기")
    await saying(learner, "참가했어요")
    await presses(scene.instructor, lobby, "시작")
    thread = thread_of(learner)
    question = await saying(learner, "3문제 중 1번", thread)
    await scene.stage.restart()
    await presses(scene.instructor, question, "정답 보기")
    await learner.until(
        lambda: any(m["id"] == question["id"] and m["attachments"] for m in learner.replies(thread))
    )
    await goes_on(scene.instructor, question)
    await saying(learner, "3문제 중 2번", thread)

    [(quiz_id, *_)] = await kept(scene)
    assert len(await asked(scene, quiz_id)) == 3
    async with scene.stage.database.transaction() as session:
        assert await quizzes.active(session) == [quiz_id]


async def test_no_button_where_there_is_nothing_to_ask(scene: Scene) -> None:
    """The explanation and the thread are there; who forges the button is told why."""
    await scene.opened()
    await scene.met(YUNA, WITHOUT)
    board = await scene.board_says("1명 중 **1명**")
    await press(scene.stage, scene.instructor, _ids.post(scene.class_id, "quiz", WITHOUT))
    await heard(scene.instructor, NO_QUESTIONS, 1)
    await press(scene.stage, scene.instructor, _ids.post(scene.class_id, "quiz", "no_such_error"))
    await heard(scene.instructor, NO_QUESTIONS, 2)

    assert labels(board) == ["설명 올리기", "도움 스레드", "현황판 닫기"]
    assert await kept(scene) == []


async def test_a_channel_has_one_quiz_at_a_time(scene: Scene) -> None:
    """A second press opens none, and gives the panel of the one that is there."""
    board = await met(scene, ERROR)
    await scene.met(MINHO, ERROR)
    await scene.board_says("2명 중 **2명**")
    await scene.instructor.click(board, PRESS)
    await saying(scene.instructor, PANEL, scene.staff)
    await scene.instructor.click(board, PRESS)
    await saying(scene.instructor, "이미 퀴즈가", scene.staff)

    assert len(await kept(scene)) == 1


async def test_nothing_is_left_where_the_bot_may_not(scene: Scene, learner: Person) -> None:
    """It says what it lacks; with it the next press opens the quiz."""
    world = scene.stage.playground.world
    deny_bot(world, learner.general, Permission.CREATE_PUBLIC_THREADS)
    board = await met(scene, ERROR)
    await scene.instructor.click(board, PRESS)
    await saying(scene.instructor, "채널에서 퀴즈를 열 수 없어요", scene.staff)
    await until(lambda: none_is_active(scene))  # whoever leads it ends it, a moment later
    with bot_may(world, Permission.CREATE_PUBLIC_THREADS):
        await scene.instructor.click(board, PRESS)
        await saying(scene.instructor, PANEL, scene.staff)
        await saying(learner, "참가자 0명", learner.general)


async def test_where_the_class_learns_is_asked_for(scene: Scene, learner: Person) -> None:
    """The first time; then it is remembered."""
    scene.watches.look_s = 0.05
    scene.instructor.slash("class board", channel=scene.staff)
    await saying(scene.instructor, "현황판을 올렸어요")
    await scene.met(YUNA, ERROR)
    board = await scene.board_says("1명 중 **1명**")
    await scene.instructor.click(board, PRESS)
    question = await saying(scene.instructor, "학습자가 보는 채널은", scene.staff)
    await scene.instructor.select(question, "채널 고르기", [learner.general])
    await saying(scene.instructor, PANEL, scene.staff)
    await saying(learner, "참가자 0명", learner.general)

    assert await learn_channel(scene) == learner.general


async def learn_channel(scene: Scene) -> str:
    """Where the class learns, as soon as it is known: that is written after the quiz is there."""
    async with asyncio.timeout(8):
        while True:
            async with scene.stage.database.transaction() as session:
                known = await boards.learn_channel(session, scene.class_id)
            if known is not None:
                return str(known)
            await asyncio.sleep(0.02)


async def test_it_is_for_instructors_of_the_server(scene: Scene, learner: Person) -> None:
    """Judged at the press; a class of elsewhere does not exist, and no quiz begins."""
    await press(scene.stage, learner, _ids.post(scene.class_id, "quiz", ERROR))
    await heard(learner, NOT_FOR_YOU, 1)

    assert await kept(scene) == []
