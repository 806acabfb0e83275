"""Freezing sandboxes, thawing them, and telling a frozen one from a dead one."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import structlog

from sandbox.engine import Engine, Status
from sandbox.errors import EngineFailed, SandboxError, SandboxGone
from sandbox.finding import ALIVE
from sandbox.held import Sandbox

log = structlog.get_logger(__name__)


class Waking:
    """Gives sandboxes the processor and takes it away. Raises `HostEngineDown`."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock

    async def is_alive(self, sandbox: Sandbox) -> bool:
        """Whether we can get in, now thawed. The host's engine is asked only when we can't.

        Raises:
            EngineFailed: it runs, but nobody answers in it.
        """
        if sandbox.frozen and not await self.thaw(sandbox):
            return False
        if sandbox.inside.is_connected:
            return True
        try:
            await sandbox.inside.connect()
        except SandboxError:
            return await self._is_only_frozen(sandbox)
        return True

    async def freeze(self, sandbox: Sandbox, *, keeps_way_in: bool = True) -> bool:
        """Take the processor from one that nobody uses; False when it is gone.

        The way in stays, and with it the shell that waits there: to make them anew takes longer
        than a command. An older image's is closed: it gives itself up after so long a silence.
        """
        if keeps_way_in:
            sandbox.inside.rest()
        else:
            await sandbox.inside.close()
        # Set first: whoever comes after a failure in between thaws, which is never wrong.
        sandbox.frozen = True
        try:
            await self._engine.freeze(sandbox.container_id)
        except SandboxGone:
            return False
        log.info("sandbox_frozen", learner=sandbox.learner, sandbox=sandbox.id)
        return True

    async def thaw(self, sandbox: Sandbox) -> bool:
        """Give it the processor back; False when it is gone."""
        started_at = self._clock()
        try:
            await self._engine.thaw(sandbox.container_id)
        except SandboxGone:
            return False
        sandbox.frozen = False
        sandbox.inside.wake()
        took_ms = round((self._clock() - started_at) * 1000)
        log.info("sandbox_thawed", learner=sandbox.learner, sandbox=sandbox.id, took_ms=took_ms)
        return True

    @asynccontextmanager
    async def standing_still(self, sandbox: Sandbox) -> AsyncGenerator[None]:
        """Frozen for a moment, in use or not: the way in stays open, and commands go on later."""
        if sandbox.frozen:
            yield
            return
        sandbox.frozen = True  # first, as in `freeze`
        sandbox.inside.rest()
        try:
            await self._engine.freeze(sandbox.container_id)
            yield
        finally:
            if not await self.thaw(sandbox):
                sandbox.frozen = False  # it is gone: nobody has to wait for it

    async def _is_only_frozen(self, sandbox: Sandbox) -> bool:
        """Whether a sandbox that nobody answers in was frozen, by whomever."""
        state = await self._engine.state(sandbox.container_id)
        if state is None or state.status not in ALIVE:
            return False
        if state.status is Status.FROZEN and await self.thaw(sandbox):
            await sandbox.inside.connect()
            return True
        raise EngineFailed("the sandbox runs, but nobody answers in it")
