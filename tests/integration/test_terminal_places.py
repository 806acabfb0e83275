"""A full house, a sandbox that ended, one that will: what a learner sees of it, and can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.contract import Waiting
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal")


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes(capacity=1)
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(
        tmp_path, sandboxes=sandboxes, features=FEATURES, rate_limits=True
    ) as stage:
        yield stage
        judge(stage.playground)


def edits(stage: BotStage) -> int:
    """How often the bot changed a message."""
    return sum(
        exchange.method == "PATCH" and "/messages" in exchange.path
        for exchange in stage.playground.traffic.exchanges
    )


async def test_a_wait_shows_the_place_and_the_time(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """In one message, which becomes the result; edits keep to the limits of Discord."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    sandboxes.wait_s = 0.1
    sandboxes.waits[newcomer.user_id] = [
        *(Waiting(place=3, estimate_s=95) for _ in range(15)),
        *(Waiting(place=2, estimate_s=90 - n) for n in range(20)),
        *(Waiting(place=1, estimate_s=None) for _ in range(20)),
    ]
    newcomer.say("docker ps", dm)
    first = await saying(newcomer, "앞에 2명이 있어요. 약 2분 걸릴 것 같아요.", dm)
    await saying(newcomer, "다음 차례예요.", dm)
    final = await saying(newcomer, "종료 코드 0", dm)

    assert first["id"] == final["id"]
    assert "기다리고" not in all_text(final)
    assert "`docker ps`" in all_text(final), "other lines may stand between it and its answer"
    assert len(newcomer.replies(dm)) == 1
    assert edits(stage) <= 5


async def test_the_button_leaves_the_line(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """As it ends a command that runs."""
    await sandboxes.open("1")
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("docker ps", dm)
    waits = await saying(newcomer, "다음 차례예요.", dm)
    assert sandboxes.places.waiting == 1
    await newcomer.click(waits, "멈추기")
    await saying(newcomer, "멈추었어요", dm)

    assert sandboxes.places.waiting == 0
    assert sandboxes.ran == []


async def test_a_place_that_comes_free_runs_the_command(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Without another word of the learner's."""
    await sandboxes.open("1")
    newcomer = stage.playground.person("newcomer")
    newcomer.say("docker ps", newcomer.dm_id())
    await saying(newcomer, "다음 차례예요.", newcomer.dm_id())
    await sandboxes.close("1")

    await saying(newcomer, "종료 코드 0", newcomer.dm_id())


async def test_one_tap_starts_lost_containers_again(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The message says why they ended; the button runs the line, once, even after a restart."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    sandboxes.answer("docker start web db", "web\ndb\n")
    sandboxes.lost[newcomer.user_id] = ["web", "db"]
    sandboxes.ended[newcomer.user_id] = "room"
    newcomer.say("docker ps", dm)
    answer = await saying(newcomer, "종료 코드 0", dm)
    assert "자리가 모자라서" in all_text(answer)
    await stage.restart()
    await newcomer.click(answer, "컨테이너 다시 시작")
    again = await saying(newcomer, "web\ndb", dm)

    assert "`docker start web db`" in all_text(again)
    assert [line for _, line in sandboxes.ran] == ["docker ps", "docker start web db"]
    (before,) = [m for m in newcomer.replies(dm) if m["id"] == answer["id"]]
    assert "컨테이너 다시 시작" not in str(before["components"])
    assert "CONTAINER ID" in all_text(before)


async def test_the_end_that_is_near_is_said_and_can_be_put_off(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Ten minutes before, with every result."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    sandboxes.hard_limit_is_near = True
    sandboxes.timers = sandboxes.timers.model_copy(update={"hard_stop_s": 480})
    newcomer.say("docker ps", dm)
    answer = await saying(newcomer, "약 8분 뒤에 자동으로 꺼져요", dm)
    answer = await saying(newcomer, "종료 코드 0", dm)
    await newcomer.click(answer, "2시간 더 쓰기")
    await saying(newcomer, "까지 켜 둘게요", dm)

    assert sandboxes.extended == [(newcomer.user_id, 120)]
