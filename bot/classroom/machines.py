"""The learner's sandbox as a machine: how it is, keeping it on, keeping its disk, its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import structlog

from bot.classroom.engines import is_awake
from bot.classroom.forks import is_fork
from bot.errors import LearnerError
from sandbox.client import Sandboxes
from sandbox.contract import LimitsFact, SandboxTimers, SandboxView, SnapshotFact, UsageFact
from sandbox.errors import SandboxError, SandboxGone

__all__ = [
    "End",
    "Expiry",
    "LimitsFact",
    "Machine",
    "Machines",
    "SandboxTimers",
    "SandboxView",
    "SnapshotFact",
    "UsageFact",
    "Use",
]

log = structlog.get_logger(__name__)

ON: Final = frozenset({"running", "frozen"})
MOST_NAMED: Final = 3
USE_S: Final = 2.5
"""An engine with much on its disk adds it up for seconds; the card does not wait for that."""

SAVED = "saved"
"""The one snapshot that learners make by hand; each replaces the last."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a sandbox is used; None where nobody could tell in time.

    `biggest` are the containers that take most memory, with their bytes.
    """

    usage: UsageFact | None
    limits: LimitsFact | None
    memory_bytes: int | None = None
    pids: int | None = None
    biggest: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """A learner's sandbox; `view` is None before the first command, `use` while it rests."""

    view: SandboxView | None
    saved: SnapshotFact | None
    use: Use | None = None


@dataclass(frozen=True, slots=True)
class End:
    """That a sandbox will be stopped in so many seconds: unused till then, or in any case."""

    because: Literal["idle", "hard_limit"]
    left_s: float


@dataclass(frozen=True, slots=True)
class Expiry:
    """A learner to be told that their disk will be deleted, at the earliest at this time."""

    learner_id: int
    unused_days: int
    deleted_at: float


class Machines:
    """What can be asked of sandboxes. Methods raise `SandboxError`; LearnerError without any."""

    def __init__(self, sandboxes: Sandboxes | None, *, clock: Callable[[], datetime]) -> None:
        self._sandboxes = sandboxes
        self._clock = clock

    async def look(self, learner_id: int) -> Machine:
        """How the learner's sandbox is; nothing is started for that."""
        sandboxes = self._engine()
        try:
            view = await sandboxes.view(str(learner_id))
            kept = await sandboxes.snapshots(str(learner_id))
        except SandboxGone:
            return Machine(None, None)
        saved = next((each for each in kept if each.name == SAVED), None)
        return Machine(view, saved, await self._use(learner_id, view))

    async def end_of(self, learner_id: int) -> End | None:
        """When the sandbox is stopped if nobody does anything; None for one that is not on."""
        if self._sandboxes is None:
            return None
        try:
            view = await self._sandboxes.view(str(learner_id))
        except SandboxGone:
            return None
        timers = view.timers
        if view.state not in ON or timers is None:
            return None
        ends: list[End] = []
        if timers.hard_stop_s is not None:
            ends.append(End("hard_limit", timers.hard_stop_s))
        if timers.idle_stop_s is not None:
            ends.append(End("idle", timers.idle_stop_s))
        return min(ends, key=lambda end: end.left_s, default=None)

    async def extend(self, learner_id: int, *, hours: int) -> float:
        """Keep it on for so long from now; until when it really stays, in seconds since 1970."""
        view = await self._engine().extend(str(learner_id), hours * 60)
        timers = view.timers or SandboxTimers()
        ends = [end for end in (timers.idle_stop_s, timers.hard_stop_s) if end is not None]
        return self._clock().timestamp() + min(ends, default=0)

    async def turn_off(self, learner_id: int) -> None:
        """Stop it; the disk stays."""
        await self._engine().close(str(learner_id))

    async def save(self, learner_id: int) -> SnapshotFact:
        """Keep the disk as it is now, in place of what was saved before."""
        return await self._engine().take_snapshot(str(learner_id), SAVED)

    async def go_back(self, learner_id: int) -> bool:
        """Have the disk again that was saved; what came after it is lost.

        Whether it runs: when every place is taken, it starts later.
        """
        return (await self._engine().restore(str(learner_id), SAVED)).state != "waiting"

    async def expiring(self) -> list[Expiry]:
        """Whom nobody told yet that their disk will be deleted; empty without an engine."""
        if self._sandboxes is None:
            return []
        return [
            Expiry(int(disk.learner), disk.unused_days, disk.deleted_at)
            for disk in await self._sandboxes.expiring()
            if not disk.warned and not is_fork(disk.learner)
        ]

    async def told(self, learner_id: int) -> None:
        """The learner knows. One who came back meanwhile needed no warning."""
        try:
            await self._engine().warned(str(learner_id))
        except SandboxGone:
            return

    async def _use(self, learner_id: int, view: SandboxView) -> Use | None:
        """How full it is; one that rests is not woken up for that."""
        if not is_awake(view):
            return None
        try:
            async with asyncio.timeout(USE_S):
                load = await self._engine().load(str(learner_id))
                facts = await self._engine().facts(str(learner_id), usage=True)
        except (SandboxError, TimeoutError) as exc:
            log.info("use_unknown", learner=learner_id, error=type(exc).__name__)
            return None
        names = {each.id: each.name for each in facts.containers}
        taken = sorted(load.containers, key=lambda each: -each.memory_bytes)
        return Use(
            facts.usage,
            facts.limits,
            memory_bytes=load.memory_bytes,
            pids=load.pids,
            biggest=tuple(
                (names[each.id], each.memory_bytes) for each in taken if each.id in names
            )[:MOST_NAMED],
        )

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes
