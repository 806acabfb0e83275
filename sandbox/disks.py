"""Learners' disks: a sparse file with ext4 in it for each. Its size is the quota.

A file is never given to another learner, and never mounted here: what is in it is hostile.

The name of a file says whose it is, and with it whose the sandbox is that runs on it: a sandbox of
the pool becomes a learner's by one rename, and one whose file has no name any more is nobody's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import DiskFull, EngineFailed, SandboxGone, StartFailed
from sandbox.home import Home
from sandbox.loops import flush
from sandbox.threads import to_the_end

MIB = 1024 * 1024
BLOCK_BYTES = 512
"""Unit of `st_blocks`."""
MKFS_TIMEOUT_S = 30
FLUSH_TIMEOUT_S = 20.0
POOL_PREFIX = "pool-"
"""Learners' names are digits, so this is nobody's."""
DISK_SUFFIX = ".img"
UNFINISHED_SUFFIX = ".new"
UNFINISHED_FOR_S = 600
MKFS = (
    "mkfs.ext4", "-q", "-F", "-m", "0", "-e", "remount-ro",
    "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0",
)  # fmt: skip
"""No reserved blocks, and the tables are written when they are used: making one takes 10 ms."""


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """Learners' disks, and the file system that they are on."""

    count: int
    allocated_bytes: int
    """What the disks and their snapshots really take of it."""
    free_bytes: int
    size_bytes: int


class Disks:
    """Makes and removes disk files; calls don't block the event loop."""

    def __init__(self, home: Home, *, size_mib: int, free_mib: int) -> None:
        self._home = home
        self._size_mib = size_mib
        self._free_mib = free_mib
        # One at a time: it may have to write all that the machine has in memory.
        self._flushing = asyncio.Lock()

    def names(self) -> dict[int, str]:
        """The name of each disk, by its inode; it reads a folder, so not on the event loop."""
        while True:
            try:
                return self._names_now()
            except FileNotFoundError:
                # One was given its learner's name while we looked: look again.
                if not self._home.disks.exists():
                    raise

    def _names_now(self) -> dict[int, str]:
        with os.scandir(self._home.disks) as entries:
            return {
                entry.stat(follow_symlinks=False).st_ino: entry.name.removesuffix(DISK_SUFFIX)
                for entry in entries
                if entry.name.endswith(DISK_SUFFIX)
            }

    def inode(self, name: str) -> int:
        """What `names` knows this disk by; 0 when there is none."""
        try:
            return self._home.disk(name).stat().st_ino
        except FileNotFoundError:
            return 0

    async def give(self, name: str, learner: str) -> None:
        """Let the disk of the pool be the learner's, whose old one is forgotten, in one step."""
        await asyncio.to_thread(self._home.disk(name).rename, self._home.disk(learner))

    def exists(self, learner: str) -> bool:
        """Whether the learner has a disk."""
        return self._home.disk(learner).is_file()

    def must_have(self, learner: str) -> None:
        """Raises `SandboxGone` when the learner has none."""
        if not self.exists(learner):
            raise SandboxGone("this learner never had a sandbox")

    def last_written(self, learner: str) -> float | None:
        """When the learner's disk was used last, in seconds since 1970; None: there is none.

        That's also when the sandbox ended: unmounting writes, and an engine is never still for
        long.
        """
        try:
            return self._home.disk(learner).stat().st_mtime
        except FileNotFoundError:
            return None

    async def flush(self, learner: str) -> None:
        """Write to the learner's disk what the kernel has in memory of it; nothing writes there.

        Raises:
            EngineFailed: that took too long.
        """
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT_S), self._flushing:
                await asyncio.to_thread(flush, self._home.disks, self.inode(learner))
        except TimeoutError as exc:
            raise EngineFailed("what is in memory could not be written in time") from exc

    async def ensure(self, learner: str) -> bool:
        """Make the learner's disk if there is none; True when it was made now.

        Files are sparse, so their sizes are promises: what counts is what is left. A disk that
        exists would grow as well.

        Raises:
            DiskFull: the host's file system has less left than its reserve.
            StartFailed: mkfs did not work.
        """
        return await to_the_end(lambda: self._ensure(learner))

    async def remove(self, learner: str) -> None:
        """Forget all that is on it; a disk that is not there is not an error."""
        await asyncio.to_thread(self._home.disk(learner).unlink, missing_ok=True)

    async def remove_all(self, learner: str) -> None:
        """Forget the learner: the disk, all snapshots of it, and when it was used."""
        await self.remove(learner)
        await asyncio.to_thread(self._home.times(learner).unlink, missing_ok=True)
        await asyncio.to_thread(shutil.rmtree, self._home.snapshots_of(learner), ignore_errors=True)

    def usage(self) -> DiskUsage:
        """How full everything is; it looks at each file, so not on the event loop."""
        paths = list(self._home.disks.glob(f"*{DISK_SUFFIX}"))
        files = [file for path in paths if (file := _stat(path)) is not None]
        kept = [
            file
            for path in self._home.snapshots.glob(f"*/*{DISK_SUFFIX}")
            if (file := _stat(path)) is not None
        ]
        pooled = sum(path.name.startswith(POOL_PREFIX) for path in paths)
        whole = shutil.disk_usage(self._home.disks)
        return DiskUsage(
            count=len(files) - pooled,
            allocated_bytes=sum(file.st_blocks for file in [*files, *kept]) * BLOCK_BYTES,
            free_bytes=whole.free,
            size_bytes=whole.total,
        )

    def free_bytes(self) -> int:
        """What is left of the file system that the disks are on."""
        return shutil.disk_usage(self._home.disks).free

    def sizes(self, learners: Iterable[str]) -> dict[str, int]:
        """What these learners' disks take now, in bytes; without those that have none."""
        sizes = {}
        for learner in learners:
            with suppress(FileNotFoundError):
                sizes[learner] = self._home.disk(learner).stat().st_blocks * BLOCK_BYTES
        return sizes

    def remove_unfinished(self) -> int:
        """Remove what an interrupted `ensure` or copy left behind; how many."""
        limit = time.time() - UNFINISHED_FOR_S
        unfinished = [
            *self._home.disks.glob(f"*{UNFINISHED_SUFFIX}"),
            *self._home.snapshots.glob(f"*/*{UNFINISHED_SUFFIX}"),
        ]
        old = [path for path in unfinished if path.lstat().st_mtime < limit]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def must_have_room(self) -> None:
        """Raises `DiskFull` when the host's file system has less left than its reserve."""
        if (left_mib := self.free_bytes() // MIB) < self._free_mib:
            raise DiskFull(f"{left_mib} MiB of the disk are left, {self._free_mib} have to be")

    def _ensure(self, learner: str) -> bool:
        self.must_have_room()
        if self.exists(learner):
            return False
        self._make(self._home.disk(learner))
        return True

    def _make(self, path: Path) -> None:
        unfinished = path.with_suffix(UNFINISHED_SUFFIX)
        try:
            with unfinished.open("wb") as file:
                unfinished.chmod(0o600)
                file.truncate(self._size_mib * MIB)
            subprocess.run([*MKFS, unfinished], check=True, capture_output=True,
                           timeout=MKFS_TIMEOUT_S, env={"PATH": _path()})  # fmt: skip
            # The name appears when the disk is whole: a crash leaves no half disk.
            unfinished.rename(path)
        except (OSError, subprocess.SubprocessError) as exc:
            unfinished.unlink(missing_ok=True)
            raise StartFailed(f"the disk could not be made: {_reason(exc)}") from exc


def disk_of_pool(sandbox_id: str) -> str:
    """Name of the disk of a sandbox that is nobody's yet."""
    return POOL_PREFIX + sandbox_id


def is_of_pool(name: str) -> bool:
    """Whether the disk of this name is nobody's yet."""
    return name.startswith(POOL_PREFIX)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:  # it went while we looked
        return None


def _path() -> str:
    """Everybody's path and sbin, where mkfs is."""
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _reason(exc: OSError | subprocess.SubprocessError) -> str:
    if isinstance(exc, subprocess.CalledProcessError):
        return bytes(exc.stderr).decode(errors="replace").strip()[-200:]
    return str(exc)
