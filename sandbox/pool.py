"""The warm pool: sandboxes that run already, for learners who have no disk yet.

What makes a sandbox somebody's is the name of its disk: the hand-out is one rename, and the pool is
filled again behind the learner's back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from sandbox.disks import Disks, disk_of_pool
from sandbox.ending import Ending
from sandbox.engine import Engine
from sandbox.errors import HostEngineDown, SandboxError, SandboxGone
from sandbox.held import NOBODY, Beginning, Held, Sandbox
from sandbox.places import Places
from sandbox.rounds import one_of_many
from sandbox.starting import HOME_FOLDER, Starter

CALM_S = 1.0
"""The pool is filled when no learner's sandbox started for this long."""
ROUND_S = 5.0
RETRY_S = 30.0
"""After a start that failed: the next one will hardly do better at once."""

log = structlog.get_logger(__name__)


class Pool:
    """Keeps as many sandboxes ready as somebody wants, if there is room for them."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        held: Held,
        places: Places,
        starter: Starter,
        ending: Ending,
        image: str,
        size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._disks = disks
        self._held = held
        self._places = places
        self._starter = starter
        self._ending = ending
        self._image = image
        self._wanted = size
        self._clock = clock
        self._wake = asyncio.Event()
        self._busy_at = -CALM_S

    @property
    def wanted(self) -> int:
        """How many should be ready."""
        return self._wanted

    @property
    def ready(self) -> int:
        """How many are."""
        return len(self._held.waiting)

    def want(self, count: int) -> None:
        """Have so many ready from now on; those that are too many are ended."""
        if count != self._wanted:
            self._wanted = count
            self._wake.set()

    @property
    def has_some(self) -> bool:
        """Whether one could be handed out now."""
        return bool(self._held.waiting)

    async def hand_out(self, learner: str) -> Sandbox | None:
        """A sandbox that runs, on a new disk which is the learner's from now on, if there is one.

        The learner's old disk is forgotten; whose sandbox ran on it ends it.
        """
        self._busy_at = self._clock()
        while self.has_some:
            with self._held.leaving_pool(learner) as sandbox:
                if sandbox is None:
                    break
                if await self._is_given(sandbox, learner):
                    self._wake.set()
                    return sandbox
                self._end(sandbox)
        return None

    def make_room(self) -> None:
        """End what has no place beside the learners any more; nobody waits for it."""
        while self._held.taken > self._places.capacity and (ready := self._held.waiting):
            self._end(ready[-1])

    async def run(self) -> None:
        """Fill it and keep it filled, one at a time, until this is cancelled."""
        while True:
            try:
                pause_s = await self._keep()
            except HostEngineDown:  # the reaper says it
                pause_s = RETRY_S
            except SandboxError as exc:
                log.warning("pool_start_failed", error=exc.code, detail=str(exc))
                pause_s = RETRY_S
            except Exception:  # a bug here must not cost every later learner a second
                log.exception("pool_start_failed")
                pause_s = RETRY_S
            self._wake.clear()
            await self._pause(pause_s)

    async def fill(self) -> bool:
        """Start one, if one is missing and there is room; whether it did.

        Raises:
            SandboxError: it did not start; nothing is left of it.
        """
        states = await self._engine.sandboxes()
        if self._held.warm >= min(self._wanted, self._places.spare):
            return False
        with self._held.beginning(NOBODY, states) as place:
            self._held.add(await self._started(place))
        log.info("pool_filled", ready=len(self._held.waiting), wanted=self._wanted)
        return True

    async def freeze_idle(self, idle_s: float) -> None:
        """Take the processor from those that waited for this long; a hand-out thaws."""
        for sandbox in self._held.waiting:
            if sandbox.frozen or self._clock() - sandbox.last_used < idle_s:
                continue
            if not self._held.holds(sandbox):  # given away, or ended, while another was frozen
                continue
            async with one_of_many(self._engine, sandbox=sandbox.id):
                with self._held.aside(sandbox):
                    await self._freeze(sandbox)

    async def drop_outdated(self) -> None:
        """End those of an older engine image, and those that are more than wanted."""
        image = await self._engine.image_id(self._image)
        for sandbox in self._held.waiting:
            if sandbox.image != (image or sandbox.image) or self._held.warm > self._wanted:
                log.info("pool_sandbox_dropped", sandbox=sandbox.id, image=sandbox.image)
                self._end(sandbox)

    async def _keep(self) -> float:
        await self.drop_outdated()
        if self._clock() - self._busy_at < CALM_S or self._held.starting:
            return CALM_S
        return 0.0 if await self.fill() else ROUND_S

    async def _started(self, place: Beginning) -> Sandbox:
        disk = disk_of_pool(place.sandbox_id)
        await self._disks.ensure(disk)
        try:
            sandbox = await self._starter.start(place, disk)
            await sandbox.inside.prepare()
        except SandboxError:
            # What may run on it all the same is nobody's then, and ended by the next round.
            await self._disks.remove(disk)
            raise
        return sandbox

    async def _is_given(self, sandbox: Sandbox, learner: str) -> bool:
        """Whether it is the learner's now; one that died while it waited is not."""
        try:
            if sandbox.frozen:
                await self._engine.thaw(sandbox.container_id)
                sandbox.frozen = False
                sandbox.inside.wake()
            await sandbox.inside.connect()
            await self._disks.give(disk_of_pool(sandbox.id), learner)
        except (SandboxError, OSError) as exc:
            log.warning("pool_sandbox_unfit", sandbox=sandbox.id, detail=str(exc))
            return False
        sandbox.learner = learner
        sandbox.last_used = sandbox.started_at = self._clock()
        sandbox.directory = HOME_FOLDER
        self._held.add(sandbox)
        log.info("sandbox_handed_out", learner=learner, sandbox=sandbox.id)
        return True

    async def _freeze(self, sandbox: Sandbox) -> None:
        sandbox.inside.rest()  # see `sandbox.waking`; those of an older image are ended
        sandbox.frozen = True
        try:
            await self._engine.freeze(sandbox.container_id)
        except SandboxGone:
            self._end(sandbox)
        except SandboxError:
            await sandbox.inside.close()  # whoever finds it again makes a way of its own
            raise
        else:
            self._held.add(sandbox)

    def _end(self, sandbox: Sandbox) -> None:
        self._held.drop(sandbox)
        self._ending.begin(sandbox.container_id, sandbox.id, sandbox.inside)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
