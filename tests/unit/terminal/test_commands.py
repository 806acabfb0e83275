"""Running commands as a use case: events, limits, history, and failures of service and database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.classroom import commands as commands_module
from bot.classroom import recording
from bot.classroom.commands import Commands, Ended, Output, Queued, Started
from bot.errors import LearnerError
from db import history, learners
from db.engine import Database
from db.errors import DatabaseBusy
from db.history import Record
from sandbox.contract import Page
from sandbox.errors import EngineFailed, HostEngineDown, NoCapacity, SandboxError, ServiceDown
from tests.factories import make_database_url
from tests.fakes.sandboxes import FakeSandboxes

LEARNER = 1001
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.open(make_database_url(tmp_path)) as database:
        async with database.transaction() as session:
            await learners.enrol(session, LEARNER, language="ko", name="Yuna")
        yield database


def make_commands(database: Database, sandboxes: FakeSandboxes | None) -> Commands:
    return Commands(database=database, sandboxes=sandboxes, clock=lambda: NOW)


async def recorded(database: Database) -> list[Record]:
    async with database.transaction() as session:
        return await history.recent(session, LEARNER, 10)


async def play(commands: Commands, line: str) -> list[object]:
    async with commands.run(LEARNER, line) as command:
        return [event async for event in command]


async def test_a_command_tells_its_events_and_is_remembered(database: Database) -> None:
    """Started, output as it comes, ended; then it is in the history with exit code and time."""
    sandboxes = FakeSandboxes()
    sandboxes.answer("docker ps", "a\n", "b\n", exit_code=3, took_ms=25)
    events = await play(make_commands(database, sandboxes), "docker ps")
    started, first, second, ended = events
    assert isinstance(started, Started)
    assert (first, second) == (Output(text="a\n"), Output(text="b\n"))
    assert isinstance(ended, Ended)
    assert ended.exit_code == 3
    assert await recorded(database) == [
        Record(kind="command", line="docker ps", exit_code=3, took_ms=25, at=NOW)
    ]


async def test_without_an_engine_a_command_says_so(database: Database) -> None:
    """On a machine without sandboxes there are lessons, but no commands."""
    commands = make_commands(database, None)
    with pytest.raises(LearnerError, match=r"engine\.absent"):
        await play(commands, "docker ps")
    with pytest.raises(LearnerError, match=r"engine\.absent"):
        await commands.look_at_page(LEARNER, 80)
    with pytest.raises(LearnerError, match=r"engine\.absent"):
        await commands.reset(LEARNER)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (HostEngineDown(), "error.sandbox.host_engine_down"),
        (NoCapacity(), "error.sandbox.no_capacity"),
        (EngineFailed(), "error.sandbox.engine_failed"),
    ],
)
async def test_a_command_that_could_not_run_is_told_and_not_remembered(
    database: Database, error: SandboxError, key: str
) -> None:
    """It never began, so the history has nothing to say."""
    sandboxes = FakeSandboxes()
    sandboxes.down = error
    with pytest.raises(LearnerError, match=key):
        await play(make_commands(database, sandboxes), "docker ps")
    assert await recorded(database) == []


async def test_a_service_that_is_down_raises_at_once(database: Database) -> None:
    """Under the service's own name; the boundary has the words."""
    sandboxes = FakeSandboxes()
    sandboxes.down = ServiceDown()
    with pytest.raises(ServiceDown):
        await play(make_commands(database, sandboxes), "docker ps")


async def test_a_command_that_breaks_off_is_remembered_without_an_exit_code(
    database: Database,
) -> None:
    """The sandbox ended in the middle: what it did by then it did."""
    sandboxes = FakeSandboxes()
    sandboxes.answer("docker pull nginx", "Pulling\n", dies=True)
    with pytest.raises(LearnerError, match=r"error\.sandbox\.gone"):
        await play(make_commands(database, sandboxes), "docker pull nginx")
    (record,) = await recorded(database)
    assert (record.line, record.exit_code) == ("docker pull nginx", None)


async def test_a_command_can_be_cancelled(database: Database) -> None:
    """It ends as cancelled, and is remembered without an exit code."""
    sandboxes = FakeSandboxes()
    sandboxes.answer("sleep 99", "x\n", never_ends=True)
    async with make_commands(database, sandboxes).run(LEARNER, "sleep 99") as command:
        async for event in command:
            if isinstance(event, Output):
                await command.cancel()
                await command.cancel()
    assert command.ended is not None
    assert command.ended.cancelled
    (record,) = await recorded(database)
    assert record.exit_code is None


async def test_leaving_early_cancels_and_remembers(database: Database) -> None:
    """Whoever stops listening does not leave a command behind."""
    sandboxes = FakeSandboxes()
    sandboxes.answer("sleep 99", "x\n", never_ends=True)
    async with make_commands(database, sandboxes).run(LEARNER, "sleep 99") as command:
        async for event in command:
            if isinstance(event, Output):
                break
    assert [record.line for record in await recorded(database)] == ["sleep 99"]


async def test_the_second_command_hears_that_it_waits(database: Database) -> None:
    """One at a time per learner; the service tells how many are ahead."""
    sandboxes = FakeSandboxes()
    sandboxes.answer("sleep 1", "x\n", pause_s=0.05)
    commands = make_commands(database, sandboxes)
    first, second = await asyncio.gather(play(commands, "sleep 1"), play(commands, "docker ps"))
    assert isinstance(first[0], Started)
    assert second[0] == Queued(ahead=1)


async def test_an_end_that_does_not_come_is_not_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that loses a command must not leave its learner waiting."""
    monkeypatch.setattr(commands_module, "GRACE_S", 0.05)
    sandboxes = FakeSandboxes()
    sandboxes.answer("docker ps", "x\n", "y\n", pause_s=5)
    sandboxes.limits = sandboxes.limits.model_copy(update={"time_s": 0.05})
    commands = make_commands(database, sandboxes)
    with pytest.raises(EngineFailed):
        await play(commands, "docker ps")


async def test_a_line_beyond_the_limit_is_refused_here(database: Database) -> None:
    """4,000 Korean letters fit; what does not fit never reaches the service."""
    sandboxes = FakeSandboxes()
    commands = make_commands(database, sandboxes)
    line = "echo " + "가" * 3995
    await play(commands, line)
    with pytest.raises(LearnerError, match=r"terminal\.too_long"):
        await play(commands, "가" * 6000)
    assert sandboxes.ran == [(str(LEARNER), line)]


async def test_a_busy_database_gets_a_second_chance(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command is not forgotten because of a lock that is gone a moment later."""
    monkeypatch.setattr(recording, "BUSY_PAUSE_S", 0.01)
    record = history.record
    failures = iter([DatabaseBusy("locked")])

    async def busy_once(*args: object, **values: object) -> None:
        for failure in failures:
            raise failure
        await record(*args, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "record", busy_once)
    await play(make_commands(database, FakeSandboxes()), "docker ps")
    assert [record.line for record in await recorded(database)] == ["docker ps"]


async def test_a_look_at_a_page_is_remembered(database: Database) -> None:
    """With port and status, for the checks."""
    sandboxes = FakeSandboxes()
    sandboxes.pages[80] = Page(status=200, reason="OK", title="Welcome to nginx!")
    commands = make_commands(database, sandboxes)
    await sandboxes.open(str(LEARNER))
    page = await commands.look_at_page(LEARNER, 80)
    assert page.title == "Welcome to nginx!"
    (record,) = await recorded(database)
    assert (record.kind, record.port, record.status, record.line) == ("page", 80, 200, "/")


async def test_a_reset_empties_the_sandbox_and_keeps_the_history(database: Database) -> None:
    """The disk is new; what the learner did before is still known."""
    sandboxes = FakeSandboxes()
    commands = make_commands(database, sandboxes)
    await play(commands, "cd app")
    sandboxes.directories[str(LEARNER)] = "/root/app"
    assert await commands.reset(LEARNER)
    assert sandboxes.directories == {}
    assert len(await recorded(database)) == 1
