"""Whether this machine has `docker compose`, and where it would come from."""

from __future__ import annotations

from pathlib import Path

from ops.docker_cli import try_docker

OS_RELEASE = Path("/etc/os-release")
ELSEWHERE = (
    "docker-compose-plugin from Docker's repository (https://docs.docker.com/engine/install/)"
)
FIRST_DEBIAN = 13
"""Before it, Debian's package docker-compose was the old program with a hyphen."""


def is_installed() -> bool:
    """Whether the host's docker client knows the command `compose`."""
    return try_docker(["compose", "version"]) is not None


def package(os_release: str) -> str:
    """What to install for it on a distribution, by the text of its os-release."""
    lines = (line.partition("=") for line in os_release.splitlines())
    said = {name: value.strip("\"'") for name, _, value in lines}
    if said.get("ID") == "ubuntu":
        return "docker-compose-v2"
    version = said.get("VERSION_ID", str(FIRST_DEBIAN))  # the next Debian has no number yet
    if said.get("ID") == "debian" and version.isdigit() and int(version) >= FIRST_DEBIAN:
        return "docker-compose"
    return ELSEWHERE


def what_is_missing() -> str | None:
    """A sentence that says what to install, or None."""
    if is_installed():
        return None
    try:
        text = OS_RELEASE.read_text(encoding="utf-8")
    except OSError:
        text = ""
    return f"The command `docker compose` is missing: install {package(text)}."
