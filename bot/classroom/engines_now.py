"""How many engines run in the whole house, as the sandbox service tells it just now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from sandbox.client import Sandboxes
from sandbox.errors import SandboxError

ENGINES_S: Final = 2.0
"""What is shown does not wait longer for the sandbox service."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EnginesNow:
    """How many engines run, of how many that may, and how many learners wait for one.

    They are those of all that this Docent looks after, whichever server they are in.
    """

    running: int
    capacity: int
    waiting: int


async def engines_now(sandboxes: Sandboxes | None) -> EnginesNow | None:
    """How many engines are in use; None when nobody can tell just now."""
    if sandboxes is None:
        return None
    try:
        async with asyncio.timeout(ENGINES_S):
            health = await sandboxes.health()
    except (SandboxError, TimeoutError) as exc:
        log.info("engines_not_counted", error=type(exc).__name__)
        return None
    return EnginesNow(health.running, health.capacity, health.waiting)
