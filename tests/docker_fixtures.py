"""Fixtures for tests on the real engine: a home of their own, a mirror, and the sandbox service.

A conftest takes what its folder needs: `from tests.docker_fixtures import client, home, service`.
Everything that is made carries the label of that home and is swept by it.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from ops.home import default_home
from ops.images import ImageSource
from ops.registry import start_registry, stop_registry
from sandbox.client import SandboxClient
from sandbox.contract import Ended, Output, RunEvent, RunFailed, RunRequest
from sandbox.home import Home

REPOSITORY = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 20
LOG_TAIL = 4000
LIMITS = {
    "MEMORY_MIB": "1024",
    "CPUS": "1",
    "PIDS": "1024",
    "DISK_MIB": "2048",
    "CAPACITY": "8",
    "WARM": "0",
    "COMMAND_LIMIT_S": "60",
}

_numbers = itertools.count(1)


class QuietProgress:
    """Progress of the set-up that nobody watches."""

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Say nothing."""
        yield

    def say(self, line: str) -> None:
        """Say nothing."""


class ServiceProcess:
    """The sandbox service as a process of its own; can be stopped, killed and started again."""

    program: ClassVar[str] = "sandbox"
    """The module that is run."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = Home(home)
        self.url = f"unix:{self.home.socket}"
        self.token = self.home.token.read_text(encoding="ascii").strip()
        self.log_file = home / "service.log"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it was started, and neither stopped nor killed."""
        return self._process is not None

    def start(self) -> None:
        """Start it and wait until it listens."""
        with self.log_file.open("ab") as log:
            self._said_before = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                cwd=REPOSITORY,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                self._process.wait()
                raise AssertionError(f"the service did not start:\n{self.log()}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; sandboxes run on."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"the service did not stop:\n{self.log()}") from None
        finally:
            self._process = None
            self.home.socket.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a machine without memory does: whatever it left stays as it is."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_TIMEOUT_S)
        self._process = None

    def stop_all(self) -> None:
        """What the end of `./docent up` does."""
        subprocess.run(
            [sys.executable, "-m", "sandbox", "stop-all"],
            cwd=REPOSITORY,
            env=self._environment(),
            check=True,
            capture_output=True,
            timeout=60,
        )

    def log(self) -> str:
        """The end of what it logged."""
        return self.log_file.read_text(errors="replace")[-LOG_TAIL:]

    def _is_ready(self) -> bool:
        """Whether this very process said so: the socket may be another one's."""
        said = self.log_file.read_bytes()[self._said_before :]
        return b"sandbox_service_ready" in said

    def _environment(self) -> dict[str, str]:
        ours = {
            f"DOCENT_SANDBOX_{name}": value for name, value in (LIMITS | self._settings).items()
        }
        return os.environ | ours | {"DOCENT_SANDBOX_HOME": str(self.home.root)}


@pytest.fixture(scope="session")
def images_home() -> Path:
    """The home whose set-up made images, mirror data and the seccomp profile."""
    found = Path(os.environ.get("DOCENT_TEST_IMAGES_HOME", default_home()))
    if not (found / "seccomp.json").exists():
        missing(f"no images in {found}: run ./docent test, which makes them")
    return found


@pytest.fixture(scope="session")
def home(images_home: Path) -> Generator[Path]:
    """A new home with a running mirror; its path is short, for the sockets in it."""
    with home_with_mirror(images_home) as root:
        yield root


@pytest.fixture(scope="session")
def service(home: Path) -> Generator[ServiceProcess]:
    """The service, running for the whole session."""
    process = ServiceProcess(home)
    process.start()
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture
async def client(service: ServiceProcess) -> AsyncGenerator[SandboxClient]:
    """A client of the service."""
    async with SandboxClient.connect(service.url, service.token) as connected:
        yield connected


@pytest.fixture
async def learner(client: SandboxClient) -> AsyncGenerator[str]:
    """A learner of this test's own, of whom nothing is left afterwards."""
    name = new_learner()
    yield name
    await put_away(client, name)


async def put_away(client: SandboxClient, learner: str) -> None:
    """Stop the learner's sandbox and delete the disk: hundreds of them would fill a machine's."""
    await client.close(learner)
    await client.forget(learner)


def new_learner() -> str:
    """A learner that nobody was before."""
    return f"{os.getpid()}{next(_numbers):04}"


@contextmanager
def new_home(images_home: Path) -> Generator[Path]:
    """A home that uses the images of another one; containers and files of it go at the end."""
    root = Path(tempfile.mkdtemp(prefix="docent-", dir="/tmp"))
    try:
        shutil.copy(images_home / "seccomp.json", root)
        if (images_home / "image-source").exists():
            shutil.copy(images_home / "image-source", root)
        (root / "registry").symlink_to(images_home / "registry")
        token = root / "token"
        token.touch(0o600)
        token.write_text(secrets.token_urlsafe(32), encoding="ascii")
        yield root
    finally:
        sweep(root)
        shutil.rmtree(root)


@contextmanager
def home_with_mirror(images_home: Path) -> Generator[Path]:
    """A new home whose mirror runs, for sandboxes that pull images."""
    with new_home(images_home) as root:
        start_registry(root, ImageSource.AUTO, QuietProgress())
        try:
            yield root
        finally:
            stop_registry(root)


def sweep(root: Path) -> None:
    """Remove every container of this home."""
    label = f"label=docent.home={Home(root).label}"
    found = docker("ps", "--all", "--quiet", "--filter", label).split()
    if found:
        docker("stop", "--time", "8", *found)
        docker("rm", "--force", *found)


def docker(*arguments: str) -> str:
    """Output of the host's docker client."""
    done = subprocess.run(
        ["docker", *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def missing(what: str) -> None:
    """Skip on somebody's laptop, fail where all has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


async def run(client: SandboxClient, learner: str, line: str, **limits: float) -> Outcome:
    """Run a line to its end."""
    request = RunRequest.model_validate({"line": line, **limits})
    events: list[RunEvent] = []
    async with client.run(learner, request) as running:
        async for event in running:
            events.append(event)  # noqa: PERF401 # the events of a failed test are worth having
    return Outcome(events)


class Outcome:
    """What came of a command line."""

    def __init__(self, events: list[RunEvent]) -> None:
        self.events = events

    @property
    def text(self) -> str:
        """All that it printed."""
        return "".join(event.text for event in self.events if isinstance(event, Output))

    @property
    def ended(self) -> Ended:
        """How it ended; fails when it could not run."""
        last = self.events[-1]
        assert isinstance(last, Ended), last
        return last

    @property
    def failed(self) -> RunFailed:
        """Why it could not run; fails when it ran."""
        last = self.events[-1]
        assert isinstance(last, RunFailed), last
        return last
