"""Commands that take a while: what is seen meanwhile, ending them, and a bot that is restarted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.features.terminal._render import View, live_card
from bot.terminal.reading import Typed
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal")


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(
        tmp_path, sandboxes=sandboxes, features=FEATURES, rate_limits=True
    ) as stage:
        yield stage
        judge(stage.playground)


def requests(stage: BotStage, method: str) -> list[int]:
    """The statuses of what the bot sent to messages."""
    return [
        exchange.status
        for exchange in stage.playground.traffic.exchanges
        if exchange.method == method and "/messages" in exchange.path
    ]


async def test_output_appears_while_the_command_runs(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """One message, edited at a pace that Discord takes, whole at the end."""
    sandboxes.answer("docker pull nginx", *[f"layer {n}\n" for n in range(60)], pause_s=0.05)
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("docker pull nginx", dm)
    live = await saying(newcomer, "실행 중", dm)
    assert "layer 5" in all_text(live)
    assert "멈추기" in str(live["components"])
    final = await saying(newcomer, "종료 코드 0", dm)
    assert final["id"] == live["id"]
    assert "layer 59" in all_text(final)
    assert "멈추기" not in str(final["components"])
    assert len(newcomer.replies(dm)) == 1
    edits = requests(stage, "PATCH")
    assert set(edits) == {200}
    assert 2 <= len(edits) <= 4


@pytest.mark.parametrize("private", [False, True])
async def test_a_message_that_was_live_gets_the_log_attached(
    stage: BotStage, sandboxes: FakeSandboxes, private: bool
) -> None:
    """When more came of it than fits, in public and in private answers."""
    sandboxes.answer("docker logs web", *["ten lines\n" * 10] * 8, pause_s=0.1)
    newcomer = stage.playground.person("newcomer")
    channel = newcomer.general if private else newcomer.dm_id()
    if private:
        newcomer.slash("docker", command="logs web")
    else:
        newcomer.say("docker logs web", channel)
    await saying(newcomer, "실행 중", channel)
    final = await saying(newcomer, "50줄을 접었어요", channel)
    (attachment,) = final["attachments"]
    assert attachment["size"] == len("ten lines\n") * 80


async def test_a_progress_bar_is_one_line(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """As a terminal shows it."""
    sandboxes.answer("curl -O x", *[f"\r{n:3}%" for n in range(0, 101, 5)], "\n", pause_s=0.03)
    newcomer = stage.playground.person("newcomer")
    newcomer.say("curl -O x", newcomer.dm_id())
    final = await saying(newcomer, "종료 코드 0", newcomer.dm_id())
    assert "```\n100%\n```" in all_text(final)


async def test_a_sandbox_that_has_to_start_first_says_so(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Only when it takes long enough to be noticed."""
    sandboxes.slow_s = 0.8
    newcomer = stage.playground.person("newcomer")
    newcomer.say("docker ps", newcomer.dm_id())
    await saying(newcomer, "엔진을 켜고 있어요", newcomer.dm_id())
    await saying(newcomer, "종료 코드 0", newcomer.dm_id())
    assert len(newcomer.replies(newcomer.dm_id())) == 1


async def test_a_slash_command_that_takes_long_is_acknowledged_in_time(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Discord waits three seconds; the answer may take longer."""
    sandboxes.slow_s = 3.5
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("docker", command="ps")
    answer = await saying(newcomer, "종료 코드 0")
    assert "`docker ps`" in all_text(answer)
    assert newcomer.failures() == []


async def test_the_next_command_says_how_many_are_ahead(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """And runs when its turn comes."""
    sandboxes.answer("sleep 1", "z\n", pause_s=1.2)
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("sleep 1", dm)
    newcomer.say("docker ps", dm)
    await saying(newcomer, "앞에 명령 1개", dm)
    await newcomer.until(
        lambda: all("종료 코드 0" in all_text(m) for m in newcomer.replies(dm)) or None
    )
    assert len(newcomer.replies(dm)) == 2


async def test_a_running_command_can_be_stopped(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """By its button; what was printed stays, and the next command runs."""
    sandboxes.answer("docker run nginx", "hello\n", never_ends=True)
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("docker run nginx", dm)
    await newcomer.click(await saying(newcomer, "실행 중", dm), "멈추기")
    stopped = await saying(newcomer, "멈추었어요", dm)
    assert "hello" in all_text(stopped)
    assert sandboxes.cancelled == [(newcomer.user_id, "docker run nginx")]
    newcomer.say("docker ps", dm)
    await saying(newcomer, "종료 코드 0", dm)


async def test_a_private_command_can_be_stopped(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The button works under answers that only the learner sees, too."""
    sandboxes.answer("docker logs -f web", "hello\n", never_ends=True)
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("docker", command="logs -f web")
    await newcomer.click(await saying(newcomer, "실행 중"), "멈추기")
    await saying(newcomer, "멈추었어요")


async def test_nobody_else_can_stop_it(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The button belongs to the learner."""
    sandboxes.answer("sleep 60", "z\n", never_ends=True)
    newcomer, instructor = (stage.playground.person(n) for n in ("newcomer", "instructor"))
    newcomer.slash("start")
    await saying(newcomer, "실습실을 만들었어요")
    lab = newcomer.threads()[0]["id"]
    newcomer.say(f"<@{instructor.user_id}> sleep", lab)
    newcomer.say("sleep 60", lab)
    live = await saying(newcomer, "실행 중", lab)
    await instructor.click(live, "멈추기")
    refusal = await saying(instructor, "다른 학습자의 것", lab)
    assert refusal["flags"] & 64
    assert sandboxes.cancelled == []


async def test_a_bot_that_is_shut_down_ends_what_runs_and_says_so(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """No command keeps running unseen, no message is left saying that it runs."""
    sandboxes.answer("sleep 60", "z\n", never_ends=True)
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("sleep 60", dm)
    await saying(newcomer, "실행 중", dm)
    await stage.stop()
    assert sandboxes.cancelled == [(newcomer.user_id, "sleep 60")]
    left = await saying(newcomer, "봇이 다시 시작되어", dm)
    assert "멈추기" not in str(left["components"])
    await stage.start()
    newcomer.say("docker ps", dm)
    await saying(newcomer, "종료 코드 0", dm)


async def test_a_message_left_by_a_bot_that_died_is_tidied_up_by_its_button(
    stage: BotStage,
) -> None:
    """A bot that was killed could not say goodbye: the button of its message does it later."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    await leave_running(stage, dm, owner=int(newcomer.user_id), output="kept\n")
    await newcomer.click(await saying(newcomer, "실행 중", dm), "멈추기")
    tidied = await saying(newcomer, "도중에 끝났어요", dm)
    assert "kept" in all_text(tidied)
    assert "멈추기" not in str(tidied["components"])


async def leave_running(stage: BotStage, channel_id: str, *, owner: int, output: str) -> None:
    """A message as a killed bot leaves it: it says that something runs, and nobody knows it."""
    assert stage.bot is not None
    view = View(Typed("sleep 60", repaired=False), slash=False, started_at=1_700_000_000)
    view.add(output)
    speech = stage.bot.texts.for_language("ko")
    card = live_card(view, speech, owner=owner, run_id="0" * 12, stopping=False)
    await stage.bot.get_partial_messageable(int(channel_id)).send(view=card)


async def test_a_bug_of_ours_shows_an_incident_and_leaves_nothing_running(
    stage: BotStage, sandboxes: FakeSandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message that said that a command runs ends with an incident id and no details."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    # Not by import: every bot loads its features anew.
    monkeypatch.setattr(sys.modules["bot.features.terminal._run"], "final_card", broken)
    sandboxes.answer("sleep 1", "z\n", "z\n", pause_s=0.4)
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("sleep 1", dm)
    await saying(newcomer, "실행 중", dm)
    answer = await saying(newcomer, "오류 번호", dm)
    assert "secret" not in str(newcomer.replies(dm))
    assert "멈추기" not in str(answer["components"])
    assert len(newcomer.replies(dm)) == 1


async def test_a_flood_does_not_stop_the_bot(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Others are answered before one learner's output is drawn to its end."""
    sandboxes.answer("docker run flood", *["\x1b[31mflood\x1b[0m line\n" * 100] * 100)
    first, second = (stage.playground.person(name) for name in ("first", "second"))
    second.say("docker ps", second.dm_id())
    await saying(second, "종료 코드 0", second.dm_id())
    first.say("docker run flood", first.dm_id())
    await asyncio.sleep(0.05)
    second.say("docker images", second.dm_id())
    await second.until(lambda: len(second.replies(second.dm_id())) == 2 or None)
    assert "줄을 접었어요" not in str(first.replies(first.dm_id()))
    await saying(first, "줄을 접었어요", first.dm_id())
