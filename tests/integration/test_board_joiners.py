"""Who joins a class while its board is open sees that instructors see them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db import classes
from playground.person import Person
from tests.board_story import Scene, made_scene
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

FEATURES = ("welcome", "classes", "class_board")
OPENED = "**화요일 반** 수업의 현황판을 열었어요"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
async def scene(stage: BotStage) -> Scene:
    return await made_scene(stage)


@pytest.fixture
def learner(stage: BotStage) -> Person:
    """Somebody who is in no class yet."""
    return stage.playground.person("learner")


async def joins(scene: Scene, learner: Person, times: int) -> None:
    """The learner joins by a press; in all they did so as often."""
    scene.instructor.slash("class invite")
    invited = await saying(learner, "참여하기** 버튼을 누르면")
    await learner.click(invited, "참여하기")
    await learner.until(
        lambda: sum("수업에 참여했어요" in all_text(m) for m in learner.replies()) == times
    )


async def joined(scene: Scene, learner: Person) -> str:
    """What the learner is shown of their classes after they joined."""
    await joins(scene, learner, 1)
    learner.slash("class mine")
    return all_text(await saying(learner, "### 화요일 반"))


async def test_a_later_joiner_sees_who_opened_the_board(scene: Scene, learner: Person) -> None:
    """Also when the bot was started anew in between; the board then shows them."""
    await scene.opened()
    await scene.stage.restart()
    scene.watches.look_s = 0.05
    shown = await joined(scene, learner)
    assert f"<@{scene.instructor.user_id}> 강사가 {OPENED}" in shown
    assert await scene.acts(int(learner.user_id)) == ["board"]
    await scene.board_says("학습자 3명")


async def test_nothing_is_told_of_a_board_that_was_closed(scene: Scene, learner: Person) -> None:
    """Until it is opened again: then everybody is told who is there."""
    board = await scene.opened()
    await scene.instructor.click(board, "현황판 닫기")
    ended = await scene.board_says("현황판이 멈췄어요")
    await scene.over()
    assert OPENED not in await joined(scene, learner)
    await scene.instructor.click(ended, "다시 열기")
    await scene.board_says("다시 그리고")
    assert await scene.acts(int(learner.user_id)) == ["board"]
    async with scene.stage.database.transaction() as session:
        await classes.leave(session, scene.class_id, int(learner.user_id))
    await joins(scene, learner, 2)
    assert await scene.acts(int(learner.user_id)) == ["board", "board"]
