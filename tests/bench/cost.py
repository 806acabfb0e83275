"""What one more sandbox costs when there are many already: does anything grow with their number?

Opens sandboxes up to `--sandboxes` (200). At some numbers on the way it measures opening one, a
command and reading facts, prints the table, and with `--picture FILE` draws the curve.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ops.errors import OpsError
from ops.progress import Progress
from tests.bench import machine
from tests.bench.arguments import Asked
from tests.bench.curve import Line, draw
from tests.bench.figures import Figure, Stopwatch
from tests.bench.learners import ANYBODY, Typed, numbered, open_all, open_one
from tests.bench.stage import Stage, stage

SANDBOXES = 200
SHARES = (0.05, 0.125, 0.25, 0.5, 0.75, 1)
"""Of all sandboxes: where it is measured, besides the first ones."""
OPENED = 7
"""How many openings make a median, one after the other."""
ASKED = 30
"""How many commands and facts make one."""
SETTLE_S = 5
"""Until what was opened three at a time is no longer busy with its own start."""
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


@dataclass(slots=True)
class Grown:
    """Sandboxes that were opened, whose they are, and what they cost on the way."""

    costs: list[Cost] = field(default_factory=list)
    learners: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    """Openings that had to be tried again, by their errors."""


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """The last point of each curve against the first."""
    most = asked.sandboxes or SANDBOXES
    async with stage(progress, capacity=most + SPARE_PLACES, warm=0) as running:
        grown = await grow(running, most, progress)
    return told(grown, asked, progress)


async def grow(running: Stage, most: int, progress: Progress) -> Grown:
    """Open sandboxes up to so many, and measure on the way.

    Raises:
        OpsError: there is nothing to compare the first one with.
    """
    if not _numbers(most):
        raise OpsError(f"a curve of costs needs more than {OPENED} sandboxes")
    grown = Grown()
    with progress.step("cost of the first sandbox"):
        alone = await _open_one_by_one(running, numbered(FIRST_ALONE, OPENED), grown)
        grown.learners = numbered(FIRST_ALONE + OPENED - 1, 1)  # the others are closed
        grown.costs.append(await _cost(running, grown.learners, alone))
    for count in _numbers(most):
        with progress.step(f"cost of {count} sandboxes"):
            opening = await _grow_to(count, running, grown)
            grown.costs.append(await _cost(running, grown.learners, opening))
    return grown


def told(grown: Grown, asked: Asked, progress: Progress) -> list[Figure]:
    """Show the costs, draw them where that was asked for, and give their figures."""
    progress.say(_table(grown.costs))
    if asked.picture is not None:
        _draw(grown.costs, asked.picture)
    failed = Figure("openings that failed", grown.failed.total(), "", 0)
    return [*_figures(grown.costs[0], grown.costs[-1]), failed]


def _numbers(most: int) -> list[int]:
    """Far enough from one another for as many openings as make a median."""
    wanted = [round(most * share) for share in SHARES]
    return [count for count in wanted if count > OPENED]


async def _open_one_by_one(running: Stage, learners: list[str], grown: Grown) -> Stopwatch:
    """Open each and close the one before: there is never more than one, and one in the end."""
    opened = Typed()
    for before, learner in zip([None, *learners], learners, strict=False):
        if before is not None:
            await running.sandboxes.close(before)
        await open_one(running, learner, opened)
    grown.failed += opened.errors
    return opened.watch


async def _grow_to(count: int, running: Stage, grown: Grown) -> Stopwatch:
    """Open more until there are so many; how long the newest took, one after the other."""
    new = numbered(FIRST_LEARNER + len(grown.learners), count - len(grown.learners))
    crowd, newest = await open_all(running, new[:-OPENED]), Typed()
    await asyncio.sleep(SETTLE_S)
    for learner in new[-OPENED:]:
        await open_one(running, learner, newest)
    grown.learners += new
    grown.failed += crowd.errors + newest.errors
    return newest.watch


async def _cost(running: Stage, learners: list[str], opening: Stopwatch) -> Cost:
    command, facts = Stopwatch(), Stopwatch()
    chance = random.Random(len(learners))
    for _ in range(ASKED):
        learner = chance.choice(learners)
        await running.sandboxes.facts(learner)  # the first of an engine include what never changes
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


def _draw(costs: list[Cost], picture: Path) -> None:
    counts = [cost.sandboxes for cost in costs]
    lines = [
        Line("open", counts, [cost.open_ms for cost in costs]),
        Line("docker ps", counts, [cost.command_ms for cost in costs]),
        Line("facts", counts, [cost.facts_ms for cost in costs]),
    ]
    draw(lines, picture, across="live sandboxes", up="milliseconds (median)")
