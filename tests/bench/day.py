"""A school's day in short: learners come, work, pause, come back and go, and nothing is left over.

`--learners` (1,000) have a sandbox of their own; in `--minutes` (20) each of them comes once, every
fourth twice. A visit is a few commands; every third has a break that is long enough for the sandbox
to be frozen. Nobody closes anything: stopping is left to the service, whose times are as short as
its settings go. What is nobody's any more is counted before and after.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ops.progress import Progress
from sandbox.errors import SandboxError
from tests.bench import machine
from tests.bench.arguments import Asked
from tests.bench.figures import Figure
from tests.bench.learners import (
    ANYBODY,
    COMMAND_LIMIT_S,
    FAILURES,
    Typed,
    close_all,
    numbered,
    open_all,
)
from tests.bench.machine import Leftovers
from tests.bench.stage import Stage, stage

LEARNERS, MINUTES = 1000, 20.0
CAPACITY = 300
FREEZE_MINUTES, IDLE_MINUTES = 1, 2
COMES_TWICE, HAS_A_BREAK = 4, 3
"""One of so many comes a second time, or has a break in a visit."""
BREAK_S = 80.0
"""Longer than until the freeze with the round that notices it, shorter than until the stop."""
PAUSES_S = (2.0, 12.0)
"""Between two commands: reading and thinking."""
LINES = (ANYBODY, "docker images", "docker volume create notes", ANYBODY)
ALIVE = ("running", "frozen", "starting")
WATCHED_EVERY_S = 2
STOPPED_WITHIN_S = (IDLE_MINUTES + 3) * 60
SETTLED_WITHIN_S = 60
ERRORS_SHOWN = 5
FIRST_GUEST, FIRST_LEARNER = 49_000, 40_000
GUESTS = 12
"""They come before the day is counted: threads and pools of connections are there afterwards."""
GOAL_SERVICE_KEPT_MB = 40
"""A thousand learners' names, and what Python does not give back."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes, `at` so many seconds after the morning, and waits before each command."""

    learner: str
    at: float
    waits_s: tuple[float, ...]


class Day:
    """What came of it."""

    def __init__(self) -> None:
        self.typed = Typed()
        self.most_at_once = 0
        self.most_frozen = 0
        self.unseen = 0
        """Counts that the service did not give in time."""


def plan_day(learners: list[str], day_s: float) -> list[Visit]:
    """Who comes when; the same for the same numbers."""
    chance = random.Random(len(learners))
    return [
        Visit(learner, chance.uniform(0, day_s), _waits(chance, number % HAS_A_BREAK == 0))
        for number, learner in enumerate([*learners, *learners[::COMES_TWICE]])
    ]


def _waits(chance: random.Random, has_break: bool) -> tuple[float, ...]:
    waits = [0.0, *(chance.uniform(*PAUSES_S) for _ in LINES[1:])]
    if has_break:
        waits[-1] = BREAK_S
    return tuple(waits)


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """How the day went, and what there is more of in the evening than in the morning."""
    learners = numbered(FIRST_LEARNER, asked.learners or LEARNERS)
    visits = plan_day(learners, (asked.minutes or MINUTES) * 60)
    async with stage(
        progress, capacity=CAPACITY, freeze_minutes=FREEZE_MINUTES, idle_minutes=IDLE_MINUTES
    ) as running:
        guests = numbered(FIRST_GUEST, GUESTS)
        await open_all(running, guests)
        await close_all(running, guests)
        morning, free_mb = machine.leftovers(running), machine.available_mb()
        service_mb = machine.resident_mb(machine.service(running))
        with progress.step(f"a day of {len(learners)} learners"):
            day = await _spend(running, visits)
        for error, times in day.typed.errors.most_common(ERRORS_SHOWN):
            progress.say(f"{times} × {error}")
        with progress.step("the evening"):
            await _until_all_stopped(running)
            left = await _left_over(running, morning)
        kept_mb = machine.resident_mb(machine.service(running)) - service_mb
        return [
            *_how_it_went(day),
            *(Figure(f"left over: {name}", count, "", 0) for name, count in left.items()),
            Figure("memory that the service kept", kept_mb, "MB", GOAL_SERVICE_KEPT_MB),
            Figure("memory that the machine lacks", free_mb - machine.available_mb(), "MB"),
        ]


async def _spend(running: Stage, visits: list[Visit]) -> Day:
    day = Day()
    watching = asyncio.create_task(_watch(running, day))
    begun = time.monotonic()
    try:
        async with asyncio.TaskGroup() as group:
            for visit in visits:
                group.create_task(_visit(running, visit, begun, day.typed))
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    return day


async def _visit(running: Stage, visit: Visit, begun: float, typed: Typed) -> None:
    await asyncio.sleep(begun + visit.at - time.monotonic())
    for wait_s, line in zip(visit.waits_s, LINES, strict=True):
        await asyncio.sleep(wait_s)
        try:
            async with asyncio.timeout(COMMAND_LIMIT_S):
                with typed.watch.lap():
                    await running.run(visit.learner, line)
        except FAILURES as exc:
            typed.failed(exc)


async def _watch(running: Stage, day: Day) -> None:
    """Remember how many there were at most, until it is cancelled."""
    while True:
        await asyncio.sleep(WATCHED_EVERY_S)
        try:
            states = await running.states()
        except SandboxError:
            day.unseen += 1  # it is the learners' commands that are judged
            continue
        at_once = sum(states[state] for state in ALIVE)
        day.most_at_once = max(day.most_at_once, at_once)
        day.most_frozen = max(day.most_frozen, states["frozen"])


async def _until_all_stopped(running: Stage) -> None:
    """The service stops what nobody uses. Raises `TimeoutError` when it does not."""
    await running.until(lambda states: not any(states[state] for state in ALIVE), STOPPED_WITHIN_S)


async def _left_over(running: Stage, morning: Leftovers) -> dict[str, int]:
    """What there is too much of, once it stopped becoming less."""
    left = machine.leftovers(running).above(morning)
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while any(left.values()) and time.monotonic() < deadline:
        await asyncio.sleep(WATCHED_EVERY_S)
        left = machine.leftovers(running).above(morning)
    return left


def _how_it_went(day: Day) -> Iterator[Figure]:
    watch = day.typed.watch
    yield Figure("commands answered", len(watch.times_ms), "")
    yield Figure("commands that failed", day.typed.errors.total(), "", 0)
    yield Figure("command, starts included, p50", watch.percentile_ms(50), "ms")
    yield Figure("command, starts included, p95", watch.percentile_ms(95), "ms")
    yield Figure("command, starts included, p99", watch.percentile_ms(99), "ms")
    yield Figure("most sandboxes at once", day.most_at_once, "")
    yield Figure("of these frozen, at most", day.most_frozen, "")
    yield Figure("days on which nobody was frozen", int(day.most_frozen == 0), "", 0)
    yield Figure("counts that came too late", day.unseen, "")
