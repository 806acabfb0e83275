"""Snapshots of a learner's disk: kept copies, by name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sandbox.contract.wire import LearnerName, Wire

SnapshotName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class SnapshotFact(Wire):
    """One snapshot; made_at in seconds since 1970, size_bytes what it takes of the machine's disk.

    Where the file system lets files share blocks, it takes less than it says.
    """

    name: SnapshotName
    made_at: float
    size_bytes: int


class SnapshotList(Wire):
    """A learner's snapshots, the newest first."""

    snapshots: list[SnapshotFact] = Field(default=[])


class RestoreRequest(Wire):
    """Have a disk like this snapshot: the learner's own, or `of` another learner."""

    name: SnapshotName
    of: LearnerName | None = None
