"""The wheels of the app image, fetched on the host: its pip knows this network's index."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from ops.errors import OpsError

PYTHON = "3.13"
"""Of the image's base, Debian trixie."""
GLIBC_MINOR = 41
"""Of the same; wheels for an older one fit as well."""
DOWNLOAD_LIMIT_S = 900


def ensure_wheels(lock: Path, folder: Path) -> None:
    """Have in `folder` the wheels that the lock file names for the image's Python.

    Raises:
        OpsError: one could not be had.
    """
    wanted = "\n".join(pins(lock.read_text(encoding="utf-8")))
    list_file = folder.with_suffix(".txt")
    if list_file.exists() and list_file.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fresh = list_file.with_suffix(".new")
    fresh.write_text(wanted, encoding="utf-8")
    _download(fresh, folder)
    fresh.replace(list_file)  # what is left half-way is fetched again


def pins(lock: str) -> list[str]:
    """The requirements of a lock file that hold for the image's Python, each with its hashes.

    pip judges markers by the Python that runs it, also when it downloads for another one.
    """
    found = []
    for line in lock.replace("\\\n", " ").splitlines():
        name, *hashes = line.partition("#")[0].split(" --hash=")
        if not hashes:
            continue
        requirement = Requirement(name)
        if requirement.marker is None or requirement.marker.evaluate(_environment()):
            pin = f"{requirement.name}{requirement.specifier}"
            found.append(" --hash=".join([pin, *(part.strip() for part in hashes)]))
    return found


def _environment() -> dict[str, str]:
    return {
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.0",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


def _download(wanted: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--python-version", PYTHON, *_platforms()]
    command += ["--dest", str(folder), "--requirement", str(wanted)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"Downloading wheels took longer than {DOWNLOAD_LIMIT_S} s.") from exc
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-10:])
        raise OpsError(f"The wheels of the app image could not be downloaded:\n{tail}")


def _platforms() -> list[str]:
    names = ["1", "2010", "2014", *(f"_2_{minor}" for minor in range(17, GLIBC_MINOR + 1))]
    tags = [f"manylinux{name}_{platform.machine()}" for name in names]
    return [part for tag in tags for part in ("--platform", tag)]
