"""A round through many sandboxes goes on after one that can't be changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from sandbox.engine import Engine
from sandbox.errors import SandboxError

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
