"""Ends sandboxes that nobody can use any more: at once, beside everything else, and to the end."""

from __future__ import annotations

import asyncio
import shutil

import structlog

from sandbox.disks import disk_of_pool
from sandbox.engine import Engine
from sandbox.errors import SandboxError
from sandbox.home import Home
from sandbox.inside import Inside

FINISH_S = 10.0
"""How long the service's own end waits for them; the next service ends what is left."""

log = structlog.get_logger(__name__)


class Ending:
    """Sandboxes on disks without a name: nothing in them is worth an orderly stop.

    One that could not be ended is found again by its disk, which has no name, and ended then.
    """

    def __init__(self, engine: Engine, home: Home) -> None:
        self._engine = engine
        self._home = home
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def is_ending(self, container_id: str) -> bool:
        """Whether it is on its way out."""
        return container_id in self._tasks

    def begin(self, container_id: str, sandbox_id: str, inside: Inside | None = None) -> None:
        """End this container, without anybody waiting for it; safe to repeat."""
        if container_id not in self._tasks:
            end = self._end(container_id, sandbox_id, inside)
            self._tasks[container_id] = asyncio.create_task(end)

    async def finish(self) -> None:
        """Wait a moment for those that are under way."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=FINISH_S)
        for task in self._tasks.values():
            task.cancel()

    async def _end(self, container_id: str, sandbox_id: str, inside: Inside | None) -> None:
        try:
            # One of the pool is nobody's from here on, whatever happens to us.
            disk = self._home.disk(disk_of_pool(sandbox_id))
            await asyncio.to_thread(disk.unlink, missing_ok=True)
            await self._engine.end(container_id)
            if inside is not None:
                await inside.close()
            folder = self._home.socket_folder(sandbox_id)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        except SandboxError as exc:
            log.warning("sandbox_end_failed", sandbox=sandbox_id, error=exc.code, detail=str(exc))
        except Exception:  # nobody awaits this task: say it here
            log.exception("sandbox_end_failed", sandbox=sandbox_id)
        else:
            log.info("sandbox_ended_for_good", sandbox=sandbox_id)
        finally:
            del self._tasks[container_id]
