"""Who posts an invitation is warned when the role of the class sees too little, or too much."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, hide, saying, show_to_role, staff_channel
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "lessons", "settings", "privacy", "classes")
UNSEEN = "역할만으로는 이 채널이 보이지 않아서"
STAFF_SEEN = "이 수업의 학습자도 볼 수 있어요"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def teacher(stage: BotStage) -> Person:
    """Who manages the server."""
    return stage.playground.person("instructor")


async def make_class(stage: BotStage, *, staff: str | None = None) -> None:
    """A class, perhaps with a channel for its instructors."""
    assert stage.bot is not None
    await stage.bot.classroom.classes.create(
        int(stage.playground.world.guild_id),
        "도커 입문",
        created_by=1,
        channel_id=None if staff is None else int(staff),
    )


def warnings(teacher: Person) -> list[Json]:
    """What the instructor was warned of."""
    return [m for m in teacher.replies() if "⚠️" in all_text(m)]


async def invited(teacher: Person, **options: Any) -> None:
    """One more invitation is in the channel."""
    before = {m["id"] for m in teacher.replies()}
    teacher.slash("class invite", **options)

    def look() -> bool:
        new = [m for m in teacher.replies() if m["id"] not in before]
        return any("참여하기** 버튼을 누르면" in all_text(m) for m in new)

    await teacher.until(look)


async def test_a_role_that_does_not_see_the_invitation(stage: BotStage, teacher: Person) -> None:
    """The instructor alone is warned, also when the button of the new class posts it; no
    learner reads that, and it is posted all the same."""
    elsewhere = staff_channel(stage, "class-only")
    hide(stage, teacher.general)
    role_id = await show_to_role(stage, elsewhere, "1기")
    await make_class(stage)
    await invited(teacher, role=role_id)
    warned = await saying(teacher, UNSEEN)
    assert f"<@&{role_id}>" in all_text(warned)
    assert warned["flags"] & EPHEMERAL
    await invited(teacher)  # the role stays the class's
    await teacher.until(lambda: len(warnings(teacher)) == 2)


async def test_a_role_that_sees_the_channel_of_instructors(
    stage: BotStage, teacher: Person
) -> None:
    """Names of learners would be posted there: the instructor is warned of that, too."""
    staff = staff_channel(stage, "staff")
    role_id = await show_to_role(stage, staff, "1기")
    await make_class(stage, staff=staff)
    await invited(teacher, role=role_id)
    warned = await saying(teacher, STAFF_SEEN)
    assert f"<#{staff}>" in all_text(warned)
    assert warned["flags"] & EPHEMERAL
    assert UNSEEN not in all_text(warned)


async def test_nobody_is_warned_of_what_is_right(stage: BotStage, teacher: Person) -> None:
    """The role sees the invitation and not the instructors' channel; or there is no role."""
    staff = staff_channel(stage, "staff")
    role_id = await show_to_role(stage, teacher.general, "1기")
    await make_class(stage, staff=staff)
    await invited(teacher, role=role_id)
    hide(stage, teacher.general)
    await stage.restart()
    await invited(teacher)
    await invited(teacher, role=stage.playground.world.guild_id)
    # The answer to what comes next shows that all is said.
    teacher.slash("class roster")
    await saying(teacher, "아직 아무도 없어요")
    assert warnings(teacher) == []
