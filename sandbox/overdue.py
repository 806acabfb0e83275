"""What becomes of sandboxes that nobody uses: frozen, stopped, and at last forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from sandbox.disks import Disks
from sandbox.engine import Engine
from sandbox.errors import HardLimit, HostEngineDown
from sandbox.held import Held, Sandbox
from sandbox.retention import Retention
from sandbox.rounds import a_few_at_once, one_of_many
from sandbox.stopping import Stopping
from sandbox.timers import Deadlines, Due, due, is_orphaned
from sandbox.turns import Turns
from sandbox.waking import Waking

log = structlog.get_logger(__name__)


class Overdue:
    """Takes each learner's turn for what it does to them. Raises `HostEngineDown`."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        held: Held,
        turns: Turns,
        stopping: Stopping,
        waking: Waking,
        deadlines: Callable[[], Deadlines],
        is_outdated: Callable[[Sandbox], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_outdated` says of a sandbox whether it runs an older engine image."""
        self._engine = engine
        self._disks = disks
        self._held = held
        self._turns = turns
        self._stopping = stopping
        self._waking = waking
        self._deadlines = deadlines
        self._is_outdated = is_outdated
        self._clock = clock

    async def meet_deadlines(self) -> None:
        """Freeze and stop what is due, sandboxes in use only at their hard limit."""
        await a_few_at_once(self._held.current, self._meet_deadline)

    async def stop_orphans(self, *, away_s: float) -> None:
        """Stop all that ran while nobody could ask for it, if that was for very long.

        Raises nothing: what can't be stopped now is stopped as idle, later.
        """
        if not is_orphaned(self._deadlines(), away_s=away_s):
            return
        orphans = [sandbox for sandbox in self._held.current if not sandbox.uses]
        log.warning("sandboxes_orphaned", count=len(orphans), away_s=round(away_s))
        with suppress(HostEngineDown):
            await a_few_at_once(orphans, self._stop_orphan)

    async def delete_expired(self, retention: Retention) -> None:
        """Delete disks whose learner was warned long ago, and that nobody uses."""
        learners = [sandbox.learner for sandbox in self._held.current]
        for disk in await asyncio.to_thread(retention.overdue, learners):
            async with self._turns.of(disk.learner):
                # The learner may have come back until it was our turn.
                if self._held.is_taken(disk.learner) or not retention.is_overdue(disk.learner):
                    continue
                await self._disks.remove_all(disk.learner)
                retention.used(disk.learner)
                log.warning("disk_deleted", learner=disk.learner, last_used=disk.last_used)

    def _due(self, sandbox: Sandbox) -> Due:
        return due(sandbox.life, self._deadlines(), self._clock())

    async def _meet_deadline(self, sandbox: Sandbox) -> None:
        if self._turns.is_taken(sandbox.learner) or self._due(sandbox) is Due.NOTHING:
            return
        async with one_of_many(self._engine, sandbox=sandbox.id), self._turns.of(sandbox.learner):
            # What was due may have been used until it was our turn.
            await self._do_what_is_due(sandbox)

    async def _do_what_is_due(self, sandbox: Sandbox) -> None:
        learner = sandbox.learner
        if not self._held.holds(sandbox):
            return
        match self._due(sandbox):
            case Due.HARD_STOP:
                log.warning("sandbox_hard_limit", learner=learner, in_use=bool(sandbox.uses))
                hours = self._deadlines().hard_s / 3600
                await self._stopping.stop(
                    learner, HardLimit(f"it ran for {hours:g} hours"), because="hard_limit"
                )
            case Due.IDLE_STOP:
                await self._stopping.stop(learner, because="idle")
                log.info("sandbox_idle_stopped", learner=learner)
            case Due.FREEZE:
                current = not self._is_outdated(sandbox)
                if not sandbox.uses and not await self._waking.freeze(
                    sandbox, keeps_way_in=current
                ):
                    await self._stopping.forget(sandbox)
            case Due.NOTHING:
                pass

    async def _stop_orphan(self, sandbox: Sandbox) -> None:
        async with one_of_many(self._engine, sandbox=sandbox.id), self._turns.of(sandbox.learner):
            if self._held.holds(sandbox) and not sandbox.uses:
                await self._stopping.stop(sandbox.learner, because="orphaned")
