"""The proxy to the package mirrors that an operator allows, in a container, on a unix socket.

It is there only while `DOCENT_SANDBOX_PACKAGES` names some. No sandbox reaches it by itself: the
sandbox service stands before it and measures what each learner fetches (`sandbox.egress`).
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from ops import ROOT
from ops.builds import SOURCE_LABEL, build, build_context, files_below, source_hash
from ops.debian_base import ensure_base
from ops.docker_cli import container_log, docker, image_label, try_docker
from ops.errors import OpsError
from ops.image_source import ImageSource, chosen_source
from ops.progress import Progress
from sandbox.home import Home

PACKAGES_VARIABLE = "DOCENT_SANDBOX_PACKAGES"
IMAGE = "docent/packages:latest"
SOURCE = ROOT / "sandbox" / "image-packages"
PROXY_UID = 64_101
"""The proxy's user: nobody else's on the host, and below the ids of all learners."""
UP_WITHIN_S = 15
HARDENED = (
    *("--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
    "--read-only",
    *("--tmpfs", f"/run:rw,nosuid,nodev,noexec,size=4m,uid={PROXY_UID},mode=700"),
    *("--memory", "128m"),
    *("--memory-swap", "128m"),
    *("--pids-limit", "320"),  # one relay for each connection
    *("--log-driver", "local"),
    *("--log-opt", "max-size=1m"),
    *("--log-opt", "max-file=2"),
)


def allowed_packages() -> str:
    """The mirrors that the environment names; empty: none."""
    return os.environ.get(PACKAGES_VARIABLE, "")


def ensure_proxy_image(home: Path, source: ImageSource, progress: Progress) -> None:
    """Have the image of the proxy.

    Raises:
        OpsError: it could not be built.
    """
    from_hub = chosen_source(home, source) is ImageSource.HUB
    base = ensure_base(from_hub=from_hub, progress=progress)
    files = files_below(SOURCE)
    version = source_hash(base, files, SOURCE)
    if image_label(IMAGE, SOURCE_LABEL) != version:
        with progress.step("image of the way to package mirrors"):
            build(IMAGE, build_context(files, SOURCE), version)


def prepare_proxy_folder(home: Path) -> None:
    """Make the folder of the proxy's socket, and give it to its user."""
    folder = Home(home).packages
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.chown(folder, PROXY_UID, PROXY_UID)


def start_egress(home: Path, names: str, *, options: Sequence[str] = ()) -> None:
    """Start the proxy for these names; one that runs is replaced.

    Args:
        home: The home whose sandbox service uses it.
        names: Host names with commas between them, as `DOCENT_SANDBOX_PACKAGES` has them.
        options: More options of `docker run`, such as a network.

    Raises:
        OpsError: it does not start.
    """
    stop_egress(home)
    prepare_proxy_folder(home)
    name = container_name(home)
    command = ["run", "--detach", "--name", name, *_labels(home), *HARDENED]
    command += ["--restart", "on-failure", "--user", f"{PROXY_UID}:{PROXY_UID}"]
    command += ["--volume", f"{Home(home).packages}:/egress", "--env", f"DOCENT_PACKAGES={names}"]
    docker([*command, *options, IMAGE])
    _await_socket(Home(home).packages_proxy, name)


def stop_egress(home: Path) -> None:
    """Stop and remove the proxy of this home. Gone is fine."""
    try_docker(["rm", "--force", container_name(home)])
    Home(home).packages_proxy.unlink(missing_ok=True)


def container_name(home: Path) -> str:
    """The name of the proxy's container; every home has its own."""
    return f"docent-packages-{Home(home.absolute()).label}"


def _labels(home: Path) -> list[str]:
    labels = {"docent.role": "packages", "docent.home": Home(home.absolute()).label}
    return [part for name, value in labels.items() for part in ("--label", f"{name}={value}")]


def _await_socket(path: Path, name: str) -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while not _answers(path):
        if time.monotonic() > deadline:
            said = container_log(name)
            raise OpsError(f"The way to package mirrors does not open:\n{said}")
        time.sleep(0.05)


def _answers(path: Path) -> bool:
    """Whether the proxy answers; what, is of no importance."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
            probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return probe.recv(1) != b""
        except OSError:
            return False
