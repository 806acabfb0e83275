"""What we need of the host's container engine: a Protocol, and the plain states it speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

START_FAILED = range(70, 74)
"""Exit statuses of a sandbox whose first process could not build the learner's side."""
LEARNERS_SIDE_ENDED = 75
KEEPER_ENDED = 76

ROLE_LABEL = "docent.role"
SANDBOX_ROLE = "sandbox"
HOME_LABEL = "docent.home"
SANDBOX_LABEL = "docent.sandbox"
DISK_LABEL = "docent.disk"
"""Inode of the disk file: whose name that file has, theirs is the sandbox."""
LEARNER_LABEL = "docent.learner"
"""Whom it was started for; empty when it was started for whoever comes first."""
UID_BASE_LABEL = "docent.uid-base"
SAFE_LABEL = "docent.safe"


class Status(StrEnum):
    """What a sandbox's container is doing."""

    CREATED = "created"
    RUNNING = "running"
    FROZEN = "frozen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class HostEngine:
    """What the host's engine says of itself."""

    version: str
    systemd_cgroups: bool
    """Who makes cgroups: systemd, or the engine itself."""
    runtimes: frozenset[str] = frozenset()
    """Names of the OCI runtimes that it knows."""
    apparmor: bool = False
    """Whether it confines containers by AppArmor."""


@dataclass(frozen=True, slots=True)
class SandboxState:
    """A sandbox's container as the host's engine knows it; created_at in seconds since 1970."""

    container_id: str
    sandbox_id: str
    learner: str
    """Whom it was started for; `sandbox.disks.Disks.names` tells whose it is."""
    disk_inode: int
    """0: started by a service that did not say."""
    home: str
    uid_base: int
    safe: bool
    status: Status
    exit_code: int
    created_at: float
    image: str = ""
    """Id of the image that it was made from."""


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """A container to create: its name and the body of the Engine API's create call."""

    name: str
    config: Mapping[str, Any]


class Engine(Protocol):
    """The host's container engine. Raises `HostEngineDown`, besides what each call says."""

    async def describe(self) -> HostEngine:
        """What it is; asks the engine each time, so it tells whether it lives."""
        ...

    async def image_id(self, name: str) -> str:
        """What the name stands for now; empty when there is no such image."""
        ...

    async def sandboxes(self) -> list[SandboxState]:
        """All sandboxes of all homes on this host, whether they run or not."""
        ...

    async def start(self, spec: ContainerSpec) -> str:
        """Create and start a container; its id. Raises `StartFailed` and leaves nothing behind."""
        ...

    async def state(self, container_id: str) -> SandboxState | None:
        """How it is, None when it's gone."""
        ...

    async def last_words(self, container_id: str) -> str:
        """The end of what its first process printed, empty when it's gone."""
        ...

    async def freeze(self, container_id: str) -> None:
        """Take the processor away from it; frozen already is not an error.

        Raises `SandboxGone` when it does not run, and `StartFailed` when the engine refuses.
        """
        ...

    async def thaw(self, container_id: str) -> None:
        """Give it back; what is not frozen is not an error. Raises as `freeze`."""
        ...

    async def remove(self, container_id: str) -> None:
        """Stop it in order, then remove it; gone is not an error."""
        ...

    async def end(self, container_id: str) -> None:
        """End it at once, whatever it was writing, and remove it; gone is not an error."""
        ...
