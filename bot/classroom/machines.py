"""The learner's sandbox as a machine: how it is, keeping it on, keeping its disk, its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import LearnerError
from sandbox.client import Sandboxes
from sandbox.contract import SandboxTimers, SandboxView, SnapshotFact
from sandbox.errors import SandboxGone

__all__ = ["Expiry", "Machine", "Machines", "SandboxTimers", "SandboxView", "SnapshotFact"]

SAVED = "saved"
"""The one snapshot that learners make by hand; each replaces the last."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A learner's sandbox; `view` is None before the first command."""

    view: SandboxView | None
    saved: SnapshotFact | None


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
        return Machine(view, next((each for each in kept if each.name == SAVED), None))

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

    async def go_back(self, learner_id: int) -> None:
        """Have the disk again that was saved; what came after it is lost."""
        await self._engine().restore(str(learner_id), SAVED)

    async def expiring(self) -> list[Expiry]:
        """Whom nobody told yet that their disk will be deleted; empty without an engine."""
        if self._sandboxes is None:
            return []
        return [
            Expiry(int(disk.learner), disk.unused_days, disk.deleted_at)
            for disk in await self._sandboxes.expiring()
            if not disk.warned
        ]

    async def told(self, learner_id: int) -> None:
        """The learner knows. One who came back meanwhile needed no warning."""
        try:
            await self._engine().warned(str(learner_id))
        except SandboxGone:
            return

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes
