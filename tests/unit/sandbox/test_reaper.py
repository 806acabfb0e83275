"""The rounds that keep order when nobody asks."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from sandbox.reaper import Reaper
from tests.unit.sandbox.stage import DEADLINES, Stage


async def test_a_round_stops_what_is_idle(stage: Stage) -> None:
    """After the time that the operator set."""
    await stage.lifecycle.open("1")
    stage.clock.now += DEADLINES.idle_s + 1
    await Reaper(stage.lifecycle, stage.disks).round()

    assert stage.engine.running == set()


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
