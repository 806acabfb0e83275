"""/class board: what instructors see change, and how boards end; learners see none of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.classreport.now import ClassNow
from bot.classroom.boards import Boards
from bot.features.class_board import _ids
from bot.texts import Texts
from bot.wiring import now
from db import boards, classes
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.board_story import BOARD, MINHO, OTHER_SERVER, YUNA, Scene, heard, made_scene, press
from tests.bot_stage import BotStage, all_text, bot_may, bot_stage, deny_bot, saying, show_to_role
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "class_board")
NOT_FOR_YOU = "강사만 쓸 수 있어요"
NO_SUCH_CLASS = Texts.load().for_language("ko")("class.unknown")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
async def scene(stage: BotStage) -> Scene:
    return await made_scene(stage)


def edits(person: Person, message: Json) -> int:
    """How often a message was edited, as far as the person saw."""
    return sum(
        frame["t"] == "MESSAGE_UPDATE" and frame["d"]["id"] == message["id"]
        for frame in person.frames
    )


async def test_a_board_follows_the_class(scene: Scene) -> None:
    """Who is on which task and which error is met; every learner can see that it was opened."""
    board = await scene.opened()
    assert "명령을 실행한 학습자가 없어요" in all_text(board)
    await scene.met(YUNA, "port_taken")
    await scene.met(MINHO, None)
    text = all_text(await scene.board_says("2명 중 **1명**"))

    assert "학습자 2명 · 최근 15분 동안 활동한 학습자 2명" in text
    assert "`Bind for … failed: port is already allocated`" in text
    assert "Yuna <t:" in text
    assert "**Minho**" not in text
    assert "8강" in text
    assert await scene.acts(YUNA) == ["board"]
    assert len(scene.instructor.replies(scene.staff)) == 1


async def test_a_board_is_edited_only_when_something_changed(scene: Scene) -> None:
    """However often it looks."""
    board = await scene.opened()
    await scene.met(YUNA, "port_taken")
    await scene.board_says("1명 중 **1명**")
    before, looks = edits(scene.instructor, board), scene.watches.looks
    await scene.instructor.until(lambda: scene.watches.looks >= looks + 8)

    assert edits(scene.instructor, board) == before


async def test_a_board_survives_a_restart(scene: Scene) -> None:
    """The next bot goes on with the same message."""
    board = await scene.opened()
    await scene.stage.restart()
    scene.watches.look_s = 0.05
    await scene.met(YUNA, "name_taken")
    again = await scene.board_says("already in use")

    assert again["id"] == board["id"]
    assert len(scene.instructor.replies(scene.staff)) == 1


async def test_a_board_is_closed_and_opened_again(scene: Scene) -> None:
    """In the same message; while it is closed nothing changes."""
    board = await scene.opened()
    await scene.instructor.click(board, "현황판 닫기")
    ended = await scene.board_says("현황판이 멈췄어요")
    await scene.over()
    await scene.instructor.click(ended, "다시 열기")
    await scene.met(YUNA, "port_taken")

    assert (await scene.board_says("1명 중 **1명**"))["id"] == board["id"]


async def test_another_board_replaces_the_first(scene: Scene) -> None:
    """The channel is remembered; the first one says that it has stopped."""
    first = await scene.opened()
    scene.instructor.slash("class board")
    await heard(scene.instructor, "현황판을 올렸어요", 2)
    ended = await scene.board_says("현황판이 멈췄어요")
    [running] = await scene.running()

    assert ended["id"] == first["id"]
    assert str(running) == scene.instructor.replies(scene.staff)[-1]["id"] != first["id"]


async def test_a_board_ends_by_itself(scene: Scene) -> None:
    """When its time is over."""
    board = await scene.opened()
    async with scene.stage.database.transaction() as session:
        await boards.put(
            session, scene.class_id, channel_id=int(scene.staff), message_id=int(board["id"]),
            until=now() - timedelta(seconds=1), opened_by=1,
        )  # fmt: skip
    await scene.board_says("현황판이 멈췄어요")
    await scene.over()


async def test_the_board_of_a_closed_class_has_no_names(scene: Scene) -> None:
    """Whoever was on it is nobody's to see any more."""
    await scene.opened()
    await scene.met(YUNA, "port_taken")
    await scene.board_says("Yuna")
    async with scene.stage.database.transaction() as session:
        await classes.close(session, scene.class_id, now())
    text = all_text(await scene.board_says("수업이 닫혀서"))
    await scene.over()

    assert "Yuna" not in text


async def test_a_class_that_is_closed_while_the_bot_is_away_leaves_no_names(scene: Scene) -> None:
    """The next bot takes them off its board."""
    await scene.opened()
    await scene.met(YUNA, "port_taken")
    await scene.board_says("Yuna")
    await scene.stage.stop()
    async with scene.stage.database.transaction() as session:
        await classes.close(session, scene.class_id, now())
    await scene.stage.start()
    text = all_text(await scene.board_says("수업이 닫혀서"))
    await scene.over()

    assert "Yuna" not in text


async def test_a_board_goes_on_after_a_bug(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported, and the next look shows the class again."""
    await scene.opened()
    scene.watches.trouble_s = 0.05
    assert scene.stage.bot is not None
    made = scene.stage.bot.classroom.boards
    look, met = type(made).look, asyncio.Event()

    async def stumble(self: Boards, class_id: int) -> ClassNow:
        if not met.is_set():
            met.set()
            raise ZeroDivisionError
        return await look(self, class_id)

    monkeypatch.setattr(type(made), "look", stumble)
    async with asyncio.timeout(8):
        await met.wait()
    await scene.met(YUNA, "port_taken")
    await scene.board_says("Yuna")


async def test_a_deleted_message_ends_it(scene: Scene) -> None:
    """Cleanly: nothing is tried again, nothing is posted anew."""
    board = await scene.opened()
    assert scene.stage.bot is not None
    await scene.stage.bot.http.delete_message(int(scene.staff), int(board["id"]))
    await scene.met(YUNA, "port_taken")
    await scene.over()

    assert scene.instructor.replies(scene.staff) == []


async def test_a_deleted_channel_ends_it(scene: Scene) -> None:
    """As cleanly; the next command says what to do."""
    await scene.opened()
    scene.stage.playground.world.forget_channel(scene.staff)
    await scene.met(YUNA, "port_taken")
    await scene.over()
    scene.instructor.slash("class board")
    await saying(scene.instructor, "그 채널을 찾을 수 없어요")


async def test_a_channel_that_everybody_sees_is_refused(scene: Scene) -> None:
    """The board has names of learners; nothing is posted, nothing recorded."""
    scene.instructor.slash("class board", channel=scene.instructor.general)
    await saying(scene.instructor, "학습자도 볼 수 있어요")

    assert all(m["flags"] & EPHEMERAL for m in scene.instructor.replies())
    assert (await scene.running(), await scene.acts(YUNA)) == ([], [])


async def test_a_channel_that_the_class_sees_is_refused(scene: Scene) -> None:
    """Not everybody, but whoever has the role with which one joins it: names stay away there."""
    role_id = await show_to_role(scene.stage, scene.staff, "화요일 반")
    async with scene.stage.database.transaction() as session:
        await classes.set_join_role(session, scene.class_id, int(role_id))
    scene.instructor.slash("class board", channel=scene.staff)
    await saying(scene.instructor, "학습자도 볼 수 있어요")

    assert scene.instructor.replies(scene.staff) == []
    assert (await scene.running(), await scene.acts(YUNA)) == ([], [])


async def test_the_channel_is_asked_for(scene: Scene) -> None:
    """When the class has none yet; the answer opens the board there."""
    scene.instructor.slash("class board")
    question = await saying(scene.instructor, "어느 채널에 올릴까요")
    await scene.instructor.select(question, "채널 고르기", [scene.staff])
    await saying(scene.instructor, "현황판을 올렸어요")

    assert question["flags"] & EPHEMERAL
    assert await scene.running() == [int((await scene.board_says(BOARD))["id"])]


async def test_an_explanation_is_posted_without_names(scene: Scene) -> None:
    """Where the class learns, once: a second press a moment later is told so."""
    await scene.opened()
    await scene.met(YUNA, "port_taken")
    board = await scene.board_says("1명 중 **1명**")
    await scene.instructor.click(board, "설명 올리기")
    posted = await saying(stage_learner(scene), "지금 여럿이 만난 오류예요")
    await saying(scene.instructor, "설명을 올렸어요", scene.staff)
    await scene.instructor.click(board, "설명 올리기")
    await saying(scene.instructor, "방금 같은 것을 올렸어요", scene.staff)

    assert "👉" in all_text(posted)
    assert "Yuna" not in all_text(posted)
    assert "8080" not in all_text(posted)  # nor the port of an example


def stage_learner(scene: Scene) -> Person:
    """Somebody who sees what everybody sees."""
    return scene.stage.playground.person("newcomer")


async def test_where_the_class_learns_is_asked_for(scene: Scene) -> None:
    """The first time; then it is remembered."""
    scene.watches.look_s = 0.05
    scene.instructor.slash("class board", channel=scene.staff)
    await saying(scene.instructor, "현황판을 올렸어요")
    await scene.met(YUNA, "port_taken")
    board = await scene.board_says("1명 중 **1명**")
    await scene.instructor.click(board, "설명 올리기")
    question = await saying(scene.instructor, "학습자가 보는 채널은", scene.staff)
    await scene.instructor.select(question, "채널 고르기", [scene.instructor.general])
    await saying(stage_learner(scene), "지금 여럿이 만난 오류예요")
    await saying(scene.instructor, "설명을 올렸어요", scene.staff)
    async with scene.stage.database.transaction() as session:
        known = await boards.learn_channel(session, scene.class_id)

    assert str(known) == scene.instructor.general


async def test_a_help_thread_is_opened(scene: Scene) -> None:
    """If the bot may; else it says what it lacks, and can be asked again."""
    world = scene.stage.playground.world
    deny_bot(world, scene.instructor.general, Permission.CREATE_PUBLIC_THREADS)
    await scene.opened()
    await scene.met(YUNA, "port_taken")
    board = await scene.board_says("1명 중 **1명**")
    await scene.instructor.click(board, "도움 스레드")
    await saying(scene.instructor, "공개 스레드 만들기", scene.staff)
    with bot_may(world, Permission.CREATE_PUBLIC_THREADS):
        await scene.instructor.click(board, "도움 스레드")
        await saying(scene.instructor, "도움 스레드를 열었어요", scene.staff)
    learner = stage_learner(scene)
    thread = next(each for each in learner.threads() if each["name"].startswith("도움:"))

    assert "여기에 물어보세요" in all_text(await saying(learner, "여기에", thread["id"]))


async def test_a_learner_can_do_nothing_with_a_board(scene: Scene) -> None:
    """Not open one, not close one, not post for the class; they don't see one either."""
    board = await scene.opened()
    learner = stage_learner(scene)
    learner.slash("class board")
    await heard(learner, NOT_FOR_YOU, 1)
    forged = (
        _ids.post(scene.class_id, "say", "port_taken"),
        _ids.post(scene.class_id, "thread", "port_taken"),
        _ids.post(scene.class_id, "quiz", "port_taken"),
        _ids.close(scene.class_id),
        _ids.again(scene.class_id),
    )
    for number, custom_id in enumerate(forged, 2):
        await press(scene.stage, learner, custom_id)
        await heard(learner, NOT_FOR_YOU, number)

    assert await scene.running() == [int(board["id"])]
    assert "classroom" not in {each.get("name") for each in learner.channels()}


async def test_a_class_of_another_server_has_no_board_here(scene: Scene) -> None:
    """Whatever button is pressed."""
    async with scene.stage.database.transaction() as session:
        other = await classes.create(
            session, server_id=OTHER_SERVER, name="저기 반", created_by=1, channel_id=None, at=now()
        )
    assert other is not None
    options: dict[str, Any] = {"class": str(other.id), "channel": scene.staff}
    scene.instructor.slash("class board", **options)
    await heard(scene.instructor, NO_SUCH_CLASS, 1)
    forged = (
        _ids.post(other.id, "say", "port_taken"),
        _ids.post(other.id, "thread", "port_taken"),
        _ids.post(other.id, "quiz", "port_taken"),
        _ids.close(other.id),
        _ids.again(other.id),
    )
    for number, custom_id in enumerate(forged, 2):
        await press(scene.stage, scene.instructor, custom_id)
        await heard(scene.instructor, NO_SUCH_CLASS, number)

    assert await scene.running() == []


async def test_an_unknown_error_is_not_posted(scene: Scene) -> None:
    """One that this Docent knows no more."""
    await scene.opened()
    await press(scene.stage, scene.instructor, _ids.post(scene.class_id, "say", "no_such_error"))
    await heard(scene.instructor, "이제 설명할 수 없어요", 1)
