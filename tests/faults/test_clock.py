"""The machine's clock jumps: nobody's sandbox ends or is deleted for that."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tests.faults.hurried import JUMP_FILE
from tests.faults.scene import Scene
from tests.faults.short_days import STEADY_S
from tests.faults.stages import FROZEN, IDLE, OPENING, RUNNING, Stage, under_way

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

YEAR_S = 366 * 86_400
ROUNDS_S = 1.5
"""Time for the reaper to draw wrong conclusions, in three rounds."""
UNUSED_S = 70 * 86_400
"""Longer than disks are kept without a warning."""

JUMPS = pytest.mark.parametrize("jump_s", [YEAR_S, -YEAR_S], ids=("forward", "back"))


@contextmanager
def clock_set(scene: Scene, jump_s: int) -> Generator[None]:
    """Somebody set the machine's clock, and sets it right at the end."""
    file = scene.service.home.root / JUMP_FILE
    file.write_text(str(jump_s))
    try:
        yield
    finally:
        file.unlink()


@JUMPS
@pytest.mark.parametrize("stage", [IDLE, OPENING, RUNNING, FROZEN], ids=lambda s: s.name)
async def test_the_clock_jumps(scene: Scene, stage: Stage, jump_s: int) -> None:
    """By a year, for good: deadlines are by another clock, and no disk goes without a warning."""
    async with under_way(scene, stage):
        before = scene.containers()
        scene.service.home.root.joinpath(JUMP_FILE).write_text(str(jump_s))
        await asyncio.sleep(ROUNDS_S)
        assert scene.service.said("clock_jumped")
        assert scene.containers() == before, "a sandbox ended for that"
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


@JUMPS
async def test_the_clock_jumps_while_nobody_looks(scene: Scene, jump_s: int) -> None:
    """The next service may take what runs for abandoned, and stop it; nothing more."""
    await scene.settle()
    scene.service.stop()
    scene.service.home.root.joinpath(JUMP_FILE).write_text(str(jump_s))
    await asyncio.to_thread(scene.service.start)
    assert scene.service.said("sandboxes_orphaned") == (jump_s > 0)
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


async def test_a_warned_learner_has_the_time_that_was_promised(scene: Scene) -> None:
    """A clock that is a year ahead for a moment deletes nobody's disk before its time."""
    await scene.settle()
    await scene.client.close(scene.learner)
    long_ago = time.time() - UNUSED_S
    os.utime(scene.service.home.disk(scene.learner), (long_ago, long_ago))
    await scene.client.warned(scene.learner)
    with clock_set(scene, YEAR_S):
        assert [disk.unused_days > 400 for disk in await scene.client.expiring()] == [True]
        await asyncio.sleep(ROUNDS_S)
    await asyncio.sleep(STEADY_S + ROUNDS_S)
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()
