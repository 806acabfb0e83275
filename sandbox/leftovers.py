"""What an end that went wrong can leave on the host: cgroups, and loop devices that hold a disk.

The host's engine removes a container's cgroup, and the kernel detaches a loop device when its disk
is unmounted. When the engine is killed in the middle, neither has to happen. Nothing is touched
that is seen for the first time: what begins or ends just now looks the same for a moment.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

import structlog

from sandbox.loops import LoopDevice, detach, loop_devices_of

CGROUPS = Path("/sys/fs/cgroup")
PARENTS = ("docent", "docent.slice", "*/docent", "*/docent.slice")
"""Where sandboxes' cgroups are (`sandbox.spec.cgroup_parent`), in cgroup v2 and v1."""
_OF_A_CONTAINER = re.compile(r"(?:docker-)?([0-9a-f]{64})(?:\.scope)?")

log = structlog.get_logger(__name__)


def cgroups(root: Path) -> Iterator[tuple[Path, str]]:
    """Cgroups of sandboxes below this mount of cgroups, and the id of each one's container."""
    for parent in PARENTS:
        for path in root.glob(f"{parent}/*/"):
            if match := _OF_A_CONTAINER.fullmatch(path.name):
                yield path, match[1]


class Leftovers:
    """Looks at the host, as far as we can see it; in a container of our own that's not far."""

    def __init__(
        self,
        disks: Path,
        *,
        cgroups: Path | None = None,
        loop_devices: Callable[[Path], list[LoopDevice]] | None = None,
    ) -> None:
        self._disks = disks
        self._cgroups = cgroups or CGROUPS
        self._loop_devices = loop_devices or loop_devices_of
        self._suspects: set[object] = set()
        self._told: set[Path] = set()

    def sweep(self, *, containers: Collection[str], inodes: Collection[int]) -> Counter[str]:
        """Remove what is left of containers that are gone; how many of what.

        It calls a program and reads folders, so not on the event loop.

        Args:
            containers: Ids of all sandboxes of the host, of every home.
            inodes: Of their disks.
        """
        groups = {path for path, owner in cgroups(self._cgroups) if owner not in containers}
        # One that goes by itself may be a sandbox's on another engine of this host.
        loops = {
            loop
            for loop in self._loop_devices(self._disks)
            if loop.inode not in inodes and not loop.goes_by_itself
        }
        certain, self._suspects = self._suspects, {*groups, *loops}
        swept: Counter[str] = Counter()
        self._told &= groups
        swept["cgroup"] = sum(self._remove_group(path) for path in groups if path in certain)
        swept["loop_device"] = sum(_detach(loop) for loop in loops if loop in certain)
        return +swept

    def _remove_group(self, path: Path) -> bool:
        """Remove a cgroup with all below it, if no process is in any of them.

        The kernel would keep those with processes, and let us take the empty ones away from under
        them.
        """
        if _is_populated(path):
            if path not in self._told:
                log.warning("cgroup_left", path=str(path))
            self._told.add(path)
            return False
        for folder, _, _ in os.walk(path, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()
        return not path.exists()


def _is_populated(path: Path) -> bool:
    # Not `Path.glob`: it fails when a folder goes while it looks, as those of living ones do.
    for folder, _, _ in os.walk(path):
        try:
            if (Path(folder) / "cgroup.procs").read_bytes():
                return True
        except FileNotFoundError:  # it went while we looked
            continue
        except OSError:  # a threaded group, say: something is in it
            return True
    return False


def _detach(loop: LoopDevice) -> bool:
    detached = detach(loop)
    log.warning("loop_device_left", name=loop.name, inode=loop.inode, detached=detached)
    return detached
