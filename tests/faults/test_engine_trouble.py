"""A host engine that is slow, stuck, broken, or may not do what a sandbox needs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.errors import HostEngineDown, StartFailed
from tests.docker_fixtures import new_home, new_learner
from tests.faults.conftest import scene_on
from tests.faults.host import HostEngine
from tests.faults.scene import BACK_S, HurriedService, Scene
from tests.faults.stages import (
    CLOSING,
    FROZEN,
    IDLE,
    OPENING,
    RESETTING,
    RUNNING,
    THAWING,
    Stage,
    under_way,
)
from tests.faults.waylaid import Config, Traffic, Way, way_to

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

SOCKET = Path("/var/run/docker.sock")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A scene, and the way to its engine."""

    scene: Scene
    way: Way

    async def is_noticed(self) -> None:
        """The service says so, and still answers about itself."""

        async def look() -> bool:
            return not (await self.scene.client.health()).engine

        await self.scene.soon(look, "the trouble is noticed")


@pytest.fixture
async def trouble(images_home: Path) -> AsyncGenerator[Trouble]:
    """Everything flows, to begin with."""
    with new_home(images_home) as root:
        async with way_to(SOCKET, root / "engine.sock") as way:
            service = HurriedService(root, DOCKER_URL=way.url)
            await asyncio.to_thread(service.start)
            try:
                async with scene_on(service, HostEngine()) as scene:
                    yield Trouble(scene, way)
            finally:
                await asyncio.to_thread(service.stop)


STAGES = (IDLE, OPENING, RUNNING, FROZEN, RESETTING, CLOSING)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
async def test_an_engine_gets_stuck(trouble: Trouble, stage: Stage) -> None:
    """It is noticed, and when it goes on, so does everything."""
    async with under_way(trouble.scene, stage):
        trouble.way.set(Traffic.STUCK)
        await trouble.is_noticed()
        trouble.way.set(Traffic.FLOWS)
    await _all_is_well(trouble.scene, stage)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
async def test_every_line_to_the_engine_breaks(trouble: Trouble, stage: Stage) -> None:
    """As when it is started again: nothing of what was asked is answered."""
    async with under_way(trouble.scene, stage):
        trouble.way.set(Traffic.BROKEN)
        await trouble.is_noticed()
        trouble.way.set(Traffic.FLOWS)
    await _all_is_well(trouble.scene, stage)


@pytest.mark.parametrize("stage", [IDLE, THAWING, RESETTING], ids=lambda stage: stage.name)
async def test_an_engine_is_slow(trouble: Trouble, stage: Stage) -> None:
    """All takes longer, and nothing fails."""
    trouble.way.set(Traffic.SLOW)
    async with under_way(trouble.scene, stage):
        pass
    await _all_is_well(trouble.scene, stage)


async def test_a_sandbox_that_runs_needs_no_engine(trouble: Trouble) -> None:
    """Its learner notices nothing; who comes new is told at once."""
    scene = trouble.scene
    async with under_way(scene, RUNNING):
        trouble.way.set(Traffic.STUCK)
        assert (await scene.run("docker ps --format '{{.Names}}'")).text == "kept\n"
        begun = time.monotonic()
        with pytest.raises(HostEngineDown):
            await scene.client.open(new_learner())
        assert time.monotonic() - begun < BACK_S
        trouble.way.set(Traffic.FLOWS)
    await _all_is_well(scene, RUNNING)


async def _all_is_well(scene: Scene, stage: Stage) -> None:
    if stage.swaps_disk:
        await scene.all_or_nothing_is_new()
    else:
        await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


def no_loop_devices(config: Config) -> None:
    """Nor their control, as on a host that keeps both from containers."""
    config["HostConfig"]["DeviceCgroupRules"] = []


def no_free_loop_device(config: Config) -> None:
    """Their control answers, but none of them may be opened."""
    config["HostConfig"]["DeviceCgroupRules"] = ["c 10:237 rmw"]


@pytest.mark.parametrize("shortage", [no_loop_devices, no_free_loop_device])
async def test_without_loop_devices_nothing_starts(trouble: Trouble, shortage: object) -> None:
    """That is said and leaves nothing; when there are some again, all is there."""
    scene = trouble.scene
    await scene.settle()
    await scene.client.close(scene.learner)
    assert callable(shortage)
    trouble.way.change_config = shortage
    with pytest.raises(StartFailed):
        await scene.client.open(scene.learner)
    await scene.nothing_is_left_behind()
    trouble.way.change_config = None
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


async def test_a_frozen_sandbox_waits_for_its_engine(trouble: Trouble) -> None:
    """Who wants to use it is told soon; later it is there as it was."""
    scene = trouble.scene
    async with under_way(scene, FROZEN):
        trouble.way.set(Traffic.STUCK)
        begun = time.monotonic()
        assert (await scene.run("true")).failed.error == HostEngineDown.code
        assert time.monotonic() - begun < BACK_S
        trouble.way.set(Traffic.FLOWS)
    await _all_is_well(scene, FROZEN)
