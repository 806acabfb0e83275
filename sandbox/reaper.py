"""Looks after what nobody asks about: ended containers, files without an owner, idle sandboxes."""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog

from sandbox.ceiling import CeilingKeeper
from sandbox.disks import Disks
from sandbox.errors import HostEngineDown, SandboxError
from sandbox.heartbeat import Heartbeat
from sandbox.lifecycle import Lifecycle
from sandbox.metrics import Metrics
from sandbox.retention import Retention
from sandbox.seating import Seating
from sandbox.steadiness import Steadiness

ROUND_S = 15.0
ROUND_TIMEOUT_S = 120.0
"""Stopping many sandboxes takes its time; a round that hangs must not be the last one."""

log = structlog.get_logger(__name__)


class Reaper:
    """Goes its rounds until it's cancelled; a failing round is logged and the next one comes."""

    def __init__(
        self,
        lifecycle: Lifecycle,
        disks: Disks,
        *,
        ceiling: CeilingKeeper | None = None,
        seating: Seating | None = None,
        retention: Retention | None = None,
        steadiness: Steadiness | None = None,
        heartbeat: Heartbeat | None = None,
        metrics: Metrics | None = None,
        round_s: float = ROUND_S,
    ) -> None:
        self._lifecycle = lifecycle
        self._disks = disks
        self._ceiling = ceiling
        self._seating = seating
        self._retention = retention
        self._steadiness = steadiness or Steadiness()
        self._heartbeat = heartbeat
        self._metrics = metrics
        self._round_s = round_s
        self._engine_is_down = False

    async def run(self) -> None:
        """The rounds; the first at once, since it finds the sandboxes of an earlier service."""
        while True:
            await self.round()
            await asyncio.sleep(self._round_s)

    async def round(self) -> None:
        """One round. Raises nothing: whatever is wrong now may be right in the next."""
        try:
            async with asyncio.timeout(ROUND_TIMEOUT_S):
                if self._ceiling is not None:
                    await self._ceiling.keep()
                removed = await self._lifecycle.sync()
                await self._lifecycle.meet_deadlines()
                await self._keep_promises()
                unfinished = await asyncio.to_thread(self._disks.remove_unfinished)
                self._tell(removed + Counter(unfinished_disk=unfinished))
            self._note_engine(is_down=False)
        except HostEngineDown as exc:
            self._note_engine(is_down=True, reason=str(exc))
        except TimeoutError:
            log.warning("reaper_round_too_long", after_s=ROUND_TIMEOUT_S)
        except (SandboxError, OSError) as exc:
            log.warning("reaper_round_failed", reason=str(exc), error=type(exc).__name__)
        except Exception:  # a bug here must not end the rounds
            log.exception("reaper_round_failed")

    async def _keep_promises(self) -> None:
        """Seats whose time is over, disks that nobody uses, and a sign that somebody was here."""
        if self._seating is not None:
            self._seating.refresh()
        if self._steadiness.is_believed() and self._retention is not None:
            await self._lifecycle.delete_expired(self._retention)
        if self._heartbeat is not None:
            self._heartbeat.beat()

    def _tell(self, removed: Counter[str]) -> None:
        """What somebody left who died: an operator may want to know that it happens."""
        if not removed:
            return
        log.info("reaper_removed", **removed)
        if self._metrics is not None:
            for what, count in removed.items():
                self._metrics.reaped(what, count)

    def _note_engine(self, *, is_down: bool, reason: str = "") -> None:
        """Say it when it changes, not every round."""
        if is_down and not self._engine_is_down:
            log.error("host_engine_down", reason=reason)
        if self._engine_is_down and not is_down:
            log.info("host_engine_back")
        self._engine_is_down = is_down
