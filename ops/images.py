"""The images of Docent: engine, app and, without Docker Hub, the learners' catalogue.

Every image carries the label `docent.source`, a hash of what it was built from: only what changed
is built again. Builds go through the `docker` command and work with the builder of Docker 20.10 as
well as with BuildKit. They use the host's network; a proxy in the environment is handed on.
"""

from __future__ import annotations

import os
from pathlib import Path

from ops.builds import (
    ENGINE,
    ROOT,
    SOURCE_LABEL,
    build,
    build_context,
    files_below,
    remove_old_images,
    source_hash,
)
from ops.catalogue import ensure_catalogue
from ops.debian_base import ensure_base
from ops.docker_cli import docker, image_label
from ops.errors import OpsError
from ops.image_source import ImageSource, chosen_source
from ops.progress import Progress
from ops.wheels import ensure_wheels

__all__ = ["APP", "ENGINE", "ImageSource", "ensure_app_image", "ensure_images"]

APP = "docent/app:latest"
BROWSER_SETTING = "DOCENT_ENGINE_BROWSER"
APP_PACKAGES = ("bot", "db", "lessons", "playground", "sandbox")
WHEELS = ROOT / "build" / "wheels"
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
        ensure_wheels(ROOT / "requirements.lock", WHEELS)
    with progress.step("app image"):
        context = build_context([*files, *files_below(WHEELS)])
        build(APP, context, version, ["--target", "app"])
        remove_old_images()


def _ensure_engine(base: str, progress: Progress) -> str:
    """Build the engine image if its source changed; gives the hash of the source."""
    files = [ROOT / "Dockerfile", *files_below(ROOT / "sandbox" / "image")]
    browser = engine_browser()
    version = source_hash(f"{base} browser={browser}", files)
    if image_label(ENGINE, SOURCE_LABEL) != version:
        options = ["--target", "engine", "--build-arg", f"BROWSER={browser}"]
        with progress.step("engine image"):
            build(ENGINE, build_context(files), version, options)
    return version


def engine_browser() -> str:
    """`on` or `off`: whether the engine image has a browser, for pictures of learners' pages.

    Raises:
        OpsError: the setting says something else.
    """
    chosen = os.environ.get(BROWSER_SETTING, "") or "on"
    if chosen not in ("on", "off"):
        raise OpsError(f"{BROWSER_SETTING} is {chosen!r}: say on or off.")
    return chosen


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
