"""Keeps learners' disks from filling up the machine: whoever still grows when little is left stops.

Disks promise more than there is. Below the reserve no sandbox starts any more; what runs may go
on. Below half of it sandboxes that grow are ended at once, before the database has no room to
write: an orderly stop takes seconds, in which a learner's program may write gigabytes.
"""

from __future__ import annotations

import asyncio

import structlog

from sandbox.disks import MIB, Disks
from sandbox.errors import DiskFull, SandboxError
from sandbox.lifecycle import Lifecycle

LOOK_S = 1.0
LOOK_CLOSELY_S = 0.1
"""Below the reserve; what writes fast has filled the rest of it in a second."""
GROWN_BYTES = 4 * MIB
"""An engine writes a little even when nobody uses it."""

log = structlog.get_logger(__name__)


class DiskGuard:
    """Looks at the free space until it's cancelled, more often when it's little."""

    def __init__(
        self, lifecycle: Lifecycle, disks: Disks, *, free_mib: int, look_s: float = LOOK_S
    ) -> None:
        self._lifecycle = lifecycle
        self._disks = disks
        self._reserve = free_mib * MIB
        self._look_s = look_s
        self._sizes: dict[str, int] = {}
        self._is_close = False

    async def run(self) -> None:
        """The looks. A failing one is logged, and the next one comes."""
        while True:
            try:
                await self.look()
            except (SandboxError, OSError) as exc:
                log.warning("disk_guard_failed", reason=str(exc), error=type(exc).__name__)
            except Exception:  # a bug here must not leave the machine without its guard
                log.exception("disk_guard_failed")
            await asyncio.sleep(
                min(LOOK_CLOSELY_S, self._look_s) if self._is_close else self._look_s
            )

    async def look(self) -> None:
        """Stop what grew since there was enough left, if there isn't any more."""
        free = self._disks.free_bytes()
        self._is_close = free < self._reserve
        if not self._is_close:
            self._sizes.clear()
            return
        sizes = await asyncio.to_thread(self._disks.sizes, self._lifecycle.learners)
        if free >= self._reserve // 2:
            self._sizes = sizes
            return
        grown = [
            learner
            for learner, size in sizes.items()
            if size - self._sizes.setdefault(learner, size) >= GROWN_BYTES
        ]
        await asyncio.gather(*(self._stop(learner, free) for learner in grown))

    async def _stop(self, learner: str, free: int) -> None:
        log.error("sandbox_stopped_for_disk", learner=learner, free_mib=free // MIB)
        why = DiskFull(f"only {free // MIB} MiB were left of the machine's disk, and it grew")
        await self._lifecycle.end_because(learner, why)
