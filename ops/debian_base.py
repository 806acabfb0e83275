"""The base of all our images: `debian:trixie-slim` from Docker Hub, or bootstrapped."""

from __future__ import annotations

import re
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from ops.docker_cli import docker, image_id, try_docker
from ops.errors import OpsError
from ops.packages import ensure_packages
from ops.progress import Progress

BASE = "debian:trixie-slim"
HUB = "https://registry-1.docker.io/v2/"
HUB_ANSWERS_WITHIN_S = 4
PULL_LIMIT_S = 300
BOOTSTRAP_LIMIT_S = 900
DEFAULT_MIRROR = "http://deb.debian.org/debian"
# What the official slim image leaves out. Licences stay: they have to go with the programs.
LEFT_OUT = (
    "path-exclude /usr/share/doc/*",
    "path-include /usr/share/doc/*/copyright",
    "path-exclude /usr/share/man/*",
    "path-exclude /usr/share/info/*",
    "path-exclude /usr/share/locale/*",
    "path-exclude /usr/share/lintian/*",
)
# dpkg's options come too late for the packages that dpkg itself stands on.
CLEAN_UP = (
    'find "$1/usr/share/doc" ! -type d ! -name copyright -delete',
    'rm -rf "$1/usr/share/man"/* "$1/usr/share/info"/* "$1/usr/share/locale"/*',
    'rm -rf "$1/var/cache"/* "$1/var/log"/*',
)


def hub_answers() -> bool:
    """Whether Docker Hub can be reached from this machine; asks for at most five seconds."""
    try:
        with urllib.request.urlopen(HUB, timeout=HUB_ANSWERS_WITHIN_S):
            return True
    except urllib.error.HTTPError as exc:
        return exc.code == 401  # noqa: PLR2004 - "who are you?" is its normal answer
    except OSError:
        return False


def ensure_base(*, from_hub: bool, progress: Progress) -> str:
    """Have the base image; gives its id.

    Raises:
        OpsError: it is not there and can't be had.
    """
    if found := image_id(BASE):
        return found
    with progress.step(f"base image {BASE}"):
        if not (from_hub and try_docker(["pull", "--quiet", BASE], limit_s=PULL_LIMIT_S)):
            _bootstrap(progress)
    found = image_id(BASE)
    if found is None:
        raise OpsError(f"The base image {BASE} could not be made.")
    return found


def _bootstrap(progress: Progress) -> None:
    """Make the base from Debian's packages and load it under the name of the official image."""
    ensure_packages(["mmdebstrap", "debian-archive-keyring"], progress)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "base.tar"
        _mmdebstrap(archive)
        docker(
            ["import", "--change", 'CMD ["bash"]', str(archive), BASE], limit_s=BOOTSTRAP_LIMIT_S
        )


def _mmdebstrap(archive: Path) -> None:
    command = [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--format=tar",
        *(f"--dpkgopt={option}" for option in LEFT_OUT),
        *(f"--customize-hook={line}" for line in CLEAN_UP),
        "trixie",
        str(archive),
        *sources(nearest_mirror()),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=BOOTSTRAP_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"mmdebstrap took longer than {BOOTSTRAP_LIMIT_S} s.") from exc
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-10:])
        raise OpsError(f"mmdebstrap could not make {BASE}:\n{tail}")


def sources(mirror: str) -> list[str]:
    """The lines of sources.list for Debian 13 with its updates, from this mirror."""
    keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    return [
        f"deb {keyring} {mirror} trixie main",
        f"deb {keyring} {mirror} trixie-updates main",
        f"deb {keyring} {mirror}-security trixie-security main",
    ]


def nearest_mirror(apt: Path = Path("/etc/apt")) -> str:
    """The Debian mirror that this host uses, when it can be used for any Debian release.

    Only plain HTTP: an image under construction does not know the host's certificates.
    """
    files = sorted([apt / "sources.list", *apt.glob("sources.list.d/*")])
    for file in files:
        if file.suffix not in {".list", ".sources"} or not file.is_file():
            continue
        found = re.search(
            r"^(?:deb\s.*?|URIs:\s*)(http://\S+/debian)/?(?:\s|$)",
            file.read_text(errors="replace"),
            re.MULTILINE,
        )
        if found and "snapshot" not in urllib.parse.urlsplit(found[1]).netloc:
            return found[1]
    return DEFAULT_MIRROR
