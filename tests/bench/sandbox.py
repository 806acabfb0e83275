"""The sandbox service on its own: each of its promises about time and memory, in one run.

`--sandboxes` (100) is how many there are when the memory of the service is measured.
"""

from __future__ import annotations

import asyncio

from ops.progress import Progress
from tests.bench import commands, machine, memory, start
from tests.bench.arguments import Asked
from tests.bench.figures import Figure, Stopwatch
from tests.bench.learners import ANYBODY, close_all, numbered, open_all
from tests.bench.stage import Stage, stage

SANDBOXES = 100
SPARE_PLACES = 5
POOL = 4
ROUNDS = 10
RESTING = 10
"""Sandboxes that rest, until they are frozen."""
FIRST_RESTING, FIRST_CROWD, FIRST_NEW = 30_000, 31_000, 32_000
BUSY = "33000"

GOAL_COLD = 0.55
GOAL_COMMAND = 1.4
GOAL_HAND_OUT_MS = 100
GOAL_THAW_MS = 100
GOAL_IDLE_MB = 50
GOAL_FACTS_MS = 20
GOAL_RESET_MS = 2000
GOAL_SERVICE_MB = 150

SETTLE_S = 10
"""Until what was just started is as quiet as it will be."""
FROZEN_WITHIN_S = 120
"""A minute without use, and the round that notices it."""
FROZEN_FOR_S = 60
"""Longer than a connection bears silence: a way in that did not last would have to be made anew."""
REFILLED_S = 3
"""After a hand-out the pool needs a moment; longer than it takes to start one."""


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """Cold starts and all that follows from a sandbox of one's own; then a service with a pool."""
    crowd = asked.sandboxes or SANDBOXES
    capacity = crowd + RESTING + SPARE_PLACES
    async with stage(progress, capacity=capacity, freeze_minutes=1, warm=0) as running:
        resting = numbered(FIRST_RESTING, RESTING)
        with progress.step("cold start"):
            figures = await start.measure(running, goal_ratio=GOAL_COLD)
        with progress.step("memory of an idle sandbox"):
            await open_all(running, resting)
            await asyncio.sleep(SETTLE_S)
            figures.append(await memory.idle_sandbox(running, goal_mb=GOAL_IDLE_MB))
        with progress.step("commands"):
            figures += await commands.measure(running, goal_ratio=GOAL_COMMAND)
        with progress.step("facts"):
            figures.append(await _facts(running))
        with progress.step("thawing"):
            figures.append(await _thaw(running, resting))
        with progress.step(f"the service with {crowd} sandboxes"):
            figures.append(await _service_memory(running, crowd))
    async with stage(progress, warm=POOL) as running:
        with progress.step("warm hand-out and reset"):
            figures += await _hand_out(running)
            figures.append(await _reset(running))
    return figures


async def _facts(running: Stage) -> Figure:
    """Read right after a command that changed them; they have to show the change."""
    watch = Stopwatch()
    for number in range(ROUNDS * 2):
        volume = f"volume-{number}"
        await running.run(BUSY, f"docker volume create {volume}")
        with watch.lap():
            facts = await running.sandboxes.facts(BUSY)
        if volume not in {found.name for found in facts.volumes}:
            raise RuntimeError(f"facts do not show {volume}, which was made before")
    return Figure("facts after a command", watch.median_ms, "ms", GOAL_FACTS_MS)


async def _thaw(running: Stage, resting: list[str]) -> Figure:
    """From the first command after the freeze to its answer."""
    await running.until(lambda states: states["frozen"] >= len(resting), FROZEN_WITHIN_S)
    await asyncio.sleep(FROZEN_FOR_S)
    watch = Stopwatch()
    for learner in resting:
        with watch.lap():
            await running.run(learner, ANYBODY)
    return Figure("thaw → answer", watch.median_ms, "ms", GOAL_THAW_MS)


async def _service_memory(running: Stage, crowd: int) -> Figure:
    learners = numbered(FIRST_CROWD, crowd - RESTING)  # some rest already
    await open_all(running, learners)
    resident = machine.resident_mb(machine.service(running))
    await close_all(running, learners)
    return Figure(f"memory of the service, {crowd} sandboxes", resident, "MB", GOAL_SERVICE_MB)


async def _hand_out(running: Stage) -> list[Figure]:
    """Somebody new comes while the pool is full."""
    await asyncio.sleep(SETTLE_S)
    opening, answering = Stopwatch(), Stopwatch()
    for learner in numbered(FIRST_NEW, ROUNDS):
        with answering.lap():
            with opening.lap():
                await running.sandboxes.open(learner)
            await running.run(learner, ANYBODY)
        await asyncio.sleep(REFILLED_S)
    return [
        Figure("warm hand-out", opening.median_ms, "ms", GOAL_HAND_OUT_MS),
        Figure("warm hand-out and the first answer", answering.median_ms, "ms"),
    ]


async def _reset(running: Stage) -> Figure:
    """A used disk is changed for a new one, and the engine on it answers."""
    watch = Stopwatch()
    for learner in numbered(FIRST_NEW, ROUNDS):
        with watch.lap():
            await running.sandboxes.reset(learner)
            await running.run(learner, ANYBODY)
        await asyncio.sleep(REFILLED_S)
    return Figure("reset → answer", watch.median_ms, "ms", GOAL_RESET_MS)
