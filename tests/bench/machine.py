"""What Docent holds of a machine: things that are counted, and what its processes take.

The counts are of the whole machine, since what leaked has nobody's name on it any more: they mean
something where nothing else starts containers meanwhile.
"""

from __future__ import annotations

import dataclasses
import time
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
PARTS = ("bot", "playground", "sandbox service")


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What sandboxes hold of the machine while they run, and must give back."""

    containers: int
    loop_devices: int
    mounts: int
    cgroups: int
    processes: int
    socket_folders: int
    service_files: int

    def above(self, other: Held) -> dict[str, int]:
        """What there is more of than in the other, by name."""
        now, then = dataclasses.asdict(self), dataclasses.asdict(other)
        return {name: max(0, now[name] - then[name]) for name in now}


def held(stage: Stage) -> Held:
    """What is held now."""
    return Held(
        containers=len(docker("ps", "--all", "--quiet", "--filter", stage.label).split()),
        loop_devices=len(list(Path("/sys/block").glob("loop*/loop/backing_file"))),
        mounts=len(Path("/proc/self/mountinfo").read_bytes().splitlines()),
        cgroups=sum(1 for pattern in OUR_CGROUPS for _ in CGROUPS.glob(pattern)),
        processes=_sandbox_processes(),
        socket_folders=len(list(Home(stage.plan.home).sockets.iterdir())),
        service_files=service(stage).num_fds(),
    )


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


def _sandbox_processes() -> int:
    """Processes with an id of a learner's or a keeper's: nobody else has those."""
    ids = (process.info["uids"] for process in psutil.process_iter(["uids"]))
    return sum(1 for found in ids if found is not None and found.real >= FIRST_UID_BASE)
