"""How long a look at a page takes: its answer, and its picture from the sandbox's browser."""

from __future__ import annotations

from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

ROUNDS = 8
GOAL_MS = 1_500
LEARNER = "2200"
PORT = 8080


async def measure(stage: Stage) -> list[Figure]:
    """What `/visit` asks of the service, for a page of nginx."""
    await stage.run(LEARNER, f"docker run -d --name page -p {PORT}:80 nginx")
    watch = Stopwatch()
    for number in range(ROUNDS + 1):
        with (watch if number else Stopwatch()).lap():
            page = await stage.sandboxes.page(LEARNER, PORT)
            picture = await stage.sandboxes.screenshot(LEARNER, PORT)
        if page.status != 200 or not picture.startswith(b"\x89PNG"):
            raise RuntimeError(f"the page answers {page.status}")
    return [Figure("a visit with its picture", watch.median_ms, "ms", GOAL_MS)]
