"""What a command costs on its way through the service, against the same CLI on the host."""

from __future__ import annotations

import asyncio

from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

ROUNDS = 30
GOAL_RATIO = 1.6
LEARNER = "2000"


async def measure(stage: Stage, *, goal_ratio: float = GOAL_RATIO) -> list[Figure]:
    """`docker ps` in a warm sandbox and on the host, in turn."""
    ours, host = Stopwatch(), Stopwatch()
    await stage.run(LEARNER, "docker ps")
    for number in range(ROUNDS + 3):
        watches = (ours, host) if number >= 3 else (Stopwatch(), Stopwatch())
        with watches[0].lap():
            await stage.run(LEARNER, "docker ps")
        with watches[1].lap():
            await _on_host()
    return [
        Figure("docker ps by the service / host", ours.median_ms / host.median_ms, "×", goal_ratio),
        Figure("docker ps by the service", ours.median_ms, "ms", None),
        Figure("docker ps on the host", host.median_ms, "ms", None),
    ]


async def _on_host() -> None:
    process = await asyncio.create_subprocess_exec(
        "docker", "ps", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await process.communicate()
    if process.returncode != 0:
        raise RuntimeError("docker ps failed on the host")
