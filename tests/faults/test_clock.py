"""The machine's clock jumps: nobody's sandbox ends or is deleted for that."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.scene import Scene
from tests.faults.stages import FROZEN, IDLE, OPENING, RUNNING, Stage, under_way

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

YEAR_S = 366 * 86_400
ROUNDS_S = 2.0
"""Time for the reaper to draw wrong conclusions."""


@pytest.mark.parametrize("jump_s", [YEAR_S, -YEAR_S], ids=("forward", "back"))
@pytest.mark.parametrize("stage", [IDLE, OPENING, RUNNING, FROZEN], ids=lambda s: s.name)
async def test_the_clock_jumps(scene: Scene, stage: Stage, jump_s: int) -> None:
    """By a year: deadlines are by another clock, and no disk goes without a warning."""
    async with under_way(scene, stage):
        scene.service.home.root.joinpath("clock-jump").write_text(str(jump_s))
        await asyncio.sleep(ROUNDS_S)
        assert scene.containers()
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


@pytest.mark.parametrize("jump_s", [YEAR_S, -YEAR_S], ids=("forward", "back"))
async def test_the_clock_jumps_while_nobody_looks(scene: Scene, jump_s: int) -> None:
    """The next service may take what runs for abandoned, and stop it; nothing more."""
    await scene.settle()
    scene.service.stop()
    scene.service.home.root.joinpath("clock-jump").write_text(str(jump_s))
    await asyncio.to_thread(scene.service.start)
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()
