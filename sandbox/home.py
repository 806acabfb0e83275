"""The home folder as the sandbox service sees it: which file is where, and who may read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

TIMES_SUFFIX = ".times"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below the home folder; `root` is absolute."""

    root: Path

    @property
    def label(self) -> str:
        """The value of the label `docent.home` on all containers of this home."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:12]

    @property
    def socket(self) -> Path:
        """Where the service listens by default."""
        return self.root / "service.sock"

    @property
    def lock(self) -> Path:
        """Held by the one service of this home."""
        return self.root / "service.lock"

    @property
    def token(self) -> Path:
        """What callers have to show; made by the set-up."""
        return self.root / "token"

    @property
    def seccomp(self) -> Path:
        """The seccomp profile; made by the set-up."""
        return self.root / "seccomp.json"

    @property
    def mirror(self) -> Path:
        """The folder with the registry mirror's socket, which every sandbox sees read-only."""
        return self.root / "mirror"

    @property
    def mirror_socket(self) -> Path:
        """Where the registry mirror listens."""
        return self.mirror / "registry.sock"

    @property
    def audit(self) -> Path:
        """What became of each command line, as JSON lines."""
        return self.root / "log" / "audit.jsonl"

    @property
    def disks(self) -> Path:
        """Learners' disk files."""
        return self.root / "disks"

    @property
    def snapshots(self) -> Path:
        """Snapshots of learners' disks, in a folder for each learner."""
        return self.root / "snapshots"

    @property
    def sockets(self) -> Path:
        """One folder for each sandbox."""
        return self.root / "sock"

    @property
    def seats(self) -> Path:
        """The seats that classes keep."""
        return self.root / "seats.json"

    @property
    def packages(self) -> Path:
        """The folder of the proxy to package mirrors, which no sandbox sees."""
        return self.root / "packages"

    @property
    def packages_proxy(self) -> Path:
        """Where the proxy listens."""
        return self.packages / "proxy.sock"

    @property
    def egress(self) -> Path:
        """Where the service makes the sockets through which sandboxes come to it."""
        return self.root / "egress"

    @property
    def heartbeat(self) -> Path:
        """Touched while the service looks after the home."""
        return self.root / "alive"

    @property
    def key(self) -> Path:
        """The service's private SSH key."""
        return self.root / "keys" / "service"

    def disk(self, name: str) -> Path:
        """The disk file of this name: a learner's, or one of the pool's (`disk_of_pool`)."""
        return self.disks / f"{name}.img"

    def times(self, learner: str) -> Path:
        """The file with the times of the learner's sandbox (`sandbox.times`)."""
        return self.disks / f"{learner}{TIMES_SUFFIX}"

    def snapshots_of(self, learner: str) -> Path:
        """The folder with the learner's snapshots."""
        return self.snapshots / learner

    def socket_folder(self, sandbox_id: str) -> Path:
        """The folder in which this sandbox puts its SSH socket."""
        return self.sockets / sandbox_id

    def make_folders(self) -> None:
        """Make what the service needs; safe to repeat.

        Disks and keys are for root's eyes. The folder of sockets can be passed but not listed:
        the ones in it belong to the keepers.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        for folder, mode in (
            (self.disks, 0o700),
            (self.snapshots, 0o700),
            (self.key.parent, 0o700),
            (self.sockets, 0o711),
            (self.mirror, 0o755),
        ):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
