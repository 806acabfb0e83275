"""Everything that is measured, running in a home of its own for the length of a benchmark."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ops.children import last_lines
from ops.home import default_home, prepare_home
from ops.house import House, running_house
from ops.images import ImageSource
from ops.plan import Plan
from ops.progress import Progress
from sandbox.client import SandboxClient
from sandbox.contract import Ended, Output, RunFailed, RunRequest
from sandbox.errors import SandboxError
from sandbox.home import Home

MEMORY_MIB, CPUS, PIDS = 1024, 1, 1024
OVERCOMMIT = 64
"""As much as goes: how many places there are is what a benchmark says, not what is sensible."""
POLL_S = 1
DOCKER_LIMIT_S = 300
"""Hundreds of sandboxes may have to be stopped."""


_STATE = re.compile(r'^docent_sandboxes\{state="(\w+)"\} (\S+)$', re.MULTILINE)


class CommandFailed(Exception):
    """A command line of a benchmark did not end with exit code 0."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What measurements use."""

    plan: Plan
    house: House
    sandboxes: SandboxClient
    scratch: Path

    async def run(self, learner: str, line: str) -> str:
        """Run a command line to its end; gives what it printed.

        Raises:
            CommandFailed: it did not end with exit code 0.
            SandboxError: the service did not answer.
        """
        text = []
        async with self.sandboxes.run(learner, RunRequest(line=line)) as running:
            async for event in running:
                if isinstance(event, Output):
                    text.append(event.text)
                elif isinstance(event, RunFailed):
                    text.append(f"{event.error}: {event.detail}")
                elif isinstance(event, Ended) and event.exit_code == 0:
                    return "".join(text)
        raise CommandFailed(f"{line} failed: {''.join(text)}")

    async def states(self) -> dict[str, int]:
        """How many sandboxes there are in each state, as the service counts them."""
        text = await self.sandboxes.metrics()
        return {state: int(float(count)) for state, count in _STATE.findall(text)}

    async def until(self, holds: Callable[[dict[str, int]], bool], limit_s: float) -> None:
        """Wait until something holds for `states`. Raises `TimeoutError`."""
        async with asyncio.timeout(limit_s):
            while True:
                with suppress(SandboxError):  # a service that is late is asked again
                    if holds(await self.states()):
                        return
                await asyncio.sleep(POLL_S)

    @property
    def label(self) -> str:
        """What all containers of this home carry, as a filter of the docker client's."""
        return f"label=docent.home={Home(self.plan.home).label}"


@asynccontextmanager
async def stage(
    progress: Progress, *, capacity: int = 50, **settings: float
) -> AsyncGenerator[Stage, None]:
    """Start service, playground and bot in a new home; all of it is gone afterwards.

    `settings` are those of the service, in the words of docs/settings.md after `DOCENT_SANDBOX_`.
    """
    folder = Path(tempfile.mkdtemp(prefix="docent-bench-", dir="/tmp"))
    plan = Plan(
        home=folder / "home",
        port=_free_port(),
        source=ImageSource.AUTO,
        with_engine=True,
        discord_token=None,
    )
    _prepare_home(plan.home)
    chosen = {"memory_mib": MEMORY_MIB, "cpus": CPUS, "pids": PIDS, "capacity": capacity}
    chosen["overcommit"] = OVERCOMMIT
    try:
        with _environment(chosen | settings):
            async with running_house(plan, progress) as house:
                token = Home(plan.home).token.read_text(encoding="ascii").strip()
                url = f"unix:{Home(plan.home).socket}"
                async with SandboxClient.connect(url, token) as sandboxes:
                    with _log_shown_on_failure(plan.home, progress):
                        yield Stage(plan=plan, house=house, sandboxes=sandboxes, scratch=folder)
    finally:
        # Not awaited: whoever interrupts it once more must not leave hundreds of engines behind.
        _remove_containers(plan.home)
        shutil.rmtree(folder, ignore_errors=True)


def limits() -> list[str]:
    """The limits of a sandbox as arguments of `docker run`."""
    memory = f"{MEMORY_MIB}m"
    return [
        *("--memory", memory, "--memory-swap", memory),
        *("--cpus", str(CPUS), "--pids-limit", str(PIDS)),
    ]


def docker(*arguments: str) -> str:
    """What the host's docker client prints."""
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, check=True, timeout=DOCKER_LIMIT_S
    )
    return done.stdout


def _prepare_home(home: Path) -> None:
    """A home without learners that uses the images of the machine's own."""
    prepare_home(home)
    prepared = default_home()
    for name in ("seccomp.json", "image-source"):
        if (prepared / name).exists():
            shutil.copy(prepared / name, home)
    (home / "registry").symlink_to(prepared / "registry")


@contextmanager
def _environment(settings: dict[str, float]) -> Generator[None]:
    """Settings of the service in the environment, as long as the block lasts."""
    before = dict(os.environ)
    os.environ |= {f"DOCENT_SANDBOX_{name.upper()}": str(value) for name, value in settings.items()}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


@contextmanager
def _log_shown_on_failure(home: Path, progress: Progress) -> Generator[None]:
    """The log goes with the home; whoever looks for a cause has to see it before."""
    try:
        yield
    except Exception:
        for line in last_lines(home / "log" / "sandbox.log"):
            progress.say(line)
        raise


def _remove_containers(home: Path) -> None:
    """What the house did not get to within its own deadlines."""
    found = docker("ps", "-aq", "--filter", f"label=docent.home={Home(home).label}").split()
    if found:
        docker("stop", "--time", "8", *found)
        docker("rm", "--force", *found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
