"""An hour of a class's work: does any process of ours grow?

`--sandboxes` (12) learners work for `--minutes` (60): commands, containers, facts, pages, resets,
sandboxes that are closed and opened again, and somebody in chat. Memory, open files and threads of
each process are read all the while. What counts is the slope after the first quarter, in which
caches and pools fill; of a soak that is too short for slopes, they are only told.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from ops.progress import Progress
from tests.bench import machine
from tests.bench.arguments import Asked
from tests.bench.chat import visitor
from tests.bench.figures import Figure, slope_per_hour
from tests.bench.learners import ANYBODY, COMMAND_LIMIT_S, FAILURES, Typed, numbered
from tests.bench.stage import Stage, stage

SANDBOXES, MINUTES = 12, 60.0
SPARE_PLACES = 5
FIRST_LEARNER = 50_000
PAUSE_S = 4.0
"""Between two things that one learner does."""
CHAT_PAUSE_S = 6.0
SAMPLE_S = 10.0
SETTLING_SHARE = 0.25
SHORTEST_MINUTES = 30
"""A shorter soak has no goals: what a garbage collector does looks like a slope."""
ERRORS_SHOWN = 5
GOAL_SHARE_PER_HOUR = 0.05
GOAL_AT_LEAST_MB = 3.0
"""Memory may grow by so much of itself in an hour, or by this: a small process has small noise."""
GOAL_COUNT_PER_HOUR = 10.0
"""Of files, threads and what is left over. They go up and down with each start, so the slope has
some noise; what leaks at each start grows by hundreds in an hour."""


@dataclass(slots=True)
class Course:
    """What one process, or the machine, had over time."""

    seconds: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at_s: float, value: float) -> None:
        self.seconds.append(at_s)
        self.values.append(value)

    @property
    def settled(self) -> Course:
        """Without its beginning."""
        first = round(len(self.values) * SETTLING_SHARE)
        return Course(self.seconds[first:], self.values[first:])

    @property
    def per_hour(self) -> float:
        """How it grows once it has settled."""
        settled = self.settled
        return slope_per_hour(settled.seconds, settled.values)


Courses = dict[tuple[str, str], Course]
"""By what (memory, files, threads, loop devices) and whose."""


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """The slopes, and how many commands it took."""
    learners = numbered(FIRST_LEARNER, asked.sandboxes or SANDBOXES)
    minutes = asked.minutes or MINUTES
    async with stage(progress, capacity=len(learners) + SPARE_PLACES) as running:
        typed = Typed()
        with progress.step(f"soaking for {minutes:g} min"):
            courses = await _soak(running, learners, minutes * 60, typed)
    for error, times in typed.errors.most_common(ERRORS_SHOWN):
        progress.say(f"{times} × {error}")
    has_goals = minutes >= SHORTEST_MINUTES
    return [
        Figure("commands answered", len(typed.watch.times_ms), ""),
        Figure("commands that failed", typed.errors.total(), "", 0),
        *_figures(courses, has_goals=has_goals),
    ]


async def _soak(running: Stage, learners: list[str], seconds: float, typed: Typed) -> Courses:
    """Work and watch until the time is over."""
    until = time.monotonic() + seconds
    work = [
        asyncio.create_task(_work(running, learner, typed, after_s=number * PAUSE_S))
        for number, learner in enumerate(learners)
    ]
    work.append(asyncio.create_task(_chat(running)))
    courses: Courses = defaultdict(Course)
    watched = machine.processes(running)
    try:
        while time.monotonic() < until:
            _sample(running, watched, courses)
            done, _ = await asyncio.wait(work, timeout=SAMPLE_S, return_when="FIRST_COMPLETED")
            for ended in done:
                ended.result()  # they work until they are cancelled, or fail
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    return courses


async def _work(running: Stage, learner: str, typed: Typed, *, after_s: float) -> None:
    """One learner, until cancelled: everything the service can do, in turn."""
    await asyncio.sleep(after_s)  # in step, all would close and open at once
    for do in itertools.cycle(_WORK):
        try:
            async with asyncio.timeout(COMMAND_LIMIT_S):
                with typed.watch.lap():
                    await do(running, learner)
        except FAILURES as exc:
            typed.failed(exc)
        await asyncio.sleep(PAUSE_S)


async def _chat(running: Stage) -> None:
    """Somebody at the chat page, until cancelled."""
    async with visitor(running.plan.page) as person:
        lab = await person.starts()
        while True:
            await asyncio.sleep(CHAT_PAUSE_S)
            await person.says_and_waits(lab, ANYBODY, "CONTAINER ID")


def _types(line: str) -> Callable[[Stage, str], Awaitable[object]]:
    async def do(running: Stage, learner: str) -> None:
        await running.run(learner, line)

    return do


_WORK: tuple[Callable[[Stage, str], Awaitable[object]], ...] = (
    _types("docker run --detach --rm --name web --publish 80:80 nginx"),
    lambda running, learner: running.sandboxes.facts(learner),
    _types(ANYBODY),
    lambda running, learner: running.sandboxes.page(learner, 80),
    _types("docker logs web"),
    _types("seq 3000"),
    _types("docker exec web true && docker stats --no-stream"),
    _types("docker rm --force web"),
    lambda running, learner: running.sandboxes.facts(learner),
    _types("docker volume create notes && docker volume rm notes"),
    lambda running, learner: running.sandboxes.close(learner),
    _types(ANYBODY),
    lambda running, learner: running.sandboxes.reset(learner),
    _types("docker pull --quiet nginx"),
)


def _sample(running: Stage, watched: dict[str, psutil.Process], courses: Courses) -> None:
    now = time.monotonic()
    for name, process in watched.items():
        with suppress(psutil.NoSuchProcess):  # then the work says what is wrong
            courses["memory", name].add(now, machine.resident_mb(process))
            courses["files", name].add(now, process.num_fds())
            courses["threads", name].add(now, process.num_threads())
    left = machine.leftovers(running)
    courses["left over", "loop devices"].add(now, left.loop_devices)
    courses["left over", "mounts"].add(now, left.mounts)
    courses["left over", "cgroups"].add(now, left.cgroups)
    courses["left over", "processes"].add(now, left.processes)


def _figures(courses: Courses, *, has_goals: bool) -> Iterator[Figure]:
    for (what, name), course in courses.items():
        if len(course.settled.values) < 2:
            continue
        if what == "memory":
            size = sum(course.settled.values) / len(course.settled.values)
            goal, unit = max(GOAL_SHARE_PER_HOUR * size, GOAL_AT_LEAST_MB), "MB/h"
            yield Figure(f"memory of {name}", size, "MB")
        else:
            goal, unit = GOAL_COUNT_PER_HOUR, "1/h"
        yield Figure(f"{what} of {name}, slope", course.per_hour, unit, goal if has_goals else None)
