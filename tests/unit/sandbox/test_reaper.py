"""The rounds that keep order when nobody asks."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from sandbox.engine import Status
from sandbox.errors import HostEngineDown
from sandbox.leftovers import Leftovers
from sandbox.metrics import Metrics
from sandbox.reaper import Reaper
from sandbox.steadiness import Steadiness
from tests.unit.sandbox.scrape import samples
from tests.unit.sandbox.stage import DEADLINES, FakeClock, Stage


async def test_a_round_stops_what_is_idle(stage: Stage) -> None:
    """After the time that the operator set."""
    await stage.lifecycle.open("1")
    stage.clock.now += DEADLINES.idle_s + 1
    await Reaper(stage.lifecycle, stage.disks).round()

    assert stage.engine.running == set()


async def test_one_that_can_not_be_removed_does_not_end_the_round(stage: Stage) -> None:
    """The engine keeps a dead container: the next ones are removed, and what is idle is stopped."""
    for learner in "123":
        await stage.lifecycle.open(learner)
    for learner in "12":
        stage.engine.die(stage.container_of(learner), exit_code=137)
    stage.engine.refuses[stage.container_of("1")] = HostEngineDown("device or resource busy")
    stage.clock.now += DEADLINES.idle_s
    await Reaper(stage.lifecycle, stage.disks).round()

    assert [state.learner for state in stage.engine.states.values()] == ["1"]


async def test_a_dead_host_engine_is_said_once_and_so_is_its_return(stage: Stage) -> None:
    """Not every fifteen seconds."""
    reaper = Reaper(stage.lifecycle, stage.disks)
    with capture_logs() as logs:
        stage.engine.down = True
        await reaper.round()
        await reaper.round()
        stage.engine.down = False
        await reaper.round()

    assert [entry["event"] for entry in logs] == ["host_engine_down", "host_engine_back"]


async def test_a_round_that_hangs_ends_and_is_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the time that it had, so that an operator knows what happened."""
    monkeypatch.setattr("sandbox.reaper.ROUND_TIMEOUT_S", 0.01)
    monkeypatch.setattr(stage.lifecycle, "sync", asyncio.Event().wait)
    with capture_logs() as logs:
        await Reaper(stage.lifecycle, stage.disks).round()

    assert [(log["event"], log["after_s"]) for log in logs] == [("reaper_round_too_long", 0.01)]


async def test_a_bug_in_a_round_is_not_the_last_round(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged with its traceback, and the rounds go on."""
    rounds = 0

    async def sync() -> None:
        nonlocal rounds
        rounds += 1
        raise ZeroDivisionError

    monkeypatch.setattr(stage.lifecycle, "sync", sync)
    with capture_logs() as logs:
        running = asyncio.create_task(Reaper(stage.lifecycle, stage.disks, round_s=0.01).run())
        await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.wait({running})

    assert rounds > 2
    assert logs[0]["event"] == "reaper_round_failed"


async def test_what_a_round_removes_is_said_and_counted(stage: Stage) -> None:
    """An operator may want to know that somebody dies and leaves things behind."""
    await stage.lifecycle.open("1")
    stage.engine.die(stage.container_of("1"), exit_code=137)
    stage.home.socket_folder("0123").mkdir()
    stage.home.disk("pool-0123").touch()
    unfinished = stage.home.disks / "2.new"
    unfinished.touch()
    os.utime(unfinished, (1, 1))
    metrics = Metrics()
    with capture_logs() as logs:
        reaper = Reaper(stage.lifecycle, stage.disks, metrics=metrics)
        await reaper.round()
        await reaper.round()

    said = next(entry for entry in logs if entry["event"] == "reaper_removed")
    counts = [said[what] for what in ("container", "pool_disk", "unfinished_disk")]
    assert counts == [1, 1, 1]
    numbers = samples(metrics.exposed(await stage.ability.snapshot()).decode())
    assert numbers['docent_reaped_total{what="container"}'] == 1
    assert numbers['docent_reaped_total{what="socket_folder"}'] >= 1


async def test_what_is_left_on_the_host_is_swept(tmp_path: Path) -> None:
    """By what all homes on it have: another one's sandboxes are not ours to judge."""
    stage = Stage(tmp_path)
    asked: list[tuple[set[str], set[int]]] = []

    class Watched(Leftovers):
        def sweep(self, *, containers: Collection[str], inodes: Collection[int]) -> Counter[str]:
            asked.append((set(containers), set(inodes)))
            return Counter(cgroup=2)

    stage.lifecycle._order._leftovers = Watched(tmp_path)
    await stage.lifecycle.open("1")
    theirs = stage.engine.put("9", home="another", status=Status.RUNNING, disk_inode=77)
    removed = await stage.lifecycle.sync()

    assert removed == {"cgroup": 2}
    [(containers, inodes)] = asked
    assert containers == {stage.container_of("1"), theirs}
    assert inodes == {stage.disks.inode("1"), 77}


async def test_a_sandbox_of_an_older_image_is_known_as_such(stage: Stage) -> None:
    """It runs on; the next start moves the learner, with the disk."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.sync()
    assert (stage.lifecycle.outdated, stage.lifecycle.view("1").outdated) == (0, False)
    stage.engine.images["docent/engine:latest"] = "sha256:2"
    await stage.lifecycle.sync()
    assert (stage.lifecycle.outdated, stage.lifecycle.view("1").outdated) == (1, True)
    await stage.lifecycle.close("1")
    await stage.lifecycle.open("1")

    assert not stage.lifecycle.view("1").outdated


async def test_no_disk_is_deleted_by_a_clock_that_nobody_can_believe(stage: Stage) -> None:
    """Set a year ahead by mistake, it makes everybody's disk old at once."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    os.utime(stage.home.disk("1"), (1, 1))
    stage.retention.warned("1")
    (stage.home.disks / "1.warned").write_text("2.0")
    clock = FakeClock()
    steadiness = Steadiness(clock=clock, now=clock, steady_s=60)
    reaper = Reaper(stage.lifecycle, stage.disks, retention=stage.retention, steadiness=steadiness)
    await reaper.round()
    assert stage.disks.exists("1")
    clock.now += 60
    await reaper.round()

    assert not stage.disks.exists("1")
