"""Snapshots of learners' disks: taken while the sandbox stands still, restored by a swap.

A snapshot is a file of its own, and serves a fork (another learner's disk), a lesson's start, and a
way back. A sandbox is never changed in place: it gets a copy of the snapshot as its new disk, and
the old sandbox ends behind everybody's back, as after a reset.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import structlog

from sandbox.contract import SandboxView, SnapshotFact
from sandbox.copying import Changed, copy_disk
from sandbox.disks import Disks
from sandbox.errors import (
    BadRequest,
    EngineFailed,
    NoSnapshot,
    SandboxReset,
    TooManySnapshots,
)
from sandbox.home import Home
from sandbox.lifecycle import Lifecycle
from sandbox.threads import to_the_end

NAME = re.compile(r"[a-z0-9-]{1,40}")
MOST_TRIES = 3
"""What was dirty when the sandbox stood still is written by the kernel a little later."""
BLOCK_BYTES = 512

log = structlog.get_logger(__name__)


class Snapshots:
    """The snapshots of one home; at most `most` of each learner."""

    def __init__(self, home: Home, disks: Disks, lifecycle: Lifecycle, *, most: int) -> None:
        self._home = home
        self._disks = disks
        self._lifecycle = lifecycle
        self._most = most

    async def listed(self, learner: str) -> list[SnapshotFact]:
        """The learner's snapshots, the newest first."""
        return await asyncio.to_thread(self._listed, learner)

    async def take(self, learner: str, name: str) -> SnapshotFact:
        """Keep the learner's disk as it is now; one of the same name is replaced.

        A sandbox that runs stands still meanwhile, for as long as the copy takes.

        Raises:
            BadRequest: the name is none.
            TooManySnapshots: the learner has as many as may be.
            DiskFull: the machine's disk has no room for it.
            SandboxGone: the learner has no disk.
            EngineFailed: the disk does not stand still.
        """
        target = self._file(learner, name)
        async with self._lifecycle.still(learner):
            others = [fact for fact in await self.listed(learner) if fact.name != name]
            if len(others) >= self._most:
                raise TooManySnapshots(f"{self._most} snapshots are kept of each learner")
            target.parent.mkdir(mode=0o700, exist_ok=True)
            await self._copied(self._home.disk(learner), target)
        log.info("snapshot_taken", learner=learner, name=name)
        return _fact(target)

    async def remove(self, learner: str, name: str) -> None:
        """Forget this one; one that is not there is not an error."""
        await asyncio.to_thread(self._file(learner, name).unlink, missing_ok=True)

    async def restore(self, learner: str, name: str, *, of: str | None = None) -> SandboxView:
        """Be running with a disk as this snapshot, of the learner or of another one.

        What was on the learner's disk is gone. It is still there after any failure before that.

        Raises:
            NoSnapshot: there is none of this name.
            DiskFull: the machine's disk has no room for a copy.
        """
        source = self._file(of or learner, name)

        async def put_disk() -> None:
            await self._copied(source, self._home.disk(learner))

        view = await self._lifecycle.swap_disk(
            learner, put_disk, SandboxReset("a snapshot was restored")
        )
        log.info("snapshot_restored", learner=learner, name=name, of=of or learner)
        return view

    def _file(self, learner: str, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise BadRequest("a snapshot's name has up to 40 of a-z, 0-9 and -")
        return self._home.snapshots_of(learner) / f"{name}.img"

    def _listed(self, learner: str) -> list[SnapshotFact]:
        facts = []
        for path in self._home.snapshots_of(learner).glob("*.img"):
            try:
                facts.append(_fact(path))
            except FileNotFoundError:  # it was removed while we looked
                continue
        return sorted(facts, key=lambda fact: fact.made_at, reverse=True)

    async def _copied(self, source: Path, target: Path) -> None:
        for _ in range(MOST_TRIES):
            try:
                await to_the_end(lambda: self._copy(source, target))
            except Changed:
                continue
            except FileNotFoundError as exc:
                raise NoSnapshot(f"there is no {source.stem}") from exc
            return
        raise EngineFailed("the disk is written all the time")

    def _copy(self, source: Path, target: Path) -> None:
        copy_disk(source, target, may_go_on=self._disks.must_have_room)


def _fact(path: Path) -> SnapshotFact:
    state = path.stat()
    return SnapshotFact(
        name=path.stem, made_at=state.st_mtime, size_bytes=state.st_blocks * BLOCK_BYTES
    )
