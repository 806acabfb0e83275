"""Snapshots: what is kept, what is restored, and what becomes of who sits in the old sandbox."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from sandbox import disks
from sandbox import snapshots as module
from sandbox.copying import Changed, copy_disk
from sandbox.engine import Status
from sandbox.errors import (
    BadRequest,
    DiskFull,
    EngineFailed,
    HostEngineDown,
    NoSnapshot,
    SandboxGone,
    SandboxReset,
    TooManySnapshots,
)
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.stage import Stage


def write(stage: Stage, learner: str, what: bytes) -> None:
    """Put something on a learner's disk that is recognised again, long ago."""
    path = stage.home.disk(learner)
    with path.open("r+b") as file:
        file.write(what)
    os.utime(path, (1, 1))


def read(stage: Stage, learner: str) -> bytes:
    """The same again."""
    return stage.home.disk(learner).read_bytes()[:5]


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test does not make the machine write all that it has in memory."""
    monkeypatch.setattr(disks, "flush", lambda disks, inode: None)


async def make_kept(stage: Stage, learner: str = "1", name: str = "start") -> None:
    """A learner who has a snapshot with `first` on it, and `later` on the disk."""
    await stage.lifecycle.open(learner)
    write(stage, learner, b"first")
    await stage.snapshots.take(learner, name)
    write(stage, learner, b"later")


async def test_a_snapshot_is_kept_and_listed(stage: Stage) -> None:
    """Name, time and size; for root's eyes only."""
    await make_kept(stage)
    [kept] = await stage.snapshots.listed("1")

    assert kept.name == "start"
    assert 0 < kept.size_bytes < 16 * 1024 * 1024
    assert (stage.home.snapshots / "1").stat().st_mode & 0o777 == 0o700
    assert await stage.snapshots.listed("2") == []


async def test_the_sandbox_stands_still_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen, written out, copied, thawed; and it runs on afterwards, whatever happens."""
    await stage.lifecycle.open("1")
    seen: list[tuple[str, Status]] = []

    def status() -> Status:
        return stage.engine.states[stage.container_of("1")].status

    def flush(disks: Path, inode: int) -> None:
        assert inode == stage.disks.inode("1")
        seen.append(("flush", status()))

    def copy(source: Path, target: Path, **_: object) -> None:
        seen.append(("copy", status()))
        raise OSError("the disk is broken")

    monkeypatch.setattr(disks, "flush", flush)
    monkeypatch.setattr(module, "copy_disk", copy)
    with pytest.raises(OSError, match="broken"):
        await stage.snapshots.take("1", "start")

    assert seen == [("flush", Status.FROZEN), ("copy", Status.FROZEN)]
    assert stage.lifecycle.view("1").state == "running"
    assert stage.engine.running == {"1"}


async def test_the_way_in_bears_the_silence(stage: Stage) -> None:
    """Nobody answers for as long as a big disk is copied; what runs there must not be given up."""
    await stage.lifecycle.open("1")
    async with stage.lifecycle.still("1"):
        assert stage.insides["1"].rests

    assert not stage.insides["1"].rests
    assert not stage.insides["1"].closed


@pytest.mark.parametrize("how", ["time", "cancelled", "left"])
async def test_a_line_that_is_to_end_meanwhile_ends_after_the_thaw(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """What stands still can't be ended; it must not run on for that."""
    await stage.lifecycle.open("1")
    inside = stage.insides["1"]
    inside.programs["sleep 99"] = FakeProgram(hangs=True)
    ended_while: list[Status] = []
    interrupt, kill = inside.interrupt, inside.kill

    def note() -> None:
        ended_while.append(stage.engine.states[stage.container_of("1")].status)

    async def note_and_interrupt() -> None:
        note()
        await interrupt()

    async def note_and_kill(*, since: float) -> None:
        note()
        await kill(since=since)

    monkeypatch.setattr(inside, "interrupt", note_and_interrupt)
    monkeypatch.setattr(inside, "kill", note_and_kill)
    cancelled = asyncio.Event()
    limits = {"time_limit_s": 0.3} if how == "time" else {}
    running = asyncio.create_task(stage.run("1", "sleep 99", cancelled=cancelled, **limits))
    async with asyncio.timeout(5):
        while not inside.ran:  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.01)
    async with stage.lifecycle.still("1"):
        if how == "cancelled":
            cancelled.set()
        if how == "left":
            running.cancel()
        await asyncio.sleep(0.6)
    await asyncio.wait({running})

    assert inside.killed == 1
    assert set(ended_while) == {Status.RUNNING}


async def test_nobody_waits_for_what_died_while_it_stood_still(stage: Stage) -> None:
    """Its line ends at once, and the next one finds a sandbox."""
    await stage.lifecycle.open("1")
    inside = stage.insides["1"]
    inside.programs["sleep 99"] = program = FakeProgram(holds=True, dies=True)
    running = asyncio.create_task(stage.run("1", "sleep 99"))
    async with asyncio.timeout(5):
        while not inside.ran:  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.01)
    async with stage.lifecycle.still("1"):
        stage.engine.die(stage.container_of("1"), exit_code=137)
    program.let_go.set()
    async with asyncio.timeout(5):
        events = await running

    assert events[-1].model_dump()["error"] == SandboxGone.code
    assert (await stage.lifecycle.open("1")).state == "running"


async def test_a_thaw_that_fails_is_made_up_for(stage: Stage) -> None:
    """The engine went away while it was frozen: the next use thaws it."""
    await stage.lifecycle.open("1")

    async def break_off() -> None:
        async with stage.lifecycle.still("1"):
            stage.engine.down = True

    with pytest.raises(HostEngineDown):
        await break_off()
    stage.engine.down = False

    assert (await stage.lifecycle.open("1")).state == "running"
    assert stage.engine.running == {"1"}


async def test_a_stopped_sandbox_is_not_started_for_it(stage: Stage) -> None:
    """Its disk stands still already."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    await stage.snapshots.take("1", "start")

    assert stage.engine.running == set()


async def test_a_disk_that_is_still_written_is_copied_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel may be late; one that never stops is said."""
    await stage.lifecycle.open("1")
    tries = 0

    def copy(source: Path, target: Path, **_: object) -> None:
        nonlocal tries
        tries += 1
        if tries != 2:
            raise Changed
        target.touch()

    monkeypatch.setattr(module, "copy_disk", copy)
    await stage.snapshots.take("1", "start")
    with pytest.raises(EngineFailed, match="written all the time"):
        await stage.snapshots.take("1", "start")


async def test_a_snapshot_is_restored_by_a_swap(stage: Stage) -> None:
    """The old sandbox is ended behind everybody's back; the snapshot stays for the next time."""
    await make_kept(stage)
    old = stage.container_of("1")
    view = await stage.snapshots.restore("1", "start")
    await stage.lifecycle.let_go()

    assert (view.state, view.fresh) == ("running", False)
    assert read(stage, "1") == b"first"
    assert stage.engine.ended == [old]
    assert len(await stage.snapshots.listed("1")) == 1


async def test_another_learners_snapshot_makes_a_fork(stage: Stage) -> None:
    """Also for who never had a disk; nothing of the other's changes."""
    await make_kept(stage)
    await stage.snapshots.restore("2", "start", of="1")

    assert (read(stage, "1"), read(stage, "2")) == (b"later", b"first")
    assert stage.engine.running == {"1", "2"}


async def test_a_command_in_the_old_sandbox_hears_why(stage: Stage) -> None:
    """It ends as after a reset."""
    await make_kept(stage)
    stage.insides["1"].programs["sleep 99"] = program = FakeProgram(holds=True, dies=True)
    running = asyncio.create_task(stage.run("1", "sleep 99"))
    await asyncio.sleep(0.02)
    await stage.snapshots.restore("1", "start")
    program.let_go.set()

    assert (await running)[-1].model_dump()["error"] == SandboxReset.code


async def test_what_is_not_there_can_not_be_restored(stage: Stage) -> None:
    """And costs nobody anything."""
    await make_kept(stage)
    with pytest.raises(NoSnapshot):
        await stage.snapshots.restore("1", "other")
    with pytest.raises(NoSnapshot):
        await stage.snapshots.restore("1", "start", of="7")
    with pytest.raises(SandboxGone):
        await stage.snapshots.take("7", "start")

    assert read(stage, "1") == b"later"
    assert stage.engine.running == {"1"}


async def test_there_are_so_many_and_no_more(stage: Stage) -> None:
    """The same name again replaces the old one; removing one makes room."""
    for name in ("a", "b", "c", "c"):
        await make_kept(stage, name=name)
    with pytest.raises(TooManySnapshots):
        await stage.snapshots.take("1", "d")
    await stage.snapshots.remove("1", "a")
    await stage.snapshots.remove("1", "a")
    await stage.snapshots.take("1", "d")

    assert {kept.name for kept in await stage.snapshots.listed("1")} == {"b", "c", "d"}


@pytest.mark.parametrize("name", ["", "..", "../2/start", "a/b", "A", "é", "a" * 41, "a\n"])
async def test_a_name_is_never_a_path(stage: Stage, name: str) -> None:
    """Whoever calls."""
    await stage.lifecycle.open("1")
    with pytest.raises(BadRequest):
        await stage.snapshots.take("1", name)
    with pytest.raises(BadRequest):
        await stage.snapshots.restore("1", name)


async def test_a_full_machine_keeps_and_restores_nothing(stage: Stage) -> None:
    """And what was there is there."""
    await make_kept(stage)
    stage.disks._free_mib = 2**40
    with pytest.raises(DiskFull):
        await stage.snapshots.take("1", "start")
    with pytest.raises(DiskFull):
        await stage.snapshots.restore("1", "start")

    assert read(stage, "1") == b"later"
    assert len(await stage.snapshots.listed("1")) == 1
    assert stage.engine.running == {"1"}


async def test_a_restore_that_is_given_up_leaves_one_of_both_disks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody goes on in a sandbox whose disk has no name any more."""
    await make_kept(stage)
    copying = asyncio.Event()
    loop = asyncio.get_running_loop()

    def copy(source: Path, target: Path, **_: object) -> None:
        loop.call_soon_threadsafe(copying.set)
        copy_disk(source, target, may_go_on=lambda: None)

    monkeypatch.setattr(module, "copy_disk", copy)
    restoring = asyncio.create_task(stage.snapshots.restore("1", "start"))
    await copying.wait()
    restoring.cancel()
    await asyncio.wait({restoring})

    assert restoring.cancelled()
    assert read(stage, "1") == b"first"
    assert stage.lifecycle.view("1").state == "stopped"
    assert (await stage.lifecycle.open("1")).state == "running"


async def test_a_reset_keeps_the_snapshots(stage: Stage) -> None:
    """A reset to the start of a lesson needs them."""
    await make_kept(stage)
    await stage.lifecycle.reset("1")

    assert len(await stage.snapshots.listed("1")) == 1


async def test_of_a_learner_who_is_forgotten_nothing_is_left(stage: Stage) -> None:
    """No disk, no snapshot, no warning, no place; others keep theirs, and twice is fine."""
    await make_kept(stage)
    await stage.lifecycle.open("1")
    await stage.lifecycle.open("2")
    stage.home.disk("1").with_suffix(".warned").write_text("1")
    for _ in range(2):
        await stage.lifecycle.forget("1", stage.retention)

    assert await stage.snapshots.listed("1") == []
    assert [path.name for path in stage.home.disks.iterdir()] == ["2.img"]
    assert stage.lifecycle.learners == ["2"]
    with pytest.raises(SandboxGone):
        stage.lifecycle.view("1")
    await stage.lifecycle.sync()
    assert len(stage.engine.running) == 1


async def test_who_is_forgotten_in_the_middle_of_a_command_hears_so(stage: Stage) -> None:
    """The command ends, and the next one begins on an empty disk."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["sleep 99"] = program = FakeProgram(holds=True, dies=True)
    running = asyncio.create_task(stage.run("1", "sleep 99"))
    await asyncio.sleep(0.02)
    await stage.lifecycle.forget("1", stage.retention)
    program.let_go.set()

    assert (await running)[-1].model_dump()["error"] == SandboxGone.code
    assert (await stage.lifecycle.open("1")).fresh


async def test_who_waits_in_line_can_be_forgotten(tmp_path: Path) -> None:
    """In a full house, too: nothing needs to start for it."""
    stage = Stage(tmp_path, capacity=1)
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    await stage.lifecycle.open("2")
    assert (await stage.lifecycle.open("1")).state == "waiting"
    await stage.lifecycle.forget("1", stage.retention)

    assert stage.places.waiting == 0
    assert not stage.disks.exists("1")


async def test_who_waited_while_all_was_deleted_makes_nothing_new(stage: Stage) -> None:
    """A line that stood behind another one; a line that comes later is a new beginning."""
    await stage.lifecycle.open("1")
    since = stage.lifecycle.times_forgotten("1")
    await stage.lifecycle.forget("1", stage.retention)

    with pytest.raises(SandboxGone):
        async with stage.lifecycle.use("1", since=since):
            pass
    assert not stage.disks.exists("1")
    async with stage.lifecycle.use("1", since=stage.lifecycle.times_forgotten("1")):
        assert stage.disks.exists("1")
