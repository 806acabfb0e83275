"""What goes on when a fault comes; each stage is reached, not waited for by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sandbox.contract import Output, RunRequest
from sandbox.errors import SandboxError
from tests.faults.scene import Scene, reached

GIVE_UP_S = 90.0
"""For what was asked in the middle of a fault: it has to end, well or not."""
RUNS_S = 6.0
"""A command line in the middle of a fault; longer than any fault takes to be mended."""
SNAPSHOT = "before"

Work = Awaitable[object]


@dataclass(frozen=True, slots=True)
class Stage:
    """Something that is under way."""

    begin: Callable[[Scene], Awaitable[Work | None]]
    """Comes back when the stage is reached; gives what is still under way."""
    swaps_disk: bool = False
    """Whether the learner asked for another disk."""

    @property
    def name(self) -> str:
        """For the list of tests."""
        return getattr(self.begin, "__name__", "")


@asynccontextmanager
async def under_way(scene: Scene, stage: Stage) -> AsyncGenerator[None]:
    """The stage is reached; at the end the learner's engine answers, whatever is still under way.

    After that, what was under way has ended too, well or not.
    """
    await scene.settle()
    work = await stage.begin(scene)
    yield
    scene.note()
    await scene.answers()
    if work is not None:
        async with asyncio.timeout(GIVE_UP_S):
            with suppress(SandboxError):
                await work


async def idle(_scene: Scene) -> None:
    """Nothing."""


async def opening(scene: Scene) -> Work:
    """The container is there, the learner's engine does not answer yet."""
    await scene.client.close(scene.learner)
    work = asyncio.create_task(scene.client.open(scene.learner))
    await reached(scene.containers, "it starts")
    assert not work.done()
    return work


async def running(scene: Scene) -> Work:
    """A command line runs, and has printed something."""
    return await _run_until(scene, "begun", "echo begun; sleep 300")


async def pulling(scene: Scene) -> Work:
    """An image comes from the mirror."""
    return await _run_until(scene, "Pulling", "docker pull python")


async def frozen(scene: Scene) -> None:
    """Nobody used it for a while."""
    await reached(lambda: scene.state_of_sandbox() == "paused", "it is frozen")


async def thawing(scene: Scene) -> Work:
    """Somebody uses it again."""
    await frozen(scene)
    work = asyncio.create_task(scene.run("echo back"))
    await reached(lambda: scene.state_of_sandbox() != "paused", "it thaws")
    return work


async def resetting(scene: Scene) -> Work:
    """The old disk is gone, the new sandbox starts."""
    before = set(scene.containers())
    work = asyncio.create_task(scene.client.reset(scene.learner))
    await reached(lambda: set(scene.containers()) - before, "the new one starts")
    return work


async def restoring(scene: Scene) -> Work:
    """The disk is a copy of the snapshot, the new sandbox starts."""
    await scene.client.take_snapshot(scene.learner, SNAPSHOT)
    before = set(scene.containers())
    work = asyncio.create_task(scene.client.restore(scene.learner, SNAPSHOT))
    await reached(lambda: set(scene.containers()) - before, "the new one starts")
    return work


async def taking_snapshot(scene: Scene) -> Work:
    """Its disk is being copied, or was just now."""
    folder = scene.service.home.snapshots_of(scene.learner)
    work = asyncio.create_task(scene.client.take_snapshot(scene.learner, SNAPSHOT))
    await reached(lambda: folder.exists() and list(folder.iterdir()), "there is a file")
    return work


async def closing(scene: Scene) -> Work:
    """It was told to end, and its engine does so."""
    work = asyncio.create_task(scene.client.close(scene.learner))
    await reached(lambda: not scene.pids("dockerd"), "its engine has ended")
    return work


async def _run_until(scene: Scene, word: str, line: str) -> Work:
    """Come back when this command line printed this word."""
    begun = asyncio.Event()

    async def run() -> None:
        request = RunRequest(line=line, time_limit_s=RUNS_S)
        async with scene.client.run(scene.learner, request) as events:
            async for event in events:
                if isinstance(event, Output) and word in event.text:
                    begun.set()

    work = asyncio.create_task(run())
    await asyncio.wait_for(begun.wait(), GIVE_UP_S)
    return work


IDLE = Stage(idle)
OPENING = Stage(opening)
RUNNING = Stage(running)
PULLING = Stage(pulling)
FROZEN = Stage(frozen)
THAWING = Stage(thawing)
RESETTING = Stage(resetting, swaps_disk=True)
RESTORING = Stage(restoring)
TAKING_SNAPSHOT = Stage(taking_snapshot)
CLOSING = Stage(closing)
