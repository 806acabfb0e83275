"""When something is broken: a sentence for the learner, and everything answers again afterwards."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from structlog.testing import capture_logs

from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, locked, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    """A playground with the bot in it."""
    async with bot_stage(tmp_path) as opened:
        yield opened
        judge(opened.playground)


@pytest.fixture
def newcomer(stage: BotStage) -> Person:
    """Somebody with a Korean Discord."""
    return stage.playground.person("newcomer")


async def test_a_locked_database_is_explained(tmp_path: Path, newcomer: Person) -> None:
    """Whoever meets the lock is asked to try again, and it works when the lock is gone."""
    async with locked(tmp_path):
        newcomer.slash("start")
        await saying(newcomer, "잠시 바빠요")
    assert newcomer.threads() == []

    newcomer.slash("start")

    await saying(newcomer, "실습실을 만들었어요")
    assert newcomer.failures() == []


async def test_a_bug_shows_its_number_only(
    stage: BotStage, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A learner sees an incident id, the log has the traceback under it, and life goes on."""
    assert stage.bot is not None

    async def broken(_: int) -> None:
        raise ZeroDivisionError("internal detail")

    book = stage.bot.classroom.progress
    monkeypatch.setattr(type(book), "overview", lambda _self, learner_id: broken(learner_id))

    with capture_logs() as logs:
        newcomer.slash("progress")
        answer = all_text(await saying(newcomer, "오류 번호"))

    (shown,) = re.findall(r"`([0-9a-f]{8})`", answer)
    assert shown in [log.get("incident") for log in logs]
    assert "internal" not in answer
    monkeypatch.undo()
    newcomer.slash("progress")
    await saying(newcomer, "newcomer 님의 진도")


@pytest.mark.parametrize("fault", ["429", "500", "502"])
async def test_a_hiccup_of_discord_is_ridden_out(
    stage: BotStage, newcomer: Person, fault: Literal["429", "500", "502"]
) -> None:
    """One failing answer of Discord's while the lab is made costs a moment, not the lab."""
    stage.playground.faults.plant(r"POST \S*/channels/\d+/messages", fault)

    newcomer.slash("start")

    await saying(newcomer, "실습실을 만들었어요")
    await saying(newcomer, "어서 오세요", newcomer.threads()[0]["id"])


async def test_a_broken_connection_leaves_no_half_lab(stage: BotStage, newcomer: Person) -> None:
    """When the lab can't be finished it is said, and the next /start makes a whole one."""
    stage.playground.faults.plant(r"POST \S*/channels/\d+/messages", "drop")
    newcomer.slash("start")
    await saying(newcomer, "디스코드가 지금 요청을 처리하지 못하고 있어요")

    newcomer.slash("start")

    await saying(newcomer, "실습실을 만들었어요")
    await saying(newcomer, "어서 오세요", newcomer.threads()[0]["id"])
    assert len(newcomer.threads()) == 1


async def test_what_is_under_way_is_finished_before_the_bot_stops(
    stage: BotStage, newcomer: Person
) -> None:
    """A stop in the middle of /start still leaves a lab with its welcome, and an answer."""
    newcomer.slash("start")
    await newcomer.until(newcomer.threads)

    await stage.stop()

    await saying(newcomer, "실습실을 만들었어요")
    await saying(newcomer, "어서 오세요", newcomer.threads()[0]["id"])


async def test_a_slow_service_is_waited_for(stage: BotStage, newcomer: Person) -> None:
    """Discord gives three seconds to answer; a check that takes longer is still answered."""
    assert isinstance(stage.sandboxes, FakeSandboxes)
    stage.sandboxes.known.add(newcomer.user_id)
    newcomer.slash("lesson", newcomer.dm_id(), name="first-container")
    card = await saying(newcomer, "단계 1/7", newcomer.dm_id())
    stage.sandboxes.slow_s = 3.5

    await newcomer.click(card, "확인")

    await saying(newcomer, "아직 남은 것이 있어요", newcomer.dm_id())
    assert newcomer.failures() == []


async def test_the_bot_survives_a_lost_connection(stage: BotStage, newcomer: Person) -> None:
    """After Discord drops the connection, commands are answered again."""
    await stage.playground.gateway.drop(1001)

    newcomer.slash("help")

    await saying(newcomer, "무엇을 입력할 수 있나요?")
