"""Commands typed in chat, on a real engine of the learner's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.json_types import Json
from playground.person import Person
from sandbox.client import SandboxClient
from tests.bot_stage import BotStage, all_text, bot_stage, saying

pytestmark = pytest.mark.docker

FEATURES = ("welcome", "terminal")


@pytest.fixture
async def stage(tmp_path: Path, client: SandboxClient) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=client, features=FEATURES) as stage:
        yield stage
        for person in ("newcomer", "neighbour"):
            await client.close(stage.playground.person(person).user_id)


async def answer_to(person: Person, line: str, *, within_s: float = 30.0) -> Json:
    """Say it in a direct message, and return the finished answer."""
    dm = person.dm_id()
    before = len(person.replies(dm))
    person.say(line, dm)

    def finished() -> Json | None:
        messages = person.replies(dm)[before:]
        done = messages and "docent:cancel:" not in str(messages[-1]["components"])
        return messages[-1] if done else None

    return await person.until(finished, within_s)


async def test_a_first_session(stage: BotStage) -> None:
    """Versions, a wrong command, a folder that lasts, and a loop."""
    newcomer = stage.playground.person("newcomer")
    assert "Server:" in all_text(await answer_to(newcomer, "docker version"))
    assert "CONTAINER ID" in all_text(await answer_to(newcomer, "애찯ㄱ ㅔㄴ"))

    wrong = all_text(await answer_to(newcomer, "docker frobnicate"))
    assert "frobnicate" in wrong
    assert "❌ 종료 코드" in wrong

    assert "app" in all_text(await answer_to(newcomer, "mkdir app && cd app"))
    assert "/app" in all_text(await answer_to(newcomer, "pwd"))
    assert "1\n2\n3" in all_text(await answer_to(newcomer, "for i in 1 2 3; do echo $i; done"))
    assert "안녕" in all_text(await answer_to(newcomer, "echo 안녕"))


async def test_endless_and_waiting_commands_end(stage: BotStage) -> None:
    """A flood meets its limit, one that waits for input ends, one that hangs can be stopped."""
    newcomer = stage.playground.person("newcomer")
    flood = await answer_to(newcomer, "docker run --rm busybox yes", within_s=90)
    assert "📏" in all_text(flood)
    assert flood["attachments"]

    assert "입력을 기다리는데" in all_text(await answer_to(newcomer, "cat"))

    dm = newcomer.dm_id()
    newcomer.say("sleep 600", dm)
    await newcomer.click(await saying(newcomer, "실행 중", dm), "멈추기")
    await saying(newcomer, "멈추었어요", dm)
    assert "sleep 600" not in all_text(await answer_to(newcomer, "ps ax | grep '[s]leep 600'"))


async def test_neighbours_do_not_see_each_other(stage: BotStage) -> None:
    """Two learners at once, both as the only one on their engine."""
    people = [stage.playground.person(name) for name in ("newcomer", "neighbour")]
    line = "docker network create --label who=me shared"
    answers = await asyncio.gather(*(answer_to(person, line) for person in people))
    assert all("종료 코드 0" in all_text(answer) for answer in answers)


async def test_a_warm_command_is_answered_at_once(stage: BotStage) -> None:
    """The first message is the result, within a moment of the question."""
    newcomer = stage.playground.person("newcomer")
    await answer_to(newcomer, "docker ps")
    took = []
    for _ in range(10):
        begun = time.perf_counter()
        answer = await answer_to(newcomer, "docker ps")
        took.append(time.perf_counter() - begun)
        assert answer["edited_timestamp"] is None
    assert sorted(took)[5] < 1.0, took
