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
SHARES = (0.125, 0.25, 0.5, 0.75, 1)
"""Of all sandboxes: where it is measured, besides the first ones."""
OPENED = 7
"""How many openings make a median; they are the newest of each number."""
ASKED = 30
"""How many commands and facts make one."""
SPARE_PLACES = 5
FIRST_LEARNER = 20_000
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
    learners = numbered(FIRST_LEARNER, most)
    costs: list[Cost] = []
    async with stage(progress, capacity=most + SPARE_PLACES) as running:
        opened = 0
        for count in _numbers(most):
            with progress.step(f"cost of {count} sandboxes"):
                await open_all(running, learners[opened : max(opened, count - OPENED)])
                newest = learners[max(opened, count - OPENED) : count]
                costs.append(await _cost(running, learners[:count], newest))
                opened = count
    progress.say(_table(costs))
    if asked.picture is not None:
        _draw(costs, asked)
    return _figures(costs[0], costs[-1])


def _numbers(most: int) -> list[int]:
    first = min(OPENED, most)
    return sorted({first, *(max(first, round(most * share)) for share in SHARES)})


async def _cost(running: Stage, learners: list[str], newest: list[str]) -> Cost:
    opening, command, facts = Stopwatch(), Stopwatch(), Stopwatch()
    for learner in newest:
        with opening.lap():
            await running.run(learner, ANYBODY)
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
