"""What a fault happens to: a home with its service, a host engine, and a learner at work."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sandbox.client import SandboxClient
from sandbox.contract import Ended, Started
from sandbox.errors import SandboxError
from sandbox.leftovers import CGROUPS, cgroups
from sandbox.loops import loop_devices_of
from tests.docker_fixtures import Outcome, ServiceProcess, new_learner, run
from tests.faults.host import HostEngine, processes

Value = TypeVar("Value")

BACK_S = 10.0
"""After this long everything answers again, and nothing is left that nobody owns."""
BACK_IN_STARTS = 4
"""The same on a machine that others keep busy, in cold starts of a sandbox, each of which takes
less than a second where nobody does."""
BACK_AT_MOST_S = 20.0
"""However slow our own starts became."""
REACHED_S = 60.0
LOOK_S = 0.02
MARK = "/root/kept"
# Made of what the engine's machine has: a mirror is not always there.
IMAGE = """tar -chf - /usr/bin/sleep /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 \\
    2>/dev/null | docker import - box"""
KEPT = "docker run --detach --init --name kept box sleep 3600"


class HurriedService(ServiceProcess):
    """The service at the pace of a test."""

    program: ClassVar[str] = "tests.faults.hurried"

    def __init__(self, home: Path, **settings: str) -> None:
        super().__init__(home, **settings)
        self._others_bytes = self.log_file.stat().st_size if self.log_file.exists() else 0

    def said(self, event: str) -> bool:
        """Whether it did, in this test: a home may have had services before."""
        return f'"event": "{event}"' in self.log()

    def log(self) -> str:
        """All that it said, but for the sandboxes of the machine's other engine."""
        said = self.log_file.read_bytes()[self._others_bytes :].decode(errors="replace")
        lines = said.splitlines(keepends=True)
        return "".join(line for line in lines if '"cgroup_left"' not in line)


class Scene:
    """All that a test of a fault needs; what is seen of a sandbox is noted for the last look."""

    def __init__(self, service: HurriedService, engine: HostEngine, client: SandboxClient) -> None:
        self.service = service
        self.engine = engine
        self.client = client
        self.learner = new_learner()
        self.back_s = BACK_S
        """How long this machine may take to be back; `settle` finds out."""
        self.took_s = 0.0
        """How long it took at most."""
        self._containers: set[str] = set()
        self._disks: set[int] = set()

    # At work.

    async def run(self, line: str, **limits: float) -> Outcome:
        """A command line of the learner's."""
        return await run(self.client, self.learner, line, **limits)

    async def settle(self) -> None:
        """The learner has something to lose: a file, and a container that is to stay."""
        for line in (f"echo dear >{MARK} && sync {MARK}", IMAGE, KEPT):
            outcome = await self.run(line)
            assert outcome.ended.exit_code == 0, outcome.text
            for event in outcome.events:
                if isinstance(event, Started) and event.opened_in_ms:
                    here_s = BACK_IN_STARTS * event.opened_in_ms / 1000
                    self.back_s = min(max(BACK_S, here_s), BACK_AT_MOST_S)
        self.note()

    def note(self) -> None:
        """Remember which containers and disks there were."""
        self._containers |= set(self.containers())
        for disk in self.service.home.disks.glob("*.img"):
            self._disks.add(disk.stat().st_ino)

    def containers(self) -> list[str]:
        """Ids of the home's sandboxes, in whatever state."""
        return list(self.engine.sandboxes(self.service.home.label))

    def state_of_sandbox(self) -> str:
        """As the host's engine has it; empty when there is none, or more than one."""
        states = list(self.engine.sandboxes(self.service.home.label).values())
        return states[0] if len(states) == 1 else ""

    def pids(self, name: str) -> list[int]:
        """Processes of this name in the home's sandboxes."""
        return [
            pid
            for container in self.containers()
            for pid in processes(self.engine.pids(container), name)
        ]

    # Afterwards.

    async def answers(self) -> Outcome:
        """`docker ps --all` works again; it is asked for until it does, `back_s` at most."""
        return await self.soon(self._answer, "docker ps answers")

    async def soon(
        self,
        attempt: Callable[[], Awaitable[Value | None]],
        what: str,
        *,
        told: Callable[[], object] = str,
    ) -> Value:
        """Try until something true comes of it, for as long as it may take to be back."""
        begun = time.monotonic()
        value = await within(self.back_s, attempt, what, told=told)
        self.took_s = max(self.took_s, time.monotonic() - begun)
        return value

    async def _answer(self) -> Outcome | None:
        try:
            outcome = await self.run("docker ps --all --format '{{.Names}}'", time_limit_s=8)
        except SandboxError:
            return None
        last = outcome.events[-1]
        return outcome if isinstance(last, Ended) and last.exit_code == 0 else None

    async def nothing_is_lost(self) -> None:
        """What the learner had is there."""
        listed = (await self.answers()).text
        assert "kept" in listed.split(), listed
        assert (await self.run(f"cat {MARK}")).text == "dear\n"

    async def all_or_nothing_is_new(self) -> None:
        """A disk that was thrown away is gone or still there: not half of it."""
        listed = (await self.answers()).text.split()
        has_mark = (await self.run(f"cat {MARK}")).ended.exit_code == 0
        assert (listed == ["kept"]) == has_mark, listed

    async def nothing_is_left_behind(self) -> None:
        """When the learner has gone, there is their disk and nothing else."""
        self.note()
        await self.client.close(self.learner)
        await self.soon(self._nothing_left, "nothing is left", told=self._left)

    async def _nothing_left(self) -> bool:
        return not self._left()

    def _left(self) -> dict[str, Any]:
        home = self.service.home
        left = {
            "containers": self.containers(),
            "loop devices": [
                loop.name for loop in loop_devices_of(home.disks) if loop.inode in self._disks
            ],
            "cgroups": [str(path) for path, of in cgroups(CGROUPS) if of in self._containers],
            "mounts": [line for line in _mounts() if str(home.root) in line],
            "sockets": [path.name for path in home.sockets.iterdir()],
            "unfinished": [path.name for path in home.root.glob("*/**/*.new")],
            "disks": [path.name for path in home.disks.iterdir() if path.stem.startswith("pool-")],
            "processes": _shims(self._containers),
        }
        return {what: found for what, found in left.items() if found}


async def within(
    limit_s: float,
    attempt: Callable[[], Awaitable[Value | None]],
    what: str,
    *,
    told: Callable[[], object] = str,
) -> Value:
    """Try until something true comes of it; gives it."""
    begun = time.monotonic()
    while True:
        async with asyncio.timeout(limit_s + 10):
            value = await attempt()
        took = time.monotonic() - begun
        if value and took <= limit_s:
            return value
        assert took <= limit_s, f"not within {limit_s:g} s: {what} {told()}"
        await asyncio.sleep(LOOK_S)


async def reached(condition: Callable[[], Any], what: str) -> None:
    """Wait for a stage; whatever happens there, happens at once afterwards."""

    async def look() -> Any:
        return await asyncio.to_thread(condition)

    await within(REACHED_S, look, what)


def _mounts() -> list[str]:
    return Path("/proc/self/mountinfo").read_text().splitlines()


def _shims(containers: set[str]) -> list[str]:
    """What the host's engine runs beside each container, and may forget when it is killed."""
    listed = subprocess.run(
        ["ps", "-eo", "pid,args"], check=True, capture_output=True, text=True, timeout=10
    ).stdout
    return [
        line.strip()[:100]
        for line in listed.splitlines()
        if "containerd-shim" in line and any(container in line for container in containers)
    ]
