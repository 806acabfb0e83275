"""Keeps learners' disks from filling up the machine: whoever still grows when little is left stops.

Disks promise more than there is. Below the reserve no sandbox starts any more; what runs may go
on. Below half of it sandboxes that grow are ended at once, before the database has no room to
write: an orderly stop takes seconds, in which a learner's program may write gigabytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import structlog

from sandbox.disks import MIB, Disks
from sandbox.ending import FINISH_S
from sandbox.errors import DiskFull, SandboxError
from sandbox.lifecycle import Lifecycle

LOOK_S = 1.0
SHORTEST_LOOK_S = 0.05
FASTEST_BYTES_S = 4096 * MIB
"""No disk of a machine like ours takes more than that in a second."""
GROWN_BYTES = 4 * MIB
"""An engine writes a little even when nobody uses it."""

log = structlog.get_logger(__name__)


class DiskGuard:
    """Looks at the free space until it's cancelled, more often when there is little."""

    def __init__(
        self, lifecycle: Lifecycle, disks: Disks, *, free_mib: int, look_s: float = LOOK_S
    ) -> None:
        self._lifecycle = lifecycle
        self._disks = disks
        self._reserve = free_mib * MIB
        self._look_s = look_s
        self._sizes: dict[str, int] = {}
        self._stops: dict[str, asyncio.Task[None]] = {}
        self._free = self._reserve

    async def run(self) -> None:
        """The looks. A failing one is logged, and the next one comes."""
        try:
            while True:
                with _said():
                    await self.look()
                await asyncio.sleep(self._until_next_look_s())
        finally:
            await self.finish()

    async def look(self) -> None:
        """Begin to stop what grew since there was enough left, if there isn't any more.

        Nobody waits for that: one that is slow to end must not let the others fill the disk.
        """
        free = self._free = self._disks.free_bytes()
        if free >= self._reserve:
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
        for learner in grown:
            if learner not in self._stops:
                self._stops[learner] = asyncio.create_task(self._stop(learner, free))

    async def finish(self) -> None:
        """Wait a moment for the stops that are under way; those that take longer are given up."""
        stops = list(self._stops.values())
        if stops:
            _, late = await asyncio.wait(stops, timeout=FINISH_S)
            for stop in late:
                stop.cancel()

    def _until_next_look_s(self) -> float:
        """Not so long that all could be gone by then that may go."""
        may_go = self._free - self._reserve // 2
        return min(self._look_s, max(SHORTEST_LOOK_S, may_go / FASTEST_BYTES_S / 2))

    async def _stop(self, learner: str, free: int) -> None:
        log.error("sandbox_stopped_for_disk", learner=learner, free_mib=free // MIB)
        why = DiskFull(f"only {free // MIB} MiB were left of the machine's disk, and it grew")
        try:
            with _said():
                await self._lifecycle.end_because(learner, why)
        finally:
            del self._stops[learner]


@contextmanager
def _said() -> Generator[None]:
    """A failure is logged and not raised: it must not leave the machine without its guard."""
    try:
        yield
    except (SandboxError, OSError) as exc:
        log.warning("disk_guard_failed", reason=str(exc), error=type(exc).__name__)
    except Exception:  # a bug
        log.exception("disk_guard_failed")
