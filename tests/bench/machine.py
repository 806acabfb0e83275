"""What Docent holds of a machine: what is left over, and what its processes take.

Left over is what no container that exists accounts for, so it does not matter who else starts
containers meanwhile.
"""

from __future__ import annotations

import dataclasses
import re
import subprocess
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from ops.registry import container_name
from sandbox.home import Home
from sandbox.spec import FIRST_UID_BASE
from tests.bench.stage import Stage, docker

MB = 1_000_000
CGROUPS = Path("/sys/fs/cgroup")
OUR_CGROUPS = ("docent/*/", "*/docent/*/", "docent.slice/*/")
"""On cgroup v2, on v1, and where systemd makes them."""
_PLACES = "{{.Id}} {{.GraphDriver.Data.MergedDir}} {{.NetworkSettings.SandboxKey}}"
_MOUNT = re.compile(r"/overlay2/[0-9a-f]+/merged$|/docker/netns/(?!default)")
_ID = re.compile(r"[0-9a-f]{64}")
PARTS = ("bot", "playground", "sandbox service")


@dataclasses.dataclass(frozen=True, slots=True)
class Leftovers:
    """Things that have to be given back, counted while they are nobody's any more.

    `containers`, `socket_folders` and `service_files` are all that this home has: compare them with
    how many there were.
    """

    containers: int
    loop_devices: int
    mounts: int
    cgroups: int
    processes: int
    socket_folders: int
    service_files: int

    def above(self, other: Leftovers) -> dict[str, int]:
        """What there is more of than in the other, by name."""
        now, then = dataclasses.asdict(self), dataclasses.asdict(other)
        return {name: max(0, now[name] - then[name]) for name in now}


def leftovers(stage: Stage) -> Leftovers:
    """What is left over now; what is just starting or stopping looks like it for a moment."""
    containers = _containers()
    sandboxes = docker("ps", "--quiet", "--filter", "label=docent.role=sandbox").split()
    return Leftovers(
        containers=len(docker("ps", "--all", "--quiet", "--filter", stage.label).split()),
        loop_devices=max(0, loop_devices() - len(sandboxes)),
        mounts=len(_mounts() - {mount for mounts in containers.values() for mount in mounts}),
        cgroups=sum(1 for name in _cgroups() if name not in containers),
        processes=_lost_processes(containers.keys()),
        socket_folders=len(list(Home(stage.plan.home).sockets.iterdir())),
        service_files=service(stage).num_fds(),
    )


def loop_devices() -> int:
    """How many of the machine's are in use."""
    return len(list(Path("/sys/block").glob("loop*/loop/backing_file")))


def sandbox_processes() -> list[psutil.Process]:
    """Those with an id of a learner's or a keeper's: nobody else has those."""
    return [
        process
        for process in psutil.process_iter(["uids"])
        if process.info["uids"] is not None and process.info["uids"].real >= FIRST_UID_BASE
    ]


def _containers() -> dict[str, list[str]]:
    """Every container of the host's engine, by its whole id, with where it is mounted."""
    ids = docker("ps", "--all", "--quiet", "--no-trunc").split()
    found = subprocess.run(
        ["docker", "inspect", "--format", _PLACES, *ids],
        capture_output=True,
        text=True,
        check=False,  # one that went meanwhile is an error, the others are shown
        timeout=60,
    )
    places: dict[str, list[str]] = {name: [] for name in ids}
    for row in found.stdout.splitlines():
        name, *mounts = row.split()
        # The engine says /var/run, the kernel knows it as /run.
        places[name] = [mount.replace("/var/run/", "/run/") for mount in mounts]
    return places


def _mounts() -> set[str]:
    """Where the host's engine mounted something for a container."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return {point for line in lines if _MOUNT.search(point := line.split()[4])}


def _cgroups() -> Iterator[str]:
    """Names of the groups that lie in ours; they are ids of containers."""
    for pattern in OUR_CGROUPS:
        for group in CGROUPS.glob(pattern):
            if found := _ID.search(group.name):
                yield found[0]


def _lost_processes(containers: Collection[str]) -> int:
    """Processes of sandboxes that are in no container's cgroup."""
    lost = 0
    for process in sandbox_processes():
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
            groups = Path(f"/proc/{process.pid}/cgroup").read_text(encoding="ascii")
            lost += not any(name in containers for name in _ID.findall(groups))
    return lost


def available_mb() -> float:
    """Memory that programs could still get, in MB."""
    return float(psutil.virtual_memory().available) / MB


def processes(stage: Stage) -> dict[str, psutil.Process]:
    """Every process that is ours or serves us, by the name of its part."""
    found = {part: psutil.Process(stage.house.process_of(part)) for part in PARTS}
    mirror = docker("inspect", "--format", "{{.State.Pid}}", container_name(stage.plan.home))
    found["registry"] = psutil.Process(int(mirror))
    # The machine's own: the oldest of that name that belongs to root, not to a learner's root.
    for process in psutil.process_iter(["name", "uids"]):
        name, uids = process.info["name"], process.info["uids"]
        if name in ("dockerd", "containerd") and uids is not None and uids.real == 0:
            found.setdefault(f"host {name}", process)
    return found


def service(stage: Stage) -> psutil.Process:
    """The process of the sandbox service."""
    return psutil.Process(stage.house.process_of("sandbox service"))


def resident_mb(process: psutil.Process) -> float:
    """What it has in memory, in MB."""
    return float(process.memory_info().rss) / MB


class Load:
    """How busy a process, and the machine, were since this was made; in percent of one core."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._since = time.monotonic()
        self._used = self._seconds()
        self._machine = _busy_seconds()

    @property
    def percent(self) -> float:
        """Of the process."""
        return 100 * (self._seconds() - self._used) / self._elapsed

    @property
    def machine_percent(self) -> float:
        """Of everything together: 200 is two cores."""
        return 100 * (_busy_seconds() - self._machine) / self._elapsed

    @property
    def _elapsed(self) -> float:
        return max(time.monotonic() - self._since, 0.001)

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    # What guests use is counted in user time already.
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)
