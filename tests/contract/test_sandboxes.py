"""What the bot relies on, held by the fake and by the real client, service and sandbox."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from sandbox.client import SandboxClient, Sandboxes
from sandbox.contract import Ended, Output, Queued, RunEvent, RunFailed, RunRequest, Started
from sandbox.errors import (
    BadRequest,
    FileRefused,
    NoPage,
    NoSnapshot,
    SandboxGone,
    TooManySnapshots,
)
from tests.docker_fixtures import (
    ServiceProcess,
    home_with_mirror,
    images_home,
    new_learner,
)
from tests.fakes.sandboxes import Answer, FakeSandboxes

__all__ = ["images_home"]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.docker)])
async def sandboxes(
    request: pytest.FixtureRequest,
) -> AsyncGenerator[Sandboxes]:
    """One side of the contract."""
    if request.param == "fake":
        fake = FakeSandboxes()
        fake.default_answer = Answer(pieces=("fine\n",))
        fake.answer("sleep 30", never_ends=True)
        fake.answer("exit 3", exit_code=3)
        yield fake
        return
    service: ServiceProcess = request.getfixturevalue("service")
    async with SandboxClient.connect(service.url, service.token) as client:
        yield client


@pytest.fixture(scope="module")
def service(images_home: Path) -> Generator[ServiceProcess]:
    """A real service for the real side."""
    assert shutil.which("docker")
    with home_with_mirror(images_home) as home:
        process = ServiceProcess(home)
        process.start()
        try:
            yield process
        finally:
            process.stop()


@pytest.fixture
async def learner(sandboxes: Sandboxes) -> AsyncGenerator[str]:
    """A learner of this test's own."""
    name = new_learner()
    yield name
    await sandboxes.close(name)


async def play(sandboxes: Sandboxes, learner: str, line: str, **limits: float) -> list[RunEvent]:
    """All events of a line."""
    request = RunRequest.model_validate({"line": line, **limits})
    async with sandboxes.run(learner, request) as running:
        return [event async for event in running]


async def test_a_command_opens_runs_and_ends(sandboxes: Sandboxes, learner: str) -> None:
    """Started says that it had to be opened, the first time only; Ended is the last event."""
    first = await play(sandboxes, learner, "echo fine")
    second = await play(sandboxes, learner, "echo fine")

    for events in (first, second):
        assert isinstance(events[0], Started)
        assert isinstance(events[-1], Ended)
        assert "".join(e.text for e in events if isinstance(e, Output)) == "fine\n"
        assert events[-1].exit_code == 0
        assert events[-1].directory == "/root"
    assert isinstance(first[0], Started)
    assert first[0].opened_in_ms
    assert isinstance(second[0], Started)
    assert second[0].opened_in_ms is None


async def test_exit_codes_are_the_commands(sandboxes: Sandboxes, learner: str) -> None:
    """Not only zero and one."""
    last = (await play(sandboxes, learner, "exit 3"))[-1]

    assert isinstance(last, Ended)
    assert last.exit_code == 3


async def test_limits_have_no_exit_code(sandboxes: Sandboxes, learner: str) -> None:
    """The time limit ends it and says so."""
    last = (await play(sandboxes, learner, "sleep 30", time_limit_s=0.3))[-1]

    assert isinstance(last, Ended)
    assert (last.limit, last.exit_code, last.cancelled) == ("time", None, False)


async def test_cancel_ends_with_ended(sandboxes: Sandboxes, learner: str) -> None:
    """Twice is fine, and after the end it does nothing."""
    async with sandboxes.run(learner, RunRequest(line="sleep 30")) as running:
        events = []
        async for event in running:
            events.append(event)
            if isinstance(event, Started):
                await running.cancel()
                await running.cancel()
        await running.cancel()

    last = events[-1]
    assert isinstance(last, Ended)
    assert (last.cancelled, last.exit_code) == (True, None)


async def test_a_learner_waits_for_themselves(sandboxes: Sandboxes, learner: str) -> None:
    """The second line is queued, and its cancel takes it out of the line."""
    await sandboxes.open(learner)
    async with sandboxes.run(learner, RunRequest(line="sleep 30")) as first:
        first_events = aiter(first)
        assert isinstance(await anext(first_events), Started)
        async with sandboxes.run(learner, RunRequest(line="echo fine")) as second:
            second_events = aiter(second)
            assert await anext(second_events) == Queued(ahead=1)
            await first.cancel()
            async with asyncio.timeout(10):
                assert isinstance([event async for event in first_events][-1], Ended)
                rest = [event async for event in second_events]

    assert isinstance(rest[0], Started)
    assert isinstance(rest[-1], Ended)


async def test_leaving_gives_the_turn_back(sandboxes: Sandboxes, learner: str) -> None:
    """A caller that stops reading does not lock the learner out."""
    async with sandboxes.run(learner, RunRequest(line="sleep 30")) as running:
        async for _ in running:
            break
    async with asyncio.timeout(10):
        last = (await play(sandboxes, learner, "echo fine"))[-1]

    assert isinstance(last, Ended)


@pytest.mark.parametrize("line", ["echo \0", "x" * 16_385])
async def test_a_bad_line_fails_as_an_event(sandboxes: Sandboxes, learner: str, line: str) -> None:
    """Not as an exception: the bot shows it where the output would be."""
    events = await play(sandboxes, learner, line)

    [failed] = events
    assert isinstance(failed, RunFailed)
    assert failed.error == "bad_request"


async def test_open_close_and_reset(sandboxes: Sandboxes, learner: str) -> None:
    """Fresh says that the disk is new; closing keeps it, resetting doesn't."""
    assert (await sandboxes.open(learner)).fresh
    assert not (await sandboxes.open(learner)).fresh
    await sandboxes.close(learner)
    await sandboxes.close(learner)
    assert not (await sandboxes.open(learner)).fresh
    assert (await sandboxes.reset(learner)).fresh


async def test_looking_needs_a_sandbox_but_not_a_running_one(
    sandboxes: Sandboxes, learner: str
) -> None:
    """Facts and pages: gone for who never had one, started for who has."""
    with pytest.raises(SandboxGone):
        await sandboxes.facts(learner)
    with pytest.raises(SandboxGone):
        await sandboxes.page(learner, 80)
    with pytest.raises(SandboxGone):
        await sandboxes.load(learner)
    await sandboxes.open(learner)
    await sandboxes.close(learner)

    facts = await sandboxes.facts(learner)
    load = await sandboxes.load(learner)
    page = await sandboxes.page(learner, 80)

    assert facts.containers == []
    assert {network.name for network in facts.networks} == {"bridge", "host", "none"}
    assert (page.status, page.problem) == (None, "refused")
    assert (await sandboxes.load(learner)).at >= load.at
    assert load.cpu_ns is not None
    assert load.containers == []


async def test_health_counts_what_runs(sandboxes: Sandboxes, learner: str) -> None:
    """And how many there could be."""
    before = await sandboxes.health()
    await sandboxes.open(learner)
    after = await sandboxes.health()

    assert before.engine
    assert after.running == before.running + 1
    assert after.capacity == before.capacity


async def test_a_snapshot_is_kept_listed_restored_and_forgotten(
    sandboxes: Sandboxes, learner: str
) -> None:
    """By its name; what is not there is said, and so is that there are enough."""
    with pytest.raises(SandboxGone):
        await sandboxes.take_snapshot(learner, "start")
    await sandboxes.open(learner)
    kept = await sandboxes.take_snapshot(learner, "start")
    assert kept.name == "start"
    assert [found.name for found in await sandboxes.snapshots(learner)] == ["start"]
    restored = await sandboxes.restore(learner, "start")
    assert (restored.state, restored.fresh) == ("running", False)
    with pytest.raises(NoSnapshot):
        await sandboxes.restore(learner, "another")
    for name in ("b", "c"):
        await sandboxes.take_snapshot(learner, name)
    with pytest.raises(TooManySnapshots):
        await sandboxes.take_snapshot(learner, "d")
    await sandboxes.remove_snapshot(learner, "start")
    await sandboxes.remove_snapshot(learner, "start")

    assert {found.name for found in await sandboxes.snapshots(learner)} == {"b", "c"}


async def test_files_go_in_and_out(sandboxes: Sandboxes, learner: str) -> None:
    """By paths that begin in the learner's folder; all of a file or nothing."""
    with pytest.raises(SandboxGone):
        await sandboxes.read_file(learner, "a")
    await sandboxes.open(learner)
    written = await sandboxes.write_file(learner, "web/a.html", b"\0<h1>\xff")
    listed = await sandboxes.list_files(learner, depth=2)

    assert (written.path, written.size_bytes) == ("/root/web/a.html", 6)
    assert await sandboxes.read_file(learner, "/root/web/a.html") == b"\0<h1>\xff"
    assert listed.folder == "/root"
    assert [(e.path, e.type) for e in listed.entries] == [("web", "folder"), ("web/a.html", "file")]
    assert listed.entries[1].size_bytes == 6


@pytest.mark.parametrize(
    ("path", "reason"), [("nothing", "missing"), ("web", "folder"), ("/", "folder")]
)
async def test_a_refused_file_has_a_reason(
    sandboxes: Sandboxes, learner: str, path: str, reason: str
) -> None:
    """The same in both directions, but for what is not there yet."""
    await sandboxes.open(learner)
    await sandboxes.write_file(learner, "web/a", b"")
    with pytest.raises(FileRefused) as read:
        await sandboxes.read_file(learner, path)
    assert read.value.reason == reason
    if reason == "folder":
        with pytest.raises(FileRefused, match="folder"):
            await sandboxes.write_file(learner, path, b"x")
    with pytest.raises(FileRefused, match="not_a_folder"):
        await sandboxes.list_files(learner, "web/a")
    with pytest.raises(BadRequest):
        await sandboxes.read_file(learner, "a\0b")


async def test_a_file_that_is_too_big_is_refused(sandboxes: Sandboxes, learner: str) -> None:
    """Before any of it is there."""
    await sandboxes.open(learner)
    with pytest.raises(FileRefused, match="too_big"):
        await sandboxes.write_file(learner, "big", bytes(8 * 1024 * 1024 + 1))
    with pytest.raises(FileRefused, match="missing"):
        await sandboxes.read_file(learner, "big")


async def test_where_nothing_is_published_there_is_no_picture(
    sandboxes: Sandboxes, learner: str
) -> None:
    """And it is said why."""
    await sandboxes.open(learner)
    with pytest.raises(NoPage) as refused:
        await sandboxes.screenshot(learner, 80)

    assert refused.value.problem == "refused"


async def test_nothing_is_left_of_who_is_forgotten(sandboxes: Sandboxes, learner: str) -> None:
    """Neither disk nor snapshots; twice is fine, and the next command finds a new disk."""
    await sandboxes.open(learner)
    await sandboxes.write_file(learner, "a", b"mine")
    await sandboxes.take_snapshot(learner, "saved")
    for _ in range(2):
        await sandboxes.forget(learner)
    with pytest.raises(SandboxGone):
        await sandboxes.view(learner)
    assert await sandboxes.snapshots(learner) == []
    assert (await sandboxes.open(learner)).fresh
    with pytest.raises(FileRefused, match="missing"):
        await sandboxes.read_file(learner, "a")
