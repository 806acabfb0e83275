"""The images of Docent: engine, app and, without Docker Hub, the learners' catalogue.

Every image carries the label `docent.source`, a hash of what it was built from: only what changed
is built again. Builds go through the `docker` command and work with the builder of Docker 20.10 as
well as with BuildKit. They use the host's network; a proxy in the environment is handed on.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from ops.builds import (
    ENGINE,
    ROOT,
    SOURCE_LABEL,
    build,
    build_context,
    files_below,
    source_hash,
)
from ops.catalogue import ensure_catalogue
from ops.debian_base import ensure_base
from ops.docker_cli import docker, image_label
from ops.errors import OpsError
from ops.image_source import ImageSource, chosen_source
from ops.progress import Progress

__all__ = ["APP", "ENGINE", "ImageSource", "ensure_app_image", "ensure_images"]

APP = "docent/app:latest"
APP_PACKAGES = ("bot", "db", "lessons", "playground", "sandbox")
APP_PYTHON = "3.13"  # of the base, Debian trixie
WHEELS = ROOT / "build" / "wheels"
PIP_LIMIT_S = 900
PROFILE_IN_IMAGE = "/usr/lib/docent/seccomp.json"


def ensure_images(home: Path, source: ImageSource, progress: Progress) -> None:
    """Have the engine image, its seccomp profile in `home`, and in catalogue mode the catalogue.

    Raises:
        OpsError: an image could not be had; with the last lines of what failed.
    """
    chosen = chosen_source(home, source)
    base = ensure_base(from_hub=chosen is ImageSource.HUB, progress=progress)
    _write_profile(home, _ensure_engine(base, progress))
    if chosen is ImageSource.CATALOGUE:
        ensure_catalogue(home, base, progress)


def ensure_app_image(progress: Progress, source: ImageSource = ImageSource.AUTO) -> None:
    """Have the image of bot, sandbox service and playground, for `compose.yaml`.

    Raises:
        OpsError: it could not be had.
    """
    base = ensure_base(from_hub=source is not ImageSource.CATALOGUE, progress=progress)
    files = [ROOT / "Dockerfile", ROOT / "requirements.lock"]
    for package in APP_PACKAGES:
        files += files_below(ROOT / package)
    version = source_hash(base, files)
    if image_label(APP, SOURCE_LABEL) == version:
        return
    with progress.step("wheels for the app image"):
        _download_wheels()
    with progress.step("app image"):
        context = build_context([*files, *files_below(WHEELS)])
        build(APP, context, version, ["--target", "app"])


def _ensure_engine(base: str, progress: Progress) -> str:
    """Build the engine image if its source changed; gives the hash of the source."""
    files = [ROOT / "Dockerfile", *files_below(ROOT / "sandbox" / "image")]
    version = source_hash(base, files)
    if image_label(ENGINE, SOURCE_LABEL) != version:
        with progress.step("engine image"):
            build(ENGINE, build_context(files), version, ["--target", "engine"])
    return version


def _write_profile(home: Path, version: str) -> None:
    """Copy the seccomp profile out of the engine image: the host's engine reads it from a file."""
    profile, written_from = home / "seccomp.json", home / "seccomp.source"
    if profile.exists() and written_from.exists() and written_from.read_text() == version:
        return
    fresh = home / "seccomp.json.new"
    container = docker(["create", ENGINE])
    try:
        docker(["cp", f"{container}:{PROFILE_IN_IMAGE}", str(fresh)])
    finally:
        docker(["rm", container])
    fresh.replace(profile)  # a sandbox that starts just now finds the old one or the new one
    written_from.write_text(version, encoding="ascii")


def _download_wheels() -> None:
    """Fetch the locked wheels with the host's pip: it knows this network's index and certificates.

    Raises:
        OpsError: a wheel could not be had.
    """
    shutil.rmtree(WHEELS, ignore_errors=True)
    WHEELS.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--python-version", APP_PYTHON, *_platforms()]
    command += ["--dest", str(WHEELS), "--requirement", str(_write_wanted())]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PIP_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"Downloading wheels took longer than {PIP_LIMIT_S} s.") from exc
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-10:])
        raise OpsError(f"The wheels of the app image could not be downloaded:\n{tail}")


def _write_wanted() -> Path:
    """Write down what of the lock file is for the image's Python: pip would judge by the host's."""
    blocks = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    environment = {
        "python_version": APP_PYTHON,
        "python_full_version": f"{APP_PYTHON}.0",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    wanted = []
    for line in blocks.splitlines():
        name, *hashes = line.partition("#")[0].split(" --hash=")
        if hashes:
            requirement = Requirement(name)
            if requirement.marker is None or requirement.marker.evaluate(environment):
                pinned = f"{requirement.name}{requirement.specifier}"
                wanted.append(" --hash=".join([pinned, *(part.strip() for part in hashes)]))
    file = WHEELS.parent / "wanted.txt"
    file.write_text("\n".join(wanted), encoding="utf-8")
    return file


def _platforms() -> list[str]:
    """Options that let pip choose any wheel for the glibc of the base, which is 2.41."""
    old_names = ["1", "2010", "2014"]
    names = old_names + [f"_2_{minor}" for minor in range(17, 42)]
    tags = [f"manylinux{name}_{platform.machine()}" for name in names]
    return [part for tag in tags for part in ("--platform", tag)]
