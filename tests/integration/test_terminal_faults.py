"""When Discord, the service or the database fail: nothing is lost, and all answers afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playground.json_types import Json
from playground.person import Person
from sandbox.errors import (
    EngineFailed,
    HostEngineDown,
    NoCapacity,
    SandboxError,
    ServiceDown,
    StartFailed,
)
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes

FEATURES = ("welcome", "terminal")
EDIT = r"PATCH .*/messages/"
POST = r"POST .*/messages$"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes()
    sandboxes.answer("docker pull nginx", *[f"layer {n}\n" for n in range(12)], pause_s=0.1)
    return sandboxes


@pytest.fixture
async def stage(
    tmp_path: Path, sandboxes: FakeSandboxes, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        # Not by import: every bot loads its features anew.
        loaded = sys.modules["bot.features.terminal._live_message"]
        monkeypatch.setattr(loaded, "RETRY_PAUSES_S", (0.1, 0.1, 0.1, 0.1))
        yield stage


async def works_again(person: Person) -> None:
    """After the failure a command is answered as always."""
    before = len(person.replies(person.dm_id()))
    person.say("docker ps", person.dm_id())
    await person.until(lambda: person.replies(person.dm_id())[before:] or None)
    assert "종료 코드 0" in all_text(person.replies(person.dm_id())[-1])


@pytest.mark.parametrize("pattern", [EDIT, POST])
async def test_a_429_only_delays_the_result(stage: BotStage, pattern: str) -> None:
    """The wait that Discord asks for is kept; one message, complete."""
    newcomer = stage.playground.person("newcomer")
    stage.playground.faults.plant(pattern, "429", 2, retry_after_s=0.3)
    newcomer.say("docker pull nginx", newcomer.dm_id())
    final = await saying(newcomer, "종료 코드 0", newcomer.dm_id())
    assert "layer 11" in all_text(final)
    assert len(newcomer.replies(newcomer.dm_id())) == 1


@pytest.mark.parametrize("pattern", [EDIT, POST])
async def test_a_500_only_delays_the_result(stage: BotStage, pattern: str) -> None:
    """It is sent again a second later."""
    newcomer = stage.playground.person("newcomer")
    stage.playground.faults.plant(pattern, "500", 1)
    newcomer.say("docker pull nginx", newcomer.dm_id())
    final = await saying(newcomer, "종료 코드 0", newcomer.dm_id())
    assert "layer 11" in all_text(final)
    await works_again(newcomer)


async def test_a_message_that_takes_no_edits_is_replaced(stage: BotStage) -> None:
    """The result moves to a new message, and the old one goes."""
    newcomer = stage.playground.person("newcomer")
    stage.playground.faults.plant(EDIT, "drop", 50)
    newcomer.say("docker pull nginx", newcomer.dm_id())
    final = await saying(newcomer, "종료 코드 0", newcomer.dm_id())
    assert "layer 11" in all_text(final)
    await newcomer.until(lambda: len(newcomer.replies(newcomer.dm_id())) == 1 or None)


async def test_a_result_is_posted_again_when_the_connection_drops(stage: BotStage) -> None:
    """Twice here; the third attempt arrives."""
    newcomer = stage.playground.person("newcomer")
    stage.playground.faults.plant(POST, "drop", 2)
    newcomer.say("docker ps", newcomer.dm_id())
    await saying(newcomer, "종료 코드 0", newcomer.dm_id())


async def test_a_message_that_was_deleted_meanwhile_is_replaced(stage: BotStage) -> None:
    """Somebody tidied up the channel while the command was running."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    newcomer.say("docker pull nginx", dm)
    live = await saying(newcomer, "실행 중", dm)
    await delete(stage, live)
    assert "layer 11" in all_text(await saying(newcomer, "종료 코드 0", dm))


async def delete(stage: BotStage, message: Json) -> None:
    """Delete a message of the bot's, as a moderator would."""
    assert stage.bot is not None
    channel = stage.bot.get_partial_messageable(int(message["channel_id"]))
    await channel.get_partial_message(int(message["id"])).delete()


async def test_a_private_answer_survives_trouble_too(stage: BotStage) -> None:
    """The webhook of an interaction has the same troubles."""
    newcomer = stage.playground.person("newcomer")
    stage.playground.faults.plant(r"PATCH .*/webhooks/", "drop", 50)
    newcomer.slash("docker", command="pull nginx")
    assert "layer 11" in all_text(await saying(newcomer, "종료 코드 0"))


@pytest.mark.parametrize(
    "error", [ServiceDown(), HostEngineDown(), NoCapacity(), EngineFailed(), StartFailed()]
)
async def test_a_service_in_trouble_is_told_in_one_sentence(
    stage: BotStage, sandboxes: FakeSandboxes, error: SandboxError
) -> None:
    """Nothing hangs, nothing technical is shown; a moment later commands run again."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    sandboxes.down = error
    newcomer.say("docker ps", dm)
    (answer,) = await newcomer.until(lambda: newcomer.replies(dm) or None)
    text = all_text(answer)
    assert "Error" not in text
    assert error.code not in text
    assert "사건" not in text
    sandboxes.down = None
    await works_again(newcomer)


async def test_a_start_that_fails_slowly_turns_its_message_into_the_failure(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The message that said that the engine is starting does not stay."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    sandboxes.slow_s = 0.8
    sandboxes.down = StartFailed()
    newcomer.say("docker ps", dm)
    await saying(newcomer, "엔진을 켜고 있어요", dm)
    await newcomer.until(lambda: "켜고 있어요" not in str(newcomer.replies(dm)) or None)
    assert len(newcomer.replies(dm)) == 1
    assert "멈추기" not in str(newcomer.replies(dm))


async def test_what_was_printed_before_a_sandbox_ended_stays(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Output first, then what went wrong."""
    sandboxes.answer("docker run x", "half of it\n", dies=True)
    newcomer = stage.playground.person("newcomer")
    newcomer.say("docker run x", newcomer.dm_id())
    answer = await saying(newcomer, "half of it", newcomer.dm_id())
    assert len(all_text(answer).splitlines()) > 3
    await works_again(newcomer)


async def test_without_an_engine_a_command_says_why_it_cannot_run(tmp_path: Path) -> None:
    """On a machine for authors."""
    async with bot_stage(tmp_path, without_engine=True, features=FEATURES) as stage:
        newcomer = stage.playground.person("newcomer")
        newcomer.say("docker ps", newcomer.dm_id())
        expected = stage.bot.texts.for_language("ko")("engine.absent") if stage.bot else ""
        await saying(newcomer, expected, newcomer.dm_id())


async def test_a_locked_database_loses_no_result(stage: BotStage, tmp_path: Path) -> None:
    """The output is shown; when the lock is gone in time the command is remembered as well."""
    newcomer = stage.playground.person("newcomer")
    dm = newcomer.dm_id()
    await works_again(newcomer)
    newcomer.say("docker pull nginx", dm)
    await saying(newcomer, "실행 중", dm)
    with locked(tmp_path / "docent.sqlite3"):
        await saying(newcomer, "layer 11", dm)
        await newcomer.until(lambda: "종료 코드 0" in all_text(newcomer.replies(dm)[1]) or None)
    await works_again(newcomer)
    assert "바빠요" not in str(newcomer.replies(dm))


async def test_a_database_that_stays_locked_is_told(stage: BotStage, tmp_path: Path) -> None:
    """In one sentence; afterwards commands run again."""
    newcomer = stage.playground.person("newcomer")
    await works_again(newcomer)
    with locked(tmp_path / "docent.sqlite3"):
        newcomer.say("docker ps", newcomer.dm_id())
        await saying(newcomer, "바빠요", newcomer.dm_id())
    await works_again(newcomer)


async def test_a_locked_database_is_no_news_for_everybody(
    stage: BotStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line in a public channel asks the database nothing, so no failure is posted."""
    newcomer = stage.playground.person("newcomer")
    assert stage.bot is not None
    asked: list[int] = []
    owner_of_lab = stage.bot.classroom.enrol.owner_of_lab

    async def noted(channel_id: int) -> object:
        asked.append(channel_id)
        return await owner_of_lab(channel_id)

    monkeypatch.setattr(type(stage.bot.classroom.enrol), "owner_of_lab", staticmethod(noted))
    with locked(tmp_path / "docent.sqlite3"):
        newcomer.say("docker ps")
        await asyncio.sleep(0.5)
    assert asked == []
    assert newcomer.replies() == []


async def test_a_slash_command_meets_a_locked_database_in_time(
    stage: BotStage, tmp_path: Path
) -> None:
    """Discord hears within three seconds, and the learner a sentence."""
    newcomer = stage.playground.person("newcomer")
    with locked(tmp_path / "docent.sqlite3"):
        newcomer.slash("docker", command="ps")
        await saying(newcomer, "바빠요")
    assert newcomer.failures() == []
    newcomer.slash("docker", command="ps")
    await saying(newcomer, "종료 코드 0")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the database, as a backup or a stuck program would."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()
