"""Who may grow when the machine's disk is nearly full."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from sandbox.contract import RunFailed, Started
from sandbox.disk_guard import DiskGuard
from sandbox.disks import MIB
from sandbox.engine import Status
from sandbox.errors import StartFailed
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.stage import Stage

RESERVE_MIB = 100


class Filling:
    """A machine whose free space, and what disks take of it, are told."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free_mib = 1000
        self.taken_mib: dict[str, int] = {}
        monkeypatch.setattr(stage.disks, "free_bytes", lambda: self.free_mib * MIB)
        monkeypatch.setattr(stage.disks, "sizes", self._sizes)

    def _sizes(self, learners: list[str]) -> dict[str, int]:
        return {learner: self.taken_mib.get(learner, 1) * MIB for learner in learners}


@pytest.fixture
def filling(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Filling:
    """It has enough, until it is told otherwise."""
    return Filling(stage, monkeypatch)


@pytest.fixture
def guard(stage: Stage, filling: Filling) -> DiskGuard:
    """A guard that looks when told to."""
    return DiskGuard(stage.lifecycle, stage.disks, free_mib=RESERVE_MIB, look_s=0.01)


FILLER, SLOW, QUIET = "1", "2", "3"


async def test_who_fills_the_machine_is_stopped_and_nobody_else(
    stage: Stage, filling: Filling, guard: DiskGuard
) -> None:
    """Not before half of the reserve is gone; what grows little by little counts as well."""
    for learner in (FILLER, SLOW, QUIET):
        await stage.lifecycle.open(learner)
    filling.free_mib, filling.taken_mib = 60, {FILLER: 40}
    await guard.look()
    assert stage.engine.running == {FILLER, SLOW, QUIET}
    for looks in range(1, 6):
        filling.free_mib, filling.taken_mib = 49, {FILLER: 60, SLOW: 1 + looks}
        await guard.look()
    await guard.finish()

    assert stage.engine.running == {QUIET}
    assert len(stage.engine.ended) == 2, "there is no time for an orderly stop"
    assert stage.home.disk(FILLER).exists()


async def test_a_full_machine_that_nobody_fills_stops_nobody(
    stage: Stage, filling: Filling, guard: DiskGuard
) -> None:
    """It may be somebody else's files; what a learner took long ago is theirs."""
    await stage.lifecycle.open("1")
    filling.free_mib, filling.taken_mib = 1, {"1": 4000}
    for _ in range(3):
        await guard.look()

    assert stage.engine.running == {"1"}


async def test_one_that_is_slow_to_end_does_not_let_the_others_fill_it(
    stage: Stage, filling: Filling, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard goes on looking, and ends each once."""
    for learner in (FILLER, SLOW, QUIET):
        await stage.lifecycle.open(learner)
    stuck, let_go, asked = stage.container_of(FILLER), asyncio.Event(), 0
    end = stage.engine.end

    async def end_slowly(container_id: str) -> None:
        nonlocal asked
        if container_id == stuck:
            asked += 1
            await let_go.wait()
        await end(container_id)

    monkeypatch.setattr(stage.engine, "end", end_slowly)
    filling.free_mib = 60
    await guard.look()
    async with asyncio.timeout(5):
        filling.free_mib, filling.taken_mib = 49, {FILLER: 60}
        await guard.look()
        filling.taken_mib = {FILLER: 70, SLOW: 50}
        await guard.look()
        while SLOW in stage.engine.running:  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.01)
    assert asked == 1
    let_go.set()
    await guard.finish()

    assert stage.engine.running == {QUIET}
    assert asked == 1


async def test_a_stop_that_fails_is_said_and_tried_again(
    stage: Stage, filling: Filling, guard: DiskGuard
) -> None:
    """The host's engine was away for a moment."""
    await stage.lifecycle.open(FILLER)
    filling.free_mib = 60
    await guard.look()
    stage.engine.end_error = StartFailed("not now")
    filling.free_mib, filling.taken_mib = 49, {FILLER: 60}
    with capture_logs() as logs:
        await guard.look()
        await guard.finish()
    assert "disk_guard_failed" in [entry["event"] for entry in logs]
    stage.engine.end_error = None
    await guard.look()
    await guard.finish()

    assert stage.engine.states == {}


@pytest.mark.parametrize("dies", [True, False])
async def test_the_command_that_filled_it_is_told_why(
    stage: Stage, filling: Filling, guard: DiskGuard, dies: bool
) -> None:
    """With the limit's own name, whether its program ends in order or with the sandbox."""
    await stage.lifecycle.open("1")
    program = FakeProgram(dies=dies, holds=True)
    stage.insides["1"].programs["dd"] = program
    running = asyncio.create_task(stage.run("1", "dd"))
    await asyncio.sleep(0.05)
    filling.free_mib = 60
    await guard.look()
    filling.free_mib, filling.taken_mib = 49, {"1": 50}
    await guard.look()
    await guard.finish()
    program.let_go.set()
    events = await running

    assert isinstance(events[0], Started)
    assert isinstance(events[-1], RunFailed)
    assert events[-1].error == "disk_full"
    assert "of the machine's disk" in events[-1].detail


async def test_a_look_that_fails_is_not_the_last(
    stage: Stage, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and the next one comes."""
    looked_again = asyncio.Event()
    answers = iter([OSError(5, "broken"), ZeroDivisionError()])

    def free_bytes() -> int:
        for error in answers:
            raise error
        looked_again.set()
        return 1000 * MIB

    monkeypatch.setattr(stage.disks, "free_bytes", free_bytes)
    with capture_logs() as logs:
        running = asyncio.create_task(guard.run())
        async with asyncio.timeout(5):
            await looked_again.wait()
        running.cancel()
        await asyncio.wait({running})

    assert [entry["event"] for entry in logs] == ["disk_guard_failed"] * 2


@pytest.mark.parametrize(("free_mib", "looks"), [(100_000, 1), (60, 4), (40, 4)])
async def test_little_room_is_looked_at_closely(
    stage: Stage, filling: Filling, monkeypatch: pytest.MonkeyPatch, free_mib: int, looks: int
) -> None:
    """A second is enough to write all that is left; where there is plenty, it is not."""
    looked = 0

    def free_bytes() -> int:
        nonlocal looked
        looked += 1
        return free_mib * MIB

    monkeypatch.setattr(stage.disks, "free_bytes", free_bytes)
    guard = DiskGuard(stage.lifecycle, stage.disks, free_mib=RESERVE_MIB, look_s=60)
    running = asyncio.create_task(guard.run())
    for _ in range(1000):  # long before it is looked at as usual
        if looked < looks:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.wait({running})

    assert looked >= looks
    assert (looked > 1) == (looks > 1)


@pytest.mark.parametrize("can_freeze", [True, False])
async def test_nothing_is_written_while_it_is_ended(
    stage: Stage,
    filling: Filling,
    guard: DiskGuard,
    monkeypatch: pytest.MonkeyPatch,
    can_freeze: bool,
) -> None:
    """It is frozen first; where the engine can't, it ends nevertheless."""
    statuses: list[Status] = []
    freeze, end = stage.engine.freeze, stage.engine.end

    async def try_freeze(container_id: str) -> None:
        if not can_freeze:
            raise StartFailed("no freezer")
        await freeze(container_id)

    async def note_and_end(container_id: str) -> None:
        statuses.append(stage.engine.states[container_id].status)
        await end(container_id)

    monkeypatch.setattr(stage.engine, "freeze", try_freeze)
    monkeypatch.setattr(stage.engine, "end", note_and_end)
    await stage.lifecycle.open(FILLER)
    filling.free_mib = 60
    await guard.look()
    filling.free_mib, filling.taken_mib = 40, {FILLER: 21}
    await guard.look()
    await guard.finish()

    assert statuses == [Status.FROZEN if can_freeze else Status.RUNNING]
    assert stage.lifecycle.view(FILLER).state == "stopped"
