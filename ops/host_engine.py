"""The host's Docker engine: answers already, or is installed and started here."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from ops.docker_cli import try_docker
from ops.errors import OpsError
from ops.packages import ensure_packages, is_known
from ops.progress import Progress

SYSTEMD = Path("/run/systemd/system")
START_LIMIT_S = 60
ASK_LIMIT_S = 10
OTHER_START_S = 10
OLDEST = (20, 10)


def version() -> str | None:
    """The version of the engine, or None when none answers."""
    asked = ["version", "--format", "{{.Server.Version}}"]
    return try_docker(asked, limit_s=ASK_LIMIT_S) or None


def ensure_engine(progress: Progress, log: Path) -> None:
    """Have an engine that answers: install `docker.io` where there is none, start what is there.

    An engine started here without systemd goes on after this program ends, as a system service
    would: learners' sandboxes are its children.

    Args:
        progress: Where the set-up reports to.
        log: File for the engine's output when it is started without systemd.

    Raises:
        OpsError: it can't be installed, does not start, or is too old.
    """
    found = version()
    if found is None:
        _install(progress)
        with progress.step("Docker engine"):
            found = version() or _start(log)
    if tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) < OLDEST:
        raise OpsError(f"The Docker engine is {found}; 20.10 or newer is needed: upgrade it.")


def _install(progress: Progress) -> None:
    """Install what is missing of engine and command-line client."""
    if shutil.which("dockerd") is None:
        packages = ["docker.io"]
        if shutil.which("docker") is None and is_known("docker-cli"):
            packages.append("docker-cli")  # its own package since Debian 13
        ensure_packages(packages, progress)
    elif shutil.which("docker") is None:
        ensure_packages(["docker-cli" if is_known("docker-cli") else "docker.io"], progress)


def _start(log: Path) -> str:
    if SYSTEMD.is_dir():
        subprocess.run(
            ["systemctl", "start", "docker"],
            capture_output=True,
            timeout=START_LIMIT_S,
            check=False,
        )
        mend = "look at: journalctl --unit docker --lines 50"
        return _await_answer(None, mend)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        daemon = subprocess.Popen(
            ["dockerd"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us, not for it
        )
    return _await_answer(daemon, f"look at: {log}")


def _await_answer(daemon: subprocess.Popen[bytes] | None, mend: str) -> str:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if found := version():
            return found
        if daemon is not None and daemon.poll() is not None:
            # Another one may have been quicker: the package's own start script, for example.
            deadline = min(deadline, time.monotonic() + OTHER_START_S)
            daemon = None
        time.sleep(0.2)
    raise OpsError(f"The Docker engine is installed but does not start; {mend}")
