"""What one more sandbox costs when there are many already: does anything grow with their number?

Opens sandboxes up to `--sandboxes` (200). At some numbers on the way it measures opening one, a
command and reading facts, prints the table, and with `--picture FILE` draws the curve.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ops.progress import Progress
from tests.bench import machine
from tests.bench.arguments import Asked
from tests.bench.curve import Line, draw
from tests.bench.figures import Figure, Stopwatch
from tests.bench.learners import ANYBODY, numbered, open_all
from tests.bench.stage import Stage, stage

SANDBOXES = 200
SHARES = (0.05, 0.125, 0.25, 0.5, 0.75, 1)
"""Of all sandboxes: where it is measured, besides the first ones."""
OPENED = 7
"""How many openings make a median, one after the other."""
ASKED = 30
"""How many commands and facts make one."""
SPARE_PLACES = 5
FIRST_ALONE, FIRST_LEARNER = 20_000, 21_000
GOAL_RATIO = 1.5
"""Flat, with what a machine that does something else now and then may add."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians, in ms, with so many sandboxes; and the memory of the service, in MB."""

    sandboxes: int
    open_ms: float
    command_ms: float
    facts_ms: float
    service_mb: float


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """The last point of each curve against the first."""
    most = asked.sandboxes or SANDBOXES
    costs: list[Cost] = []
    async with stage(progress, capacity=most + SPARE_PLACES, warm=0) as running:
        with progress.step("cost of the first sandbox"):
            alone = await _open_one_by_one(running, numbered(FIRST_ALONE, OPENED))
            learners = numbered(FIRST_ALONE + OPENED - 1, 1)  # the others are closed
            costs.append(await _cost(running, learners, alone))
        for count in _numbers(most):
            with progress.step(f"cost of {count} sandboxes"):
                learners, opening = await _grow_to(count, running, learners)
                costs.append(await _cost(running, learners, opening))
    progress.say(_table(costs))
    if asked.picture is not None:
        _draw(costs, asked)
    return _figures(costs[0], costs[-1])


def _numbers(most: int) -> list[int]:
    """Far enough from one another for as many openings as make a median."""
    wanted = [round(most * share) for share in SHARES]
    return [count for count in wanted if count > OPENED]


async def _open_one_by_one(running: Stage, learners: list[str]) -> Stopwatch:
    """Open each and close the one before: there is never more than one, and one in the end."""
    watch = Stopwatch()
    for before, learner in zip([None, *learners], learners, strict=False):
        if before is not None:
            await running.sandboxes.close(before)
        with watch.lap():
            await running.run(learner, ANYBODY)
    return watch


async def _grow_to(count: int, running: Stage, learners: list[str]) -> tuple[list[str], Stopwatch]:
    """All that are there then; and how long the newest took to open, one after the other."""
    new = numbered(FIRST_LEARNER + len(learners), count - len(learners))
    await open_all(running, new[:-OPENED])
    watch = Stopwatch()
    for learner in new[-OPENED:]:
        with watch.lap():
            await running.run(learner, ANYBODY)
    return [*learners, *new], watch


async def _cost(running: Stage, learners: list[str], opening: Stopwatch) -> Cost:
    command, facts = Stopwatch(), Stopwatch()
    chance = random.Random(len(learners))
    for _ in range(ASKED):
        learner = chance.choice(learners)
        with command.lap():
            await running.run(learner, ANYBODY)
        with facts.lap():
            await running.sandboxes.facts(learner)
    return Cost(
        sandboxes=len(learners),
        open_ms=opening.median_ms,
        command_ms=command.median_ms,
        facts_ms=facts.median_ms,
        service_mb=machine.resident_mb(machine.service(running)),
    )


def _figures(first: Cost, last: Cost) -> list[Figure]:
    of = f"with {last.sandboxes} / with {first.sandboxes} sandboxes"
    return [
        Figure(f"open, {of}", last.open_ms / first.open_ms, "×", GOAL_RATIO),
        Figure(f"docker ps, {of}", last.command_ms / first.command_ms, "×", GOAL_RATIO),
        Figure(f"facts, {of}", last.facts_ms / first.facts_ms, "×", GOAL_RATIO),
        Figure(f"open, with {last.sandboxes}", last.open_ms, "ms"),
        Figure(f"docker ps, with {last.sandboxes}", last.command_ms, "ms"),
        Figure(f"facts, with {last.sandboxes}", last.facts_ms, "ms"),
        Figure(f"memory of the service, with {last.sandboxes}", last.service_mb, "MB"),
    ]


def _table(costs: list[Cost]) -> str:
    rows = [
        f"  {cost.sandboxes:>9} {cost.open_ms:>9.0f} {cost.command_ms:>13.1f}"
        f" {cost.facts_ms:>9.1f} {cost.service_mb:>11.0f}"
        for cost in costs
    ]
    return "\n".join(["sandboxes   open ms  docker ps ms  facts ms  service MB", *rows])


def _draw(costs: list[Cost], asked: Asked) -> None:
    counts = [cost.sandboxes for cost in costs]
    lines = [
        Line("open", counts, [cost.open_ms for cost in costs]),
        Line("docker ps", counts, [cost.command_ms for cost in costs]),
        Line("facts", counts, [cost.facts_ms for cost in costs]),
    ]
    assert asked.picture is not None
    draw(lines, asked.picture, across="live sandboxes", up="milliseconds (median)")
