"""System packages that are missing, installed with apt-get after saying which."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ops.errors import OpsError
from ops.progress import Progress

APT_LIMIT_S = 1200
APT_LISTS = Path("/var/lib/apt/lists")


def can_install() -> bool:
    """Whether this machine lets us install packages: apt-get, and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing(packages: Sequence[str]) -> list[str]:
    """Those of the packages that dpkg does not list as installed."""
    if not packages or shutil.which("dpkg-query") is None:
        return list(packages)
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]


def is_known(package: str) -> bool:
    """Whether the distribution's archive offers this package.

    Raises:
        OpsError: this machine never read the archive's lists, and can't now.
    """
    if shutil.which("apt-cache") is None:
        return False
    if can_install() and not any(APT_LISTS.glob("*_Packages*")):
        _apt_get(["update", "-qq"])  # a machine just made knows no package at all
    asked = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", package], capture_output=True, check=False
    )
    return asked.returncode == 0 and bool(asked.stdout)


def ensure_packages(packages: Sequence[str], progress: Progress) -> None:
    """Install what is missing of `packages`; says what before it does.

    Raises:
        OpsError: they are missing and can't be installed.
    """
    needed = missing(packages)
    if not needed:
        return
    if not can_install():
        raise OpsError(f"Missing: {' '.join(needed)}. Install them, or run this as root on Debian.")
    progress.say(f"installing from {_distribution()}: {' '.join(needed)}")
    with progress.step("system packages"):
        _apt_get(["update", "-qq"])
        _apt_get(["install", "-qq", "-y", "--no-install-recommends", *needed])


def _apt_get(arguments: list[str]) -> None:
    try:
        done = subprocess.run(
            ["apt-get", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=APT_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"apt-get {arguments[0]} took longer than {APT_LIMIT_S} s.") from exc
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise OpsError(f"apt-get {arguments[0]} failed:\n{tail}")


def _distribution() -> str:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "the system's archive"
    names = dict(line.split("=", 1) for line in lines if "=" in line)
    return names.get("PRETTY_NAME", "the system's archive").strip('"')
