"""Whether the bot keeps listening while a million lines stream through it."""

from __future__ import annotations

import asyncio
import time

from tests.bench.chat import visitor
from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

FLOOD = "docker run --rm busybox seq 1 1000000"
FOR_S = 4.0
PROBED_EVERY_S = 0.05
GOAL_LAG_MS = 100
NAME = "flooder"


async def measure(stage: Stage) -> list[Figure]:
    """What a question to the bot alone takes longer at most, while the flood is on its way."""
    async with visitor(stage.plan.page, NAME) as person:
        lab = await person.starts()
        await person.says_and_waits(lab, "docker pull -q busybox", "busybox")
        quiet, flooded = Stopwatch(), Stopwatch()
        for watch in (quiet, flooded):
            if watch is flooded:
                await person.says(lab, FLOOD)
            until = time.monotonic() + FOR_S
            while time.monotonic() < until:
                with watch.lap():
                    await person.is_offered(lab)
                await asyncio.sleep(PROBED_EVERY_S)
    lag_ms = flooded.percentile_ms(99) - quiet.median_ms
    return [
        Figure("a million lines: how late the bot is, p99", lag_ms, "ms", GOAL_LAG_MS),
        Figure("of this many questions", len(flooded.times_ms), ""),
    ]
