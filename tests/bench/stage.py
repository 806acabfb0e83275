"""Everything that is measured, running in a home of its own for the length of the benchmark."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.home import default_home, prepare_home
from ops.house import House, running_house
from ops.images import ImageSource
from ops.plan import Plan
from ops.progress import Progress
from sandbox.client import SandboxClient
from sandbox.contract import Ended, Output, RunRequest
from sandbox.home import Home

MEMORY_MIB, CPUS, PIDS = 1024, 1, 1024


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
            RuntimeError: it did not end with exit code 0.
        """
        text = []
        async with self.sandboxes.run(learner, RunRequest(line=line)) as running:
            async for event in running:
                if isinstance(event, Output):
                    text.append(event.text)
                elif isinstance(event, Ended) and event.exit_code == 0:
                    return "".join(text)
        raise RuntimeError(f"{line} failed: {''.join(text)}")


@asynccontextmanager
async def stage(progress: Progress) -> AsyncGenerator[Stage, None]:
    """Start service, playground and bot in a new home; all of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="docent-bench-", dir="/tmp"))
    plan = Plan(
        home=folder / "home",
        port=_free_port(),
        source=ImageSource.CATALOGUE,
        with_engine=True,
        discord_token=None,
    )
    os.environ |= {
        "DOCENT_SANDBOX_MEMORY_MIB": str(MEMORY_MIB),
        "DOCENT_SANDBOX_CPUS": str(CPUS),
        "DOCENT_SANDBOX_PIDS": str(PIDS),
        "DOCENT_SANDBOX_CAPACITY": "50",
    }
    prepare_home(plan.home)
    shutil.copy(default_home() / "seccomp.json", plan.home)
    try:
        async with running_house(plan, progress) as house:
            token = Home(plan.home).token.read_text(encoding="ascii").strip()
            url = f"unix:{Home(plan.home).socket}"
            async with SandboxClient.connect(url, token) as sandboxes:
                yield Stage(plan=plan, house=house, sandboxes=sandboxes, scratch=folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def limits() -> list[str]:
    """The limits of a sandbox as arguments of `docker run`."""
    memory = f"{MEMORY_MIB}m"
    return [
        *("--memory", memory, "--memory-swap", memory),
        *("--cpus", str(CPUS), "--pids-limit", str(PIDS)),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
