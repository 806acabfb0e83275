"""What ends a sandbox by itself, what puts that off, and what its learner is told."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from sandbox.contract import Started
from sandbox.errors import HardLimit, HostEngineDown, SandboxError, SandboxGone, StartFailed
from sandbox.heartbeat import Heartbeat
from sandbox.retention import DAY_S
from sandbox.rounds import AT_ONCE
from tests.unit.sandbox.stage import DEADLINES, Stage


async def full(root: Path, sandboxes: int) -> Stage:
    """A house in which so many run."""
    stage = Stage(root, capacity=sandboxes)
    for number in range(sandboxes):
        await stage.lifecycle.open(str(number))
    return stage


async def started(stage: Stage, learner: str = "1") -> Started:
    """How a command of the learner begins."""
    [event] = [e for e in await stage.run(learner, "docker ps") if isinstance(e, Started)]
    return event


async def test_the_timers_are_shown(stage: Stage) -> None:
    """Each as seconds from now."""
    await stage.lifecycle.open("1")
    stage.clock.now += 100
    timers = stage.lifecycle.view("1").timers

    assert timers is not None
    assert timers.freeze_s == DEADLINES.freeze_s - 100
    assert timers.idle_stop_s == DEADLINES.idle_s - 100
    assert timers.hard_stop_s == DEADLINES.hard_s - 100


async def test_the_hard_limit_ends_what_is_in_use(stage: Stage) -> None:
    """Whoever uses it is told which limit it was."""
    with pytest.raises(HardLimit, match="12 hours"):  # noqa: PT012 - the use ends with it
        async with stage.lifecycle.use("1"):
            stage.clock.now += DEADLINES.hard_s
            await stage.lifecycle.meet_deadlines()
            raise SandboxGone("the connection broke")

    assert stage.lifecycle.view("1").ended_because == "hard_limit"
    assert (await started(stage)).ended_because == "hard_limit"


async def test_the_hard_limit_is_announced(stage: Stage) -> None:
    """With each command in the last ten minutes."""
    await stage.lifecycle.open("1")
    assert (await started(stage)).hard_stop_s is None
    stage.clock.now += DEADLINES.hard_s - 500

    assert (await started(stage)).hard_stop_s == 500


async def test_extending_puts_the_stops_off(stage: Stage) -> None:
    """The idle one and the hard one."""
    await stage.lifecycle.open("1")
    stage.clock.now += DEADLINES.hard_s - 500
    view = await stage.lifecycle.extend("1", by_s=3600)
    stage.clock.now += 3599
    await stage.lifecycle.meet_deadlines()

    assert view.timers is not None
    assert view.timers.hard_stop_s == 3600
    assert stage.lifecycle.view("1").state == "frozen"
    stage.clock.now += 1
    await stage.lifecycle.meet_deadlines()
    assert stage.lifecycle.view("1").state == "stopped"


async def test_only_what_runs_can_be_extended(stage: Stage) -> None:
    """There is nothing to keep."""
    with pytest.raises(SandboxGone):
        await stage.lifecycle.extend("1", by_s=60)


async def test_the_hard_limit_counts_over_a_restart_of_the_service(tmp_path: Path) -> None:
    """The container's age is its age."""
    before = Stage(tmp_path)
    await before.lifecycle.open("1")
    after = Stage(tmp_path)
    after.engine.states = before.engine.states
    [(container, state)] = after.engine.states.items()
    after.engine.states[container] = replace(state, created_at=time.time() - 1000)
    await after.lifecycle.sync()
    timers = after.lifecycle.view("1").timers

    assert timers is not None
    assert timers.hard_stop_s == pytest.approx(DEADLINES.hard_s - 1000, abs=60)


def restarted(before: Stage, *, age_s: float) -> Stage:
    """The next service of the same home; the container is so old."""
    after = Stage(before.home.root)
    after.engine.states = {
        container: replace(state, created_at=time.time() - age_s)
        for container, state in before.engine.states.items()
    }
    return after


async def hard_stop_s(stage: Stage) -> float:
    """How long the learner's sandbox may still run, after a round."""
    await stage.lifecycle.sync()
    await stage.lifecycle.meet_deadlines()
    timers = stage.lifecycle.view("1").timers
    assert timers is not None
    return timers.hard_stop_s or 0


async def test_the_hard_limit_counts_from_the_hand_out_over_a_restart(tmp_path: Path) -> None:
    """However long it waited in the pool before."""
    before = Stage(tmp_path, warm=1)
    await before.lifecycle.pool.fill()
    await before.lifecycle.open("1")
    before.clock.now += 1000
    after = restarted(before, age_s=DEADLINES.hard_s * 2)

    assert await hard_stop_s(after) == pytest.approx(DEADLINES.hard_s, abs=60)


async def test_an_extension_outlives_the_service(tmp_path: Path) -> None:
    """It was promised; but it is of the sandbox that it was asked for."""
    before = Stage(tmp_path)
    await before.lifecycle.open("1")
    before.clock.now += DEADLINES.hard_s - 500
    await before.lifecycle.extend("1", by_s=3600)
    after = restarted(before, age_s=DEADLINES.hard_s - 500)
    assert await hard_stop_s(after) == pytest.approx(3600, abs=60)

    await after.lifecycle.close("1")
    await after.lifecycle.open("1")
    again = restarted(after, age_s=DEADLINES.hard_s - 1000)
    assert await hard_stop_s(again) == pytest.approx(1000, abs=60)


@pytest.mark.parametrize("spoilt", ["", "{}", '{"sandbox_id": 1}', "[" * 100_000])
async def test_who_finds_a_sandbox_beyond_its_limit_warns_first(
    tmp_path: Path, spoilt: str
) -> None:
    """The service was away while the time came near, and nobody could be told."""
    before = Stage(tmp_path)
    await before.lifecycle.open("1")
    before.home.times("1").write_text(spoilt)
    after = restarted(before, age_s=DEADLINES.hard_s + 100)
    assert await hard_stop_s(after) == 600
    assert (await started(after)).hard_stop_s == 600
    after.clock.now += 600
    await after.lifecycle.meet_deadlines()

    assert after.lifecycle.view("1").ended_because == "hard_limit"


async def test_times_go_with_the_disk(stage: Stage) -> None:
    """Of who is forgotten nothing is left, nor of who was forgotten while they were written."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.extend("1", by_s=3600)
    assert stage.home.times("1").exists()
    await stage.lifecycle.forget("1", stage.retention)
    assert list(stage.home.disks.iterdir()) == []
    stage.home.times("1").write_text("late")
    await stage.lifecycle.sync()

    assert list(stage.home.disks.iterdir()) == []


async def test_times_that_can_not_be_kept_cost_nothing_now(stage: Stage) -> None:
    """The disk of the machine may be full just then."""
    await stage.lifecycle.open("1")
    stage.home.times("1").mkdir()
    view = await stage.lifecycle.extend("1", by_s=DEADLINES.idle_s * 2)

    assert view.timers is not None
    assert view.timers.idle_stop_s == DEADLINES.idle_s * 2


async def test_orphans_are_stopped(stage: Stage) -> None:
    """After a long absence of the service; their learner is told that nobody was there."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.stop_orphans(away_s=DEADLINES.orphaned_s - 1)
    assert stage.engine.running == {"1"}
    await stage.lifecycle.stop_orphans(away_s=DEADLINES.orphaned_s)

    assert stage.engine.running == set()
    assert stage.lifecycle.view("1").ended_because == "orphaned"


async def test_an_orphan_that_can_not_be_stopped_is_left_to_the_rounds(stage: Stage) -> None:
    """The service starts all the same, and the others are stopped."""
    for learner in "123":
        await stage.lifecycle.open(learner)
    stage.engine.refuses[stage.container_of("1")] = HostEngineDown("can't kill it")
    await stage.lifecycle.stop_orphans(away_s=DEADLINES.orphaned_s)

    assert stage.engine.running == {"1"}


@pytest.mark.parametrize(
    ("unused_s", "error"),
    [(DEADLINES.idle_s, HostEngineDown("can't kill it")), (DEADLINES.freeze_s, StartFailed("no"))],
)
async def test_one_that_can_not_be_changed_does_not_keep_the_others(
    stage: Stage, unused_s: float, error: SandboxError
) -> None:
    """The engine refuses to stop one, or to freeze it: what is due to the others is done."""
    for learner in "123":
        await stage.lifecycle.open(learner)
    stage.engine.refuses[stage.container_of("1")] = error
    stage.clock.now += unused_s
    with capture_logs() as logs:
        await stage.lifecycle.meet_deadlines()

    assert stage.engine.running == {"1"}
    assert [log["event"] for log in logs].count("sandbox_not_changed") == 1


async def test_an_engine_that_is_down_ends_the_round(tmp_path: Path) -> None:
    """It is asked whether it is by those who look after some at once, not for each sandbox."""
    stage = await full(tmp_path, 3 * AT_ONCE)
    stage.clock.now += DEADLINES.idle_s
    stage.engine.down = True
    with capture_logs() as logs, pytest.raises(HostEngineDown):
        await stage.lifecycle.meet_deadlines()

    assert 1 <= [log["event"] for log in logs].count("sandbox_not_changed") <= AT_ONCE


async def test_many_are_stopped_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other is slower than a class leaves; all at once is too much for an engine."""
    stage = await full(tmp_path, 3 * AT_ONCE)
    all_of_them, stopping, most = asyncio.Barrier(AT_ONCE), 0, 0
    remove = stage.engine.remove

    async def watched(container_id: str) -> None:
        nonlocal stopping, most
        stopping += 1
        most = max(most, stopping)
        await all_of_them.wait()
        await remove(container_id)
        stopping -= 1

    monkeypatch.setattr(stage.engine, "remove", watched)
    stage.clock.now += DEADLINES.idle_s
    async with asyncio.timeout(5):
        await stage.lifecycle.meet_deadlines()

    assert stage.engine.running == set()
    assert most == AT_ONCE


def test_the_heartbeat_tells_how_long_nobody_was_there(tmp_path: Path) -> None:
    """From the last sign of life; a new home never had one."""
    heart = Heartbeat(tmp_path / "alive", now=lambda: 5000.0)
    assert heart.away_s() == 0
    heart.beat()
    os.utime(tmp_path / "alive", (4000, 4000))

    assert heart.away_s() == 1000


async def test_a_crash_is_told_as_one(stage: Stage) -> None:
    """Not the learner's doing, and not ours."""
    await stage.lifecycle.open("1")
    stage.engine.die(stage.container_of("1"), exit_code=75)
    await stage.lifecycle.sync()

    assert stage.lifecycle.view("1").ended_because == "crashed"


def make_old(stage: Stage, learner: str, days: float) -> None:
    """Let the disk be unused for so long."""
    disk = stage.home.disk(learner)
    at = disk.stat().st_mtime - days * DAY_S
    os.utime(disk, (at, at))


async def test_an_expired_disk_is_deleted_after_the_warning(stage: Stage) -> None:
    """And not before; the learner is then as new."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    make_old(stage, "1", 68)
    await stage.lifecycle.delete_expired(stage.retention)
    assert stage.disks.exists("1")
    assert stage.retention.warned("1")
    warning = stage.home.disks / "1.warned"
    warning.write_text(str(float(warning.read_text()) - 7 * DAY_S))
    await stage.lifecycle.delete_expired(stage.retention)

    assert not stage.disks.exists("1")
    assert not warning.exists()


async def test_who_runs_is_never_deleted(stage: Stage) -> None:
    """However old the file looks."""
    await stage.lifecycle.open("1")
    make_old(stage, "1", 68)
    stage.retention.warned("1")
    warning = stage.home.disks / "1.warned"
    warning.write_text(str(float(warning.read_text()) - 7 * DAY_S))
    await stage.lifecycle.delete_expired(stage.retention)

    assert stage.disks.exists("1")


async def test_a_start_shows_when_it_is_overdue(stage: Stage) -> None:
    """Then it is ended, and said."""
    stage.engine.start_s = 0.2
    opening = asyncio.create_task(stage.lifecycle.open("1"))
    await asyncio.sleep(0.1)
    stage.clock.now += 2
    view = stage.lifecycle.view("1")
    await opening

    assert view.state == "starting"
    assert view.timers is not None
    assert view.timers.start_overdue_s == DEADLINES.start_s - 2
