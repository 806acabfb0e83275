"""Many learners at once: opening their sandboxes, and typing commands at a given rate."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from sandbox.errors import SandboxError
from tests.bench.figures import Stopwatch
from tests.bench.stage import CommandFailed, Stage

OPENING_AT_ONCE = 3
"""More would only wait for the processors of a small machine."""
MOST_TRIES = 3
"""Of an opening: a measurement of half an hour should not end for one that failed."""
COMMAND_LIMIT_S = 60
ANYBODY = "docker ps"
FAILURES = (CommandFailed, SandboxError, TimeoutError)


class Typed:
    """What came of commands: how long they took, and what went wrong how often."""

    def __init__(self) -> None:
        self.watch = Stopwatch()
        self.errors: Counter[str] = Counter()

    def failed(self, exc: Exception) -> None:
        """Note a command that got no answer."""
        self.errors[f"{type(exc).__name__}: {exc}"[:200]] += 1


def numbered(first: int, count: int) -> list[str]:
    """Learners with ids from `first` on."""
    return [str(number) for number in range(first, first + count)]


async def open_all(stage: Stage, learners: Iterable[str]) -> Typed:
    """Open the sandboxes of all, a few at a time; gives how long each waited for its engine."""
    opened = Typed()
    waiting = iter(list(learners))

    async def open_next() -> None:
        for learner in waiting:
            await open_one(stage, learner, opened)

    async with asyncio.TaskGroup() as group:
        for _ in range(OPENING_AT_ONCE):
            group.create_task(open_next())
    return opened


async def open_one(stage: Stage, learner: str, opened: Typed) -> None:
    """Open one, and note how long it took; one that fails is noted too, and tried again.

    Raises:
        CommandFailed: it failed again and again.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            with opened.watch.lap():
                await stage.run(learner, ANYBODY)
        except FAILURES as exc:
            opened.failed(exc)
        else:
            return
    with opened.watch.lap():
        await stage.run(learner, ANYBODY)


async def close_all(stage: Stage, learners: Iterable[str]) -> None:
    """Close the sandboxes of all, a few at a time."""
    waiting = iter(list(learners))

    async def close_next() -> None:
        for learner in waiting:
            await stage.sandboxes.close(learner)

    async with asyncio.TaskGroup() as group:
        for _ in range(OPENING_AT_ONCE):
            group.create_task(close_next())


async def type_at_rate(
    stage: Stage, learners: Sequence[str], *, per_second: float, seconds: float
) -> Typed:
    """Let somebody type `docker ps` so often, whether or not earlier ones were answered by then.

    The time of a command counts from when it was due: a service that stalls is not spared the
    commands that would have come meanwhile.
    """
    typed = Typed()
    shuffled = random.Random(1).sample(learners, len(learners))
    turns = itertools.cycle(shuffled)
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(per_second * seconds)):
            due = begun + number / per_second
            await asyncio.sleep(due - time.perf_counter())
            group.create_task(_type(stage, next(turns), due, typed))
    return typed


async def _type(stage: Stage, learner: str, due: float, typed: Typed) -> None:
    try:
        async with asyncio.timeout(COMMAND_LIMIT_S):
            await stage.run(learner, ANYBODY)
    except FAILURES as exc:
        typed.failed(exc)
    else:
        typed.watch.times_ms.append((time.perf_counter() - due) * 1000)
