"""An engine that operations are tried on, and how what it says is made comparable."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import docker.errors

IMAGE = "busybox"
CLI_LIMIT_S = 60
WAIT_LIMIT_S = 20
POLL_S = 0.05
FOREVER = ["sleep", "600"]
# The last two are left of a swarm.
THE_ENGINES_NETWORKS = ("bridge", "host", "none", "docker_gwbridge", "ingress")

_NOISE = (
    (re.compile(r"\b(?:sha256:)?[0-9a-f]{64}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)"), "TIME"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the two engines."""

    name: str
    docker: Any
    """A `docker.DockerClient`. Its published types leave open what an operation knows, such as
    whether logs come as bytes or as a stream, and what is compared is what really comes."""
    toolbox: str
    """A container of the host with the Docker CLI in it, which sees the engine's socket."""
    socket: str
    """Where, in the toolbox."""

    def run(self, *command: str, image: str = IMAGE, **options: Any) -> str:
        """What a container prints that runs to its end, errors included."""
        said: bytes = self.docker.containers.run(
            image, list(command) or None, remove=True, stderr=True, **options
        )
        return said.decode()

    def sh(self, script: str, **options: Any) -> str:
        """The same for a shell script."""
        return self.run("sh", "-c", script, **options)

    def start(self, *command: str, image: str = IMAGE, **options: Any) -> Any:
        """A container that runs on; without a command, it sleeps."""
        # Init ends a sleep at once when it is told to stop.
        options.setdefault("init", not command)
        return self.docker.containers.run(image, list(command) or FOREVER, detach=True, **options)

    def cli(self, line: str, *, stdin: str = "") -> str:
        """What a shell line with `docker` in it prints, errors included."""
        command = ["docker", "exec", "--interactive", "--env", f"DOCKER_HOST={self.socket}"]
        command += ["--env", "DOCKER_CLI_HINTS=false", self.toolbox, "sh", "-c", f"{line} 2>&1"]
        done = subprocess.run(
            command,
            check=False,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=CLI_LIMIT_S,
        )
        assert not done.stderr, done.stderr
        return done.stdout

    def sweep(self) -> None:
        """Leave nothing of an operation but the images."""
        if self.docker.info()["Swarm"]["LocalNodeState"] == "active":
            self.docker.swarm.leave(force=True)
        for container in self.docker.containers.list(all=True, ignore_removed=True):
            container.remove(force=True, v=True)
        for network in self.docker.networks.list():
            if network.name not in THE_ENGINES_NETWORKS:
                network.remove()
        for volume in self.docker.volumes.list():
            volume.remove(force=True)


def without_noise(text: str) -> str:
    """Ids and times, which differ from run to run, as words."""
    for pattern, word in _NOISE:
        text = pattern.sub(word, text)
    return text


def refusal(attempt: Callable[[], object]) -> tuple[int, str]:
    """Status and words with which the engine says no; fails when it says yes."""
    try:
        given = attempt()
        if isinstance(given, Iterator):
            given = list(given)
    except docker.errors.APIError as exc:
        return int(exc.status_code or 0), without_noise(str(exc.explanation))
    raise AssertionError(f"it was not refused: {given}")


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for a true value; gives it."""
    deadline = time.monotonic() + WAIT_LIMIT_S
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {WAIT_LIMIT_S} s until {what}")
        time.sleep(POLL_S)
    return value


def state(container: Any) -> dict[str, Any]:
    """The container's state as of now."""
    container.reload()
    found: dict[str, Any] = container.attrs["State"]
    return found


def has_ended(container: Any) -> int:
    """Wait until it ended; gives the exit code."""
    return int(container.wait(timeout=WAIT_LIMIT_S)["StatusCode"])
