"""`./docent doctor`: what this machine and this home have and lack, without changing anything."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bot.alive import is_fresh
from ops import fonts, host_engine, kernel, reach, sysctls
from ops.docker_cli import try_docker
from ops.finding import Finding, Remedy
from ops.home import SYSTEM_HOME, may_read
from ops.images import ENGINE
from ops.plan import DEFAULT_PORT
from sandbox.client import SandboxClient
from sandbox.errors import SandboxError
from sandbox.home import Home

MIB = 1024**2
LEAST_MEMORY_MIB = 2048
LEAST_FREE_GIB = 10

_LITTLE_MEMORY = Remedy(
    costs="2 GiB are the least to serve anybody; each learner at work may take their limit",
    mend="end other programs, or take a bigger machine",
)
_LOW_LIMITS = Remedy(
    costs="one learner can use up terminals or neighbour tables of the whole machine",
    mend="./docent up raises them until the next boot; docs/operating.md has the lines to keep",
)
_NO_ENGINE = Remedy(
    costs="no docker command runs; lessons and quizzes do: ./docent up --without-engine",
    mend="./docent up installs or starts it" if os.geteuid() == 0 else "run this as root",
)
_OLD_ENGINE = Remedy(
    costs="20.10 is the oldest that was tried: it knows cgroup v2 and the limits that we need",
    mend="upgrade the package docker.io",
)
_NO_FONTS = Remedy(
    costs="/map, /stats and /progress show words instead of pictures",
    mend="apt-get install fonts-nanum; ./docent up does it as root",
)
_COMPOSED = (
    *("--filter", "label=com.docker.compose.project=docent"),
    *("--format", '{{.Label "com.docker.compose.service"}}: {{.Status}}'),
)
_NOT_YOURS = Remedy(
    costs="nothing but that it can't be seen from here",
    mend="sudo ./docent doctor",
)
_LITTLE_DISK = Remedy(
    costs="10 GiB hold the images and some learners; with a full disk nobody new is let in",
    mend="make room, or choose --home DIR on another file system",
)


def examine(home: Path) -> Iterator[Finding]:
    """Everything worth knowing before asking somebody for help, as it is found."""
    yield from _machine()
    yield from kernel.examine()
    yield from _engine()
    yield from reach.examine()
    if not (may_read(home) and (home / "run" / "bot.ready").exists()):  # otherwise it is ours
        yield reach.port_finding(DEFAULT_PORT)
    yield from home_findings(home)


def _machine() -> Iterator[Finding]:
    yield Finding("Python", platform.python_version())
    yield memory_finding(psutil.virtual_memory().total, psutil.virtual_memory().available)
    yield Finding("processors", str(os.cpu_count()))
    low = sysctls.too_low()
    values = ", ".join(f"{name}={now}" for name, (now, _) in low.items()) or "high enough"
    yield Finding("kernel limits", values, None if low else True, _LOW_LIMITS if low else None)
    letters = fonts.found()
    yield Finding("Korean font", letters or "none", bool(letters) or None, _NO_FONTS)
    for program in ("mkfs.ext4", "mmdebstrap", "chromium", "shellcheck"):
        yield Finding(program, shutil.which(program) or "absent (installed when it is needed)")


def memory_finding(total: int, available: int) -> Finding:
    """Whether there is memory for a class; in bytes."""
    value = f"{total // MIB} MiB, {available // MIB} MiB of it available"
    if total < LEAST_MEMORY_MIB * MIB:
        return Finding("memory", value, False, _LITTLE_MEMORY)
    return Finding("memory", value, available >= MIB * 1024 or None, _LITTLE_MEMORY)


def _engine() -> Iterator[Finding]:
    version = host_engine.version()
    if version is None:
        yield Finding("Docker engine", "does not answer", False, _NO_ENGINE)
        return
    number = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    yield Finding("Docker engine", version, number >= host_engine.OLDEST, _OLD_ENGINE)
    form = "{{.Driver}}, cgroup v{{.CgroupVersion}} by {{.CgroupDriver}}, {{.DockerRootDir}}"
    yield Finding("engine's ways", try_docker(["info", "--format", form]) or "?")
    runtimes = try_docker(["info", "--format", "{{range $name, $_ := .Runtimes}}{{$name}} {{end}}"])
    yield Finding("engine's runtimes", runtimes or "?")
    size = try_docker(["image", "inspect", "--format", "{{.Size}}", ENGINE])
    yield Finding("engine image", f"{int(size) // 1024**2} MiB" if size else "not built yet")


def home_findings(home: Path) -> Iterator[Finding]:
    """What a home holds and what of it runs, as far as this user may see it."""
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free // 1024**3
    state = f"{home}{'' if home.exists() else ' (not there yet)'}, {free} GiB free"
    yield Finding("home", state, free >= LEAST_FREE_GIB, _LITTLE_DISK)
    if home != SYSTEM_HOME and SYSTEM_HOME.exists():
        yield Finding("another home", f"{SYSTEM_HOME}: sudo ./docent doctor --home {SYSTEM_HOME}")
    if not home.exists():
        return
    if not may_read(home):
        yield Finding("what is in it", "another user's", None, _NOT_YOURS)
        return
    places = Home(home)
    yield _disks(places.disks)
    if composed := try_docker(["ps", *_COMPOSED]):
        yield Finding("compose.yaml", ", ".join(sorted(composed.splitlines())))
        yield Finding("how it is there", "docker compose exec sandbox python -m sandbox health")
        if not places.socket.exists():  # nothing runs out of this folder beside it
            return
    running = try_docker(
        ["ps", "--filter", f"label=docent.home={places.label}", "--format", "{{.Names}}"]
    )
    yield Finding("containers", ", ".join(running.split()) if running else "none")
    yield asyncio.run(_service_state(places))
    connected = is_fresh(home / "run" / "bot.ready", now=time.time())
    yield Finding("bot", "connected" if connected else "not running")


def _disks(folder: Path) -> Finding:
    if folder.exists() and not may_read(folder):
        return Finding("learners' disks", "another user's", None, _NOT_YOURS)
    disks = list(folder.glob("*.img"))
    used = sum(disk.stat().st_blocks * 512 for disk in disks) // 1024**2
    return Finding("learners' disks", f"{len(disks)}, {used} MiB in use")


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
    if health.capacity_by == "memory":
        load += " (as many as the memory carries that may be promised: DOCENT_SANDBOX_OVERCOMMIT)"
    if health.waiting:
        load += f"; {health.waiting} learners wait for a place"
    problems = "; ".join(problem.detail for problem in health.problems)
    return Finding(name, f"{load}; {problems}" if problems else load, health.able)
