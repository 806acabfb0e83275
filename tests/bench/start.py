"""How long until a learner's engine answers for the first time, against plain dind."""

from __future__ import annotations

from contextlib import ExitStack

from tests.bench.figures import Figure, Stopwatch
from tests.bench.plain_dind import plain_engine, until_it_answers
from tests.bench.stage import Stage, limits

ROUNDS = 10
GOAL_RATIO = 0.65
FIRST_LEARNER = 1000


async def measure(stage: Stage, *, goal_ratio: float = GOAL_RATIO) -> list[Figure]:
    """Both start with a new, empty disk; each counts until `docker version` has been answered."""
    ours, plain = Stopwatch(), Stopwatch()
    for number in range(ROUNDS + 1):
        watches = (ours, plain) if number else (Stopwatch(), Stopwatch())  # the first warms caches
        await _start_ours(stage, str(FIRST_LEARNER + number), watches[0])
        await _start_plain(stage, number, watches[1])
    return [
        Figure("engine start / plain dind", ours.median_ms / plain.median_ms, "×", goal_ratio),
        Figure("engine start", ours.median_ms, "ms", None),
        Figure("plain dind start", plain.median_ms, "ms", None),
    ]


async def _start_ours(stage: Stage, learner: str, watch: Stopwatch) -> None:
    with watch.lap():
        await stage.run(learner, "docker version")
    await stage.sandboxes.close(learner)


async def _start_plain(stage: Stage, number: int, watch: Stopwatch) -> None:
    name = f"{stage.scratch.name}-plain-{number}"
    with ExitStack() as stack, watch.lap():
        folder = stage.scratch / f"plain-{number}"
        socket = stack.enter_context(plain_engine(name, folder, limits()))
        await until_it_answers(socket)
