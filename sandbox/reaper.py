"""Looks after what nobody asks about: ended containers, files without an owner, idle sandboxes."""

from __future__ import annotations

import asyncio

import structlog

from sandbox.ceiling import CeilingKeeper
from sandbox.disks import Disks
from sandbox.errors import HostEngineDown, SandboxError
from sandbox.lifecycle import Lifecycle

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
        idle_s: float,
        freeze_s: float,
        ceiling: CeilingKeeper | None = None,
        round_s: float = ROUND_S,
    ) -> None:
        self._lifecycle = lifecycle
        self._disks = disks
        self._idle_s = idle_s
        self._freeze_s = freeze_s
        self._ceiling = ceiling
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
                await self._lifecycle.sync()
                await self._lifecycle.stop_idle(self._idle_s)
                await self._lifecycle.freeze_idle(self._freeze_s)
                await asyncio.to_thread(self._disks.remove_unfinished)
            self._note_engine(is_down=False)
        except HostEngineDown as exc:
            self._note_engine(is_down=True, reason=str(exc))
        except (SandboxError, OSError) as exc:
            log.warning("reaper_round_failed", reason=str(exc), error=type(exc).__name__)
        except Exception:  # a bug here must not end the rounds
            log.exception("reaper_round_failed")

    def _note_engine(self, *, is_down: bool, reason: str = "") -> None:
        """Say it when it changes, not every round."""
        if is_down and not self._engine_is_down:
            log.error("host_engine_down", reason=reason)
        if self._engine_is_down and not is_down:
            log.info("host_engine_back")
        self._engine_is_down = is_down
