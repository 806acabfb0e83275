"""`./docent doctor`: what this machine and this home have and lack, without changing anything."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import host_engine, sysctls
from ops.docker_cli import try_docker
from ops.images import ENGINE
from ops.plan import machine_memory_mib
from sandbox.client import SandboxClient
from sandbox.errors import SandboxError
from sandbox.home import Home

OLDEST_KERNEL = (5, 19)
LEAST_MEMORY_MIB = 2048
LEAST_FREE_GIB = 10
ROLE = "docent.role"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `well` None: only told."""

    name: str
    value: str
    well: bool | None = None
    mend: str = ""


def examine(home: Path) -> list[Finding]:
    """Everything worth knowing before asking somebody for help."""
    return [*_machine(), *_engine(), *_home(home)]


def report(findings: list[Finding]) -> int:
    """Print the findings; exit status 0 only if nothing is wrong."""
    for finding in findings:
        mark = {True: "ok", False: "NO", None: ""}[finding.well]
        print(f"  {finding.name:<24} {mark:<3} {finding.value}")
        if finding.well is False and finding.mend:
            print(f"  {'':<24}     → {finding.mend}")
    return 1 if any(finding.well is False for finding in findings) else 0


def _machine() -> Iterator[Finding]:
    release = platform.release()
    version = tuple(int(part) for part in re.findall(r"\d+", release)[:2])
    yield Finding("Python", platform.python_version())
    yield Finding(
        "kernel", release, version >= OLDEST_KERNEL, "5.19 or newer is needed: upgrade the kernel"
    )
    yield Finding(
        "loop devices",
        "/dev/loop-control",
        Path("/dev/loop-control").exists(),
        "learners' disks need them: modprobe loop",
    )
    cgroup = "v2" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "v1"
    yield Finding("cgroups", cgroup + ("" if cgroup == "v2" else " (v2 isolates better)"))
    memory = machine_memory_mib()
    yield Finding("memory", f"{memory} MiB", memory >= LEAST_MEMORY_MIB, "2 GiB is the least")
    yield Finding("processors", str(os.cpu_count()))
    low = sysctls.too_low()
    values = ", ".join(f"{name}={now}" for name, (now, _) in low.items()) or "high enough"
    yield Finding("kernel limits", values, not low or None)
    for program in ("mkfs.ext4", "mmdebstrap", "chromium", "shellcheck"):
        yield Finding(program, shutil.which(program) or "absent (installed when it is needed)")


def _engine() -> Iterator[Finding]:
    version = host_engine.version()
    mend = "./docent up installs or starts it" if os.geteuid() == 0 else "run this as root"
    yield Finding("Docker engine", version or "does not answer", version is not None, mend)
    if version is None:
        return
    form = "{{.Driver}}, cgroup v{{.CgroupVersion}} by {{.CgroupDriver}}, {{.DockerRootDir}}"
    yield Finding("engine's ways", try_docker(["info", "--format", form]) or "?")
    size = try_docker(["image", "inspect", "--format", "{{.Size}}", ENGINE])
    yield Finding("engine image", f"{int(size) // 1024**2} MiB" if size else "not built yet")


def _home(home: Path) -> Iterator[Finding]:
    if not home.exists():
        yield Finding("home", f"{home} (not there yet)")
        return
    free = shutil.disk_usage(home).free // 1024**3
    yield Finding("home", f"{home}, {free} GiB free", free >= LEAST_FREE_GIB, "make room")
    places = Home(home)
    disks = list(places.disks.glob("*.img")) if os.access(places.disks, os.R_OK) else []
    used = sum(disk.stat().st_blocks * 512 for disk in disks) // 1024**2
    yield Finding("learners' disks", f"{len(disks)}, {used} MiB in use")
    running = try_docker(
        ["ps", "--filter", f"label=docent.home={places.label}", "--format", "{{.Names}}"]
    )
    yield Finding("containers", ", ".join(running.split()) if running else "none")
    yield asyncio.run(_service_state(places))
    connected = (home / "run" / "bot.ready").exists()
    yield Finding("bot", "connected" if connected else "not running")


async def _service_state(places: Home) -> Finding:
    name = "sandbox service"
    if not os.access(places.token, os.R_OK):
        return Finding(name, "only root can ask it" if os.geteuid() else "not set up yet")
    token = places.token.read_text(encoding="ascii").strip()
    try:
        async with SandboxClient.connect(f"unix:{places.socket}", token) as client:
            health = await client.health()
    except SandboxError:
        return Finding(name, "not running")
    load = f"{health.running} of {health.capacity} sandboxes run"
    problems = "; ".join(problem.detail for problem in health.problems)
    return Finding(name, f"{load}; {problems}" if problems else load, health.able)
