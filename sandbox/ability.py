"""Alive or able: whether one more learner could be served now, and if not, why.

A service that is not able is not broken: learners whose sandbox runs may notice nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from sandbox.contract import Health, HealthProblem
from sandbox.disks import MIB, Disks, DiskUsage
from sandbox.engine import Engine
from sandbox.errors import SandboxError
from sandbox.lifecycle import Lifecycle
from sandbox.metrics import Snapshot
from sandbox.places import Places

MIRROR_TIMEOUT_S = 1.0
PARTS = ("engine", "mirror", "disk", "capacity")
MEMORY_FILES = (
    "docent.slice/memory.current",
    "docent/memory.current",
    "memory/docent.slice/memory.usage_in_bytes",
    "memory/docent/memory.usage_in_bytes",
)
"""Memory of the cgroup of all sandboxes (`sandbox.spec.cgroup_parent`), in cgroup v2 and v1."""


class Ability:
    """Looks at all that serving one more learner needs."""

    def __init__(
        self,
        *,
        engine: Engine,
        lifecycle: Lifecycle,
        disks: Disks,
        free_mib: int,
        mirror: Path,
        places: Places,
        capacity_by: Literal["settings", "memory"] = "settings",
        cgroups: Path = Path("/sys/fs/cgroup"),
    ) -> None:
        self._engine = engine
        self._lifecycle = lifecycle
        self._disks = disks
        self._free_mib = free_mib
        self._mirror = mirror
        self._places = places
        self._capacity_by: Literal["settings", "memory"] = capacity_by
        self._cgroups = cgroups

    async def health(self) -> Health:
        """How everything is; raises nothing that a broken part could cause."""
        usage = await asyncio.to_thread(self._disks.usage)
        return await self._health(usage)

    async def snapshot(self) -> Snapshot:
        """The same as numbers, with what it costs."""
        usage = await asyncio.to_thread(self._disks.usage)
        health = await self._health(usage)
        troubled = {problem.part for problem in health.problems}
        frozen = self._lifecycle.frozen
        running = self._lifecycle.running - self._lifecycle.starting - frozen
        return Snapshot(
            running=running,
            frozen=frozen,
            starting=self._lifecycle.starting,
            warm=self._lifecycle.warm,
            outdated=self._lifecycle.outdated,
            stopped=max(0, usage.count - self._lifecycle.running),
            capacity=health.capacity,
            waiting=health.waiting,
            seats_kept=sum(kept.granted for kept in self._places.kept()),
            seats_taken=sum(min(kept.granted, kept.taken) for kept in self._places.kept()),
            disks_bytes=usage.allocated_bytes,
            home_free_bytes=usage.free_bytes,
            home_size_bytes=usage.size_bytes,
            memory_bytes=await asyncio.to_thread(self._memory_bytes),
            able={part: part not in troubled for part in PARTS},
        )

    async def _health(self, usage: DiskUsage) -> Health:
        version: str | None = None
        problems: list[HealthProblem] = []
        try:
            version = (await self._engine.describe()).version
        except SandboxError as exc:
            problems.append(HealthProblem(part="engine", detail=f"the host's engine: {exc}"))
        problems += [problem async for problem in self._other_problems(usage)]
        return Health(
            engine=version is not None,
            engine_version=version,
            running=self._lifecycle.running,
            capacity=self._lifecycle.capacity,
            capacity_by=self._capacity_by,
            waiting=self._places.waiting,
            problems=problems,
        )

    async def _other_problems(self, usage: DiskUsage) -> AsyncIterator[HealthProblem]:
        if not await answers(self._mirror):
            yield HealthProblem(part="mirror", detail="the registry mirror does not answer")
        free_mib = usage.free_bytes // MIB
        if free_mib < self._free_mib:
            detail = f"{free_mib} MiB are free in the home folder, {self._free_mib} have to be"
            yield HealthProblem(part="disk", detail=detail)
        if self._lifecycle.running >= self._lifecycle.capacity:
            detail = f"all {self._lifecycle.capacity} places are taken"
            yield HealthProblem(part="capacity", detail=detail)

    def _memory_bytes(self) -> int | None:
        for name in MEMORY_FILES:
            try:
                return int((self._cgroups / name).read_text(encoding="ascii"))
            except (OSError, ValueError):
                continue
        return None  # no sandbox ran yet, or we are in a container and don't see the host's cgroups


async def answers(mirror: Path) -> bool:
    """Whether a registry answers on this socket."""
    try:
        async with asyncio.timeout(MIRROR_TIMEOUT_S):
            reader, writer = await asyncio.open_unix_connection(mirror)
            try:
                writer.write(b"GET /v2/ HTTP/1.0\r\nHost: mirror\r\n\r\n")
                return (await reader.readline()).split()[1:2] == [b"200"]
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
