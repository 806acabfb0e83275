"""What an idle sandbox, the bot and the service keep in memory."""

from __future__ import annotations

import asyncio
import json
import statistics

import psutil

from tests.bench.figures import Figure
from tests.bench.stage import Stage, docker

GOAL_SANDBOX_MB = 60
GOAL_PROCESS_MB = 120
LEARNERS = tuple(str(number) for number in range(3000, 3010))
SETTLE_S = 10
MB = 1_000_000


async def measure(stage: Stage) -> list[Figure]:
    """Ten sandboxes that answered one command each and then rested; the processes with them."""
    for learner in LEARNERS:
        await stage.run(learner, "docker ps")
    await asyncio.sleep(SETTLE_S)
    figures = [await idle_sandbox(stage, goal_mb=GOAL_SANDBOX_MB)]
    for part in ("bot", "sandbox service"):
        resident = psutil.Process(stage.house.process_of(part)).memory_info().rss / MB
        figures.append(Figure(f"memory of the {part}", resident, "MB", GOAL_PROCESS_MB))
    for learner in LEARNERS:
        await stage.sandboxes.close(learner)
    return figures


async def idle_sandbox(stage: Stage, *, goal_mb: float) -> Figure:
    """The median of the sandboxes that run now."""
    used = await asyncio.to_thread(_sandbox_memory, stage)
    return Figure("memory of an idle sandbox", statistics.median(used), "MB", goal_mb)


def _sandbox_memory(stage: Stage) -> list[float]:
    """As `docker stats` counts it: what is charged, without the page cache that can go at once."""
    role = "label=docent.role=sandbox"
    wanted = ("--filter", stage.label, "--filter", role)
    listed = docker("ps", "--quiet", "--no-trunc", *wanted).split()
    shown = docker("stats", "--no-stream", "--no-trunc", "--format", "{{json .}}", *listed)
    return [_megabytes(json.loads(line)["MemUsage"]) for line in shown.splitlines()]


def _megabytes(usage: str) -> float:
    """`41.2MiB / 1GiB` in MB."""
    used = usage.split(" / ", maxsplit=1)[0]
    for unit, size in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if used.endswith(unit):
            return float(used.removesuffix(unit)) * size / MB
    raise ValueError(f"not understood: {usage}")
