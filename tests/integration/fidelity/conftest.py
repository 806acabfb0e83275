"""The two engines: a learner's, and one that runs in a container the usual way."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors
import pytest

from ops.images import ENGINE
from sandbox.client import SandboxClient
from sandbox.home import Home
from tests.bench.plain_dind import RIGHTS
from tests.docker_fixtures import ServiceProcess, home_with_mirror
from tests.docker_fixtures import docker as host_docker
from tests.integration.fidelity.relay import engine_socket
from tests.integration.fidelity.subject import Subject

IMAGES = ("busybox", "nginx", "debian")
MEMORY_MIB, CPUS, PIDS, DISK_MIB = 2048, 2, 1024, 4096
ANSWER_LIMIT_S = 30
UP_LIMIT_S = 30
LONG_MINUTES = 600

# What a container sees read-only unless it is privileged is made writable; the engine has its
# defaults, but for the mirror, which both engines pull from.
START = """
for tree in /sys /sys/fs/cgroup /sys/fs/cgroup/* /proc/sys; do
  mount -o remount,bind,rw "$tree" 2>/dev/null
done
socat TCP-LISTEN:5000,bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:/mirror/registry.sock &
exec dockerd --host unix:///out/docker.sock --registry-mirror http://127.0.0.1:5000 >/dev/null 2>&1
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two that are compared."""

    learners: Subject
    plain: Subject


@pytest.fixture(scope="module")
def home(images_home: Path) -> Generator[Path]:
    """A home of its own: a service runs in it for as long as the pair does."""
    with home_with_mirror(images_home) as root:
        yield root


@pytest.fixture(scope="module")
def pair(home: Path) -> Generator[Pair]:
    """Both engines with the same images, and nothing else."""
    with (
        tempfile.TemporaryDirectory(prefix="docent-fidelity-", dir="/tmp") as scratch,
        _learners_socket(home, Path(scratch)),
        _plain_container(home, Path(scratch)),
        _toolbox(home, Path(scratch)) as toolbox,
        _subject("learners", Path(scratch) / "learner.sock", toolbox) as learners,
        _subject("plain", Path(scratch) / "docker.sock", toolbox) as plain,
        ThreadPoolExecutor() as both,
    ):
        list(both.map(_pull, (learners, plain)))
        yield Pair(learners, plain)


@contextmanager
def _learners_socket(home: Path, scratch: Path) -> Generator[None]:
    """A sandbox of the real service, reachable at `learner.sock`."""
    service = ServiceProcess(
        home,
        MEMORY_MIB=str(MEMORY_MIB),
        CPUS=str(CPUS),
        PIDS=str(PIDS),
        DISK_MIB=str(DISK_MIB),
        WARM="0",
        # The service does not see what is asked past it: to it nobody uses this sandbox.
        FREEZE_MINUTES=str(LONG_MINUTES),
    )
    service.start()
    try:
        asyncio.run(_open_sandbox(service))
        ours = ["--filter", f"label=docent.home={Home(home).label}"]
        ours += ["--filter", "label=docent.role=sandbox"]
        (sandbox,) = host_docker("ps", "--quiet", *ours).split()
        with engine_socket(sandbox, scratch / "learner.sock"):
            yield
    finally:
        service.stop()


async def _open_sandbox(service: ServiceProcess) -> None:
    async with SandboxClient.connect(service.url, service.token) as client:
        await client.open("1")


@contextmanager
def _plain_container(home: Path, scratch: Path) -> Generator[None]:
    """`dockerd` in a container with the sandbox's limits, reachable at `docker.sock`."""
    memory = f"{MEMORY_MIB}m"
    command = ["run", "--detach", "--network", "none", *RIGHTS, "--memory", memory]
    # To enter the namespaces of its containers.
    command += ["--cap-add", "SYS_PTRACE"]
    command += ["--memory-swap", memory, "--cpus", str(CPUS), "--pids-limit", str(PIDS)]
    # Without a network it would have no IPv6 either, which a sandbox has.
    command += ["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"]
    # The same name as in a sandbox, which containers of the engine get to see.
    command += ["--hostname", "docker", "--volume", "/var/lib/docker"]
    command += ["--volume", f"{scratch}:/out", "--volume", f"{Home(home).mirror}:/mirror:ro"]
    with _container(home, [*command, "--entrypoint", "/bin/sh", ENGINE, "-c", START]):
        yield


@contextmanager
def _toolbox(home: Path, scratch: Path) -> Generator[str]:
    """A place for the Docker CLI with compose and buildx, the same for both engines."""
    command = ["run", "--detach", "--init", "--network", "none", "--volume", f"{scratch}:/engines"]
    with _container(home, [*command, "--entrypoint", "sleep", ENGINE, "infinity"]) as name:
        yield name


@contextmanager
def _container(home: Path, command: list[str]) -> Generator[str]:
    """A container of the host's engine, labelled so that the home's sweep finds it too."""
    label = ["--label", f"docent.home={Home(home).label}"]
    container_id = host_docker(command[0], *label, *command[1:]).strip()
    try:
        yield container_id
    finally:
        subprocess.run(
            ["docker", "rm", "--force", "--volumes", container_id],
            check=False,
            capture_output=True,
            timeout=UP_LIMIT_S,
        )


@contextmanager
def _subject(name: str, socket: Path, toolbox: str) -> Generator[Subject]:
    _await_engine(socket)
    client = docker.DockerClient(base_url=f"unix://{socket}", timeout=ANSWER_LIMIT_S)
    try:
        yield Subject(name, client, toolbox, f"unix:///engines/{socket.name}")
    finally:
        client.close()


def _await_engine(socket: Path) -> None:
    deadline = time.monotonic() + UP_LIMIT_S
    while True:
        try:
            client = docker.DockerClient(base_url=f"unix://{socket}", timeout=ANSWER_LIMIT_S)
        except docker.errors.DockerException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            client.close()
            return


def _pull(subject: Subject) -> None:
    for image in IMAGES:
        subject.docker.images.pull(image, tag="latest")
