"""Finding again what runs: whose each container is, and what is nobody's.

A container carries the inode of its disk file, and the name of that file says whose it is. So a
sandbox changes its owner by one rename, and whatever dies before or after that leaves one of three:

- a disk of a learner's name: the sandbox on it is theirs;
- a disk of the pool's: the sandbox waits there, and a disk without a sandbox is removed;
- a disk without a name (a reset, a restore): the sandbox on it is ended.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import structlog

from sandbox.disks import Disks, disk_of_pool, is_of_pool
from sandbox.ending import Ending
from sandbox.engine import Engine, SandboxState, Status
from sandbox.held import NOBODY, Held, Sandbox
from sandbox.home import TIMES_SUFFIX, Home
from sandbox.inside import Inside
from sandbox.timers import HARD_WARNING_S, LONGEST_EXTENSION_S
from sandbox.times import KeptTimes, Times

ALIVE = (Status.RUNNING, Status.FROZEN)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A container of ours, and whose it is: a learner's, `NOBODY`'s (the pool), or None."""

    state: SandboxState
    owner: str | None

    @property
    def is_alive(self) -> bool:
        """Whether it runs, frozen or not."""
        return self.state.status in ALIVE


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found at one look."""

    everybodys: list[SandboxState]
    """Sandboxes of all homes on this host."""
    ours: list[Found]

    def of(self, learner: str) -> list[Found]:
        """The learner's containers: one, or more while things change."""
        return [found for found in self.ours if found.owner == learner]


class Finder:
    """Looks at the host's engine and at the disks. Raises `HostEngineDown`."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        home: Home,
        held: Held,
        ending: Ending,
        enter: Callable[[str], Inside],
        times: KeptTimes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._disks = disks
        self._home = home
        self._held = held
        self._ending = ending
        self._enter = enter
        self._times = times
        self._clock = clock

    async def look(self) -> Findings:
        """What there is now; what runs, and isn't held yet, is from here on."""
        # In this order: a container whose disk has no name any more is nobody's, one whose disk
        # had no name yet would be too.
        states = await self._engine.sandboxes()
        of_home = [state for state in states if state.home == self._home.label]
        names = await asyncio.to_thread(self._disks.names)
        if any(state.disk_inode not in names for state in of_home):
            # A file that was renamed while we looked may have been seen under neither name.
            names |= await asyncio.to_thread(self._disks.names)
        ours = [Found(state, _owner(state, names)) for state in of_home]
        await self._adopt([found for found in ours if self._is_new(found)])
        return Findings(states, ours)

    async def forget_what_is_gone(self, findings: Findings) -> None:
        """Hold no sandbox whose container somebody removed."""
        seen = {found.state.container_id for found in findings.ours}
        for sandbox in self._held.all:
            # It may just be younger than the list that it's missing from.
            if (
                sandbox.container_id not in seen
                and await self._engine.state(sandbox.container_id) is None
            ):
                self._held.drop(sandbox)
                await sandbox.inside.close()

    async def remove_files(self, findings: Findings) -> Counter[str]:
        """Remove folders of sockets and disks of the pool that no sandbox has; how many of what."""
        return await asyncio.to_thread(self._remove_files, findings)

    async def _adopt(self, new: list[Found]) -> None:
        """Hold those that still run: one may have been removed after the list was made."""
        if not new:
            return
        owners = {found.owner for found in new if found.owner}
        times = await asyncio.to_thread(self._times.of, owners)
        # What we end ourselves is held, or known to be ending, until it's gone. So one that isn't
        # any more is gone already, and a list that is asked for now says so.
        states = await self._engine.sandboxes()
        alive = {state.container_id for state in states if state.status in ALIVE}
        for found in new:
            state, owner = found.state, found.owner
            if owner is not None and state.container_id in alive and self._is_new(found):
                self._held.add(self._adopted(state, owner, times.get(state.sandbox_id)))
                log.info("sandbox_adopted", learner=owner, sandbox=state.sandbox_id)

    def _is_new(self, found: Found) -> bool:
        """Whether it seems to run for somebody, and isn't held."""
        state, owner = found.state, found.owner
        if not found.is_alive or owner is None or self._held.knows(state.sandbox_id):
            return False
        return not (self._ending.is_ending(state.container_id) or self._held.is_taken(owner))

    def _adopted(self, state: SandboxState, owner: str, times: Times | None) -> Sandbox:
        """As it was for the last service; in any case who uses it is warned before it is ended."""
        ago_s = time.time() - (state.created_at if times is None else times.started_at)
        keep_s = 0.0 if times is None else times.keep_until - time.time()
        return Sandbox(
            id=state.sandbox_id,
            learner=owner,
            container_id=state.container_id,
            uid_base=state.uid_base,
            safe=state.safe,
            inside=self._enter(state.sandbox_id),
            last_used=self._clock(),
            started_at=self._clock() - max(0.0, ago_s),
            keep_until=self._clock() + min(max(HARD_WARNING_S, keep_s), LONGEST_EXTENSION_S),
            image=state.image,
            frozen=state.status is Status.FROZEN,
        )

    def _remove_files(self, findings: Findings) -> Counter[str]:
        removed: Counter[str] = Counter()
        ids = {found.state.sandbox_id for found in findings.ours}
        for folder in self._home.sockets.iterdir():
            if self._is_nobodys(folder.name, ids):
                shutil.rmtree(folder, ignore_errors=True)
                removed["socket_folder"] += 1
        for disk in self._home.disks.glob(f"{disk_of_pool('*')}.img"):
            if self._is_nobodys(disk.stem.removeprefix(disk_of_pool("")), ids):
                disk.unlink(missing_ok=True)
                removed["pool_disk"] += 1
        for times in self._home.disks.glob(f"*{TIMES_SUFFIX}"):
            if not self._home.disk(times.stem).exists():
                times.unlink(missing_ok=True)
        return removed

    def _is_nobodys(self, sandbox_id: str, ids: Iterable[str]) -> bool:
        return sandbox_id not in ids and not self._held.knows(sandbox_id)


def _owner(state: SandboxState, names: Mapping[int, str]) -> str | None:
    if not state.disk_inode:  # of a service that did not say; then it never changed hands
        return state.learner
    name = names.get(state.disk_inode)
    if name is None:
        return None
    return NOBODY if is_of_pool(name) else name
