"""compose.yaml as an operator runs it, with the playground in the place of Discord."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from ops.home import home_label, prepare_home
from ops.images import ENGINE, ensure_app_image
from ops.preparation import APP_USER
from ops.registry import prepare_folders
from tests.bench.chat import visitor
from tests.docker_fixtures import QuietProgress, images_home

__all__ = ["images_home"]

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

REPOSITORY = Path(__file__).resolve().parents[2]
SOCKET = "/var/run/docker.sock"
HEALTHY_LIMIT_S = 120
COMMAND_LIMIT_S = 180


class Composition:
    """One project of docker compose; the compose plugin is the engine image's own."""

    def __init__(self, home: Path, port: int) -> None:
        self._name = home.name
        self._home = home
        self.page = f"http://127.0.0.1:{port}"
        self._settings = {
            "DOCENT_HOME": str(home),
            "DOCENT_PORT": str(port),
            "DISCORD_TOKEN": "made-up",
            "DOCENT_DISCORD_URL": "http://playground:8080",
            "DOCENT_SANDBOX_CAPACITY": "2",
        }

    def run(self, *arguments: str) -> str:
        """Run `docker compose` with these arguments; gives what it printed."""
        command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "docker"]
        command += ["--volume", f"{SOCKET}:{SOCKET}", "--volume", f"{REPOSITORY}:{REPOSITORY}:ro"]
        command += ["--volume", f"{self._home}:{self._home}", "--workdir", str(REPOSITORY)]
        command += [f"--env={name}={value}" for name, value in self._settings.items()]
        command += [ENGINE, "compose", "--env-file", "/dev/null", "--project-name", self._name]
        command += ["--profile", "playground", *arguments]
        return _output(command)

    def states(self) -> dict[str, str]:
        """Service → its health, or its state where it has no health check."""
        form = '{{.Label "com.docker.compose.service"}} {{.Status}}'
        project = f"label=com.docker.compose.project={self._name}"
        listed = _output(["docker", "ps", "--all", "--filter", project, "--format", form])
        return dict(line.split(" ", 1) for line in listed.splitlines())


@pytest.fixture(scope="module")
def composition(images_home: Path) -> Generator[Composition, None, None]:
    """All parts, started; gone afterwards with their volumes and sandboxes."""
    ensure_app_image(QuietProgress())
    home = Path(tempfile.mkdtemp(prefix="docent-compose-", dir="/tmp"))
    home.chmod(0o755)  # the registry and the bot come as users of their own
    prepare_home(home)
    prepare_folders(home)
    for name in ("seccomp.json", "image-source"):
        shutil.copy(images_home / name, home)
    os.chown(home / "token", APP_USER, APP_USER)
    project = Composition(home, _free_port())
    try:
        project.run("up", "--detach")
        yield project
    finally:
        project.run("down", "--volumes", "--timeout", "5")
        _remove_sandboxes(home)
        shutil.rmtree(home, ignore_errors=True)


def test_every_part_gets_healthy(composition: Composition) -> None:
    """Health checks ask the parts themselves, and each answers well; the migration has ended."""
    deadline = time.monotonic() + HEALTHY_LIMIT_S
    states: dict[str, str] = {}
    while time.monotonic() < deadline:
        states = composition.states()
        ended = {name for name, state in states.items() if state.startswith("Exited (0)")}
        healthy = {name for name, state in states.items() if "(healthy)" in state}
        if healthy == {"bot", "sandbox", "registry", "playground"} and ended == {"migrate"}:
            return
        time.sleep(1)
    pytest.fail(f"{states}\n{composition.run('logs', '--tail', '20')}")


async def test_a_command_typed_in_chat_runs(composition: Composition) -> None:
    """Bot, socket, token and sandbox belong together in containers too."""
    try:
        async with visitor(composition.page) as person:
            lab = await person.starts()
            await person.says_and_waits(lab, "docker run --help", "Usage:")
    except TimeoutError:
        pytest.fail(composition.run("logs", "--no-color", "--tail", "20"))


def test_what_operators_ask_of_it_works(composition: Composition) -> None:
    """The commands of docs/operating.md, and the list of AppArmor profiles is mounted."""
    composition.run("exec", "-T", "sandbox", "python", "-m", "sandbox", "health")
    composition.run("exec", "-T", "sandbox", "test", "-d", "/run/kernel-security")
    copy = composition.run("exec", "-T", "bot", "python", "-m", "db", "backup").strip()
    assert copy.startswith("/data/backup/docent-")
    composition.run("exec", "-T", "bot", "test", "-s", copy)


def _remove_sandboxes(home: Path) -> None:
    label = f"label=docent.home={home_label(home)}"
    for container in _output(["docker", "ps", "--all", "--quiet", "--filter", label]).split():
        _output(["docker", "stop", "--time", "8", container])
        _output(["docker", "rm", "--force", container])


def _output(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=COMMAND_LIMIT_S, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
