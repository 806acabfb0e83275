"""The mirror that learners pull from: a registry in a container, on a unix socket in the home.

In hub mode it is a pull-through cache of Docker Hub. In catalogue mode it has no network and its
data are mounted read-only: the set-up fills them through a second, short-lived registry on
loopback.
"""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from ops.builds import ENGINE, remove_old_images
from ops.debian_base import hub_answers
from ops.docker_cli import container_log, docker, image_id, try_docker
from ops.errors import OpsError
from ops.image_source import ImageSource, chosen_source
from ops.progress import Progress
from sandbox.home import Home

REGISTRY_UID = 64_100
"""The registry's user: nobody else's on the host, and below the ids of all learners."""
UP_WITHIN_S = 15
ANSWER_LIMIT_S = 2
# Sockets are made for everybody: a keeper of each sandbox connects as a user of its own.
SERVE = "umask 0 && exec docker-registry serve /usr/lib/docent/{config}"
HARDENED = (
    *("--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
    "--read-only",
    *("--memory", "256m"),
    *("--memory-swap", "256m"),
    *("--pids-limit", "128"),
    *("--log-driver", "local"),
    *("--log-opt", "max-size=1m"),
    *("--log-opt", "max-file=2"),
    *("--entrypoint", "/bin/sh"),
)


def start_registry(home: Path, source: ImageSource, progress: Progress) -> None:
    """Have the mirror of this home running; safe to repeat.

    Without Docker Hub, a home in hub mode serves what it has, read-only.

    Raises:
        OpsError: it does not start.
    """
    kind = mirror_kind(chosen_source(home, source), progress)
    version = f"{kind}:{image_id(ENGINE)}"
    name = container_name(home)
    running = try_docker(["inspect", "--format", _VERSION_IF_RUNNING, name])
    if running == version and registry_is_up(home):
        return
    with progress.step("registry mirror"):
        stop_registry(home)
        prepare_folders(home)
        docker(_run_command(home, name, kind, version))
        _await_answer(home, name)
        remove_old_images()  # the mirror was the last to stand on the old engine image


def stop_registry(home: Path) -> None:
    """Stop and remove the mirror of this home; its data stay. Gone is fine."""
    name = container_name(home)
    try_docker(["stop", "--time", "3", name])
    try_docker(["rm", "--force", name])


def registry_is_up(home: Path) -> bool:
    """Whether the mirror of this home answers."""
    try:
        with closing(_UnixConnection(socket_path(home))) as connection:
            connection.request("GET", "/v2/")
            return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


@contextmanager
def writable_registry(home: Path) -> Generator[str, None, None]:
    """A registry on the same data that takes pushes, while it lasts; gives its `host:port`.

    Raises:
        OpsError: it does not start.
    """
    prepare_folders(home)
    port = _free_port()
    name = f"{container_name(home)}-load"
    try_docker(["rm", "--force", name])
    command = ["run", "--detach", "--name", name, *_labels(home, "loading"), *HARDENED]
    command += ["--network", "host", "--user", f"{REGISTRY_UID}:{REGISTRY_UID}"]
    command += ["--env", f"REGISTRY_HTTP_ADDR=127.0.0.1:{port}"]
    command += ["--volume", f"{home}/registry:/data"]
    docker([*command, ENGINE, "-c", SERVE.format(config="registry-load.yml")])
    try:
        _await_port(port, name)
        yield f"127.0.0.1:{port}"
    finally:
        docker(["rm", "--force", name])


def container_name(home: Path) -> str:
    """The name of the mirror's container; every home has its own."""
    return f"docent-registry-{_label(home)}"


def socket_path(home: Path) -> Path:
    """Where the mirror listens."""
    return home / "mirror" / "registry.sock"


def prepare_folders(home: Path) -> None:
    """Make the folders that the registry writes in, and give them to its user."""
    for name in ("registry", "mirror"):
        folder = home / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        if folder.stat().st_uid != REGISTRY_UID:
            os.chown(folder, REGISTRY_UID, REGISTRY_UID)


def mirror_kind(source: ImageSource, progress: Progress) -> ImageSource:
    """How the mirror is run: as a cache of Docker Hub it would not start without the Hub."""
    if source is ImageSource.HUB and not hub_answers():
        progress.say("Docker Hub does not answer: learners can pull what was pulled before")
        return ImageSource.CATALOGUE
    return source


_VERSION_IF_RUNNING = (
    '{{if .State.Running}}{{index .Config.Labels "docent.registry.version"}}{{end}}'
)


def _run_command(home: Path, name: str, kind: ImageSource, version: str) -> list[str]:
    command = ["run", "--detach", "--name", name, *_labels(home, version), *HARDENED]
    command += ["--restart", "on-failure", "--user", f"{REGISTRY_UID}:{REGISTRY_UID}"]
    command += ["--volume", f"{home}/mirror:/mirror"]
    if kind is ImageSource.CATALOGUE:
        command += ["--network", "none", "--volume", f"{home}/registry:/data:ro"]
        return [*command, ENGINE, "-c", SERVE.format(config="registry-catalogue.yml")]
    command += [
        "--volume",
        f"{home}/registry:/data",
        "--volume",
        "/etc/ssl/certs:/etc/ssl/certs:ro",
    ]
    for variable in ("HTTPS_PROXY", "NO_PROXY"):
        if value := os.environ.get(variable) or os.environ.get(variable.lower()):
            command += ["--env", f"{variable}={value}"]
    return [*command, ENGINE, "-c", SERVE.format(config="registry-hub.yml")]


def _labels(home: Path, version: str) -> list[str]:
    labels = {
        "docent.role": "registry",
        "docent.home": _label(home),
        "docent.registry.version": version,
    }
    return [part for name, value in labels.items() for part in ("--label", f"{name}={value}")]


def _label(home: Path) -> str:
    return Home(home.absolute()).label


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_LIMIT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_LIMIT_S)
        self.sock.connect(str(self._path))


def _await_answer(home: Path, name: str) -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while not registry_is_up(home):
        if time.monotonic() > deadline:
            raise OpsError(f"The registry mirror does not answer:\n{container_log(name)}")
        time.sleep(0.05)


def _await_port(port: int, name: str) -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=ANSWER_LIMIT_S).close()
        except OSError as exc:
            if time.monotonic() > deadline:
                raise OpsError(f"The registry does not start:\n{container_log(name)}") from exc
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
