"""Many sandboxes are changed a few at a time, and one that can't be changed stops none of that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog

from sandbox.engine import Engine
from sandbox.errors import SandboxError

AT_ONCE = 4
"""A stop is mostly waiting, so one at a time is slower than a class leaves; more would keep the
engine from those who want to start."""

Item = TypeVar("Item")

log = structlog.get_logger(__name__)


@asynccontextmanager
async def one_of_many(engine: Engine, *, sandbox: str) -> AsyncGenerator[None]:
    """What fails in this block is said, and left to the next round.

    An engine says of one container only (it can't be killed, its files are busy) what it says when
    nothing works: so it is asked about itself, and the round is over when it does not answer.

    Raises:
        HostEngineDown: it does not answer at all.
    """
    try:
        yield
    except SandboxError as exc:
        log.warning("sandbox_not_changed", sandbox=sandbox, error=exc.code, detail=str(exc))
        await engine.describe()


async def a_few_at_once(
    items: Iterable[Item],
    change: Callable[[Item], Awaitable[None]],
    *,
    at_once: int = AT_ONCE,
) -> None:
    """Await `change` for each; what it raises first is raised, and the others are left alone."""
    to_do = iter(items)

    async def work() -> None:
        for item in to_do:
            await change(item)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(at_once):
                workers.create_task(work())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None  # what ends a round ends it for all of them
