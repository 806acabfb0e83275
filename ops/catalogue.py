"""The catalogue: images for learners built from Debian packages, and their way into the mirror."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ops.builds import ROOT, SOURCE_LABEL, build, build_context, files_below, source_hash
from ops.docker_cli import docker, image_label, try_docker
from ops.progress import Progress
from ops.registry import writable_registry

CATALOGUE = ROOT / "catalogue"
BUILDS_AT_ONCE = 2
PUSH_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One image of the catalogue; the first of its tags is what a bare name means."""

    name: str
    folder: Path
    tags: tuple[str, ...]
    version: str
    """Hash of its source and its base."""

    @property
    def image(self) -> str:
        """Its name in the host's engine."""
        return f"docent/catalogue-{self.name}:latest"

    @property
    def contents(self) -> str:
        """What the mirror has when it has this entry."""
        return f"{self.version} {' '.join(self.tags)}"


def ensure_catalogue(home: Path, base: str, progress: Progress) -> None:
    """Have every image of the catalogue in the registry data of this home.

    Args:
        home: Home folder.
        base: Id of the base image, which is part of what an image is built from.
        progress: Where the set-up reports to.

    Raises:
        OpsError: a build or a push failed.
    """
    recorded = _recorded(home)
    missing = [entry for entry in entries(base) if recorded.get(entry.name) != entry.contents]
    if not missing:
        return
    names = ", ".join(entry.name for entry in missing)
    with progress.step(f"images for learners: {names}"):
        _build_all(missing)
    with progress.step("images into the mirror"), writable_registry(home) as address:
        for entry in missing:
            _push(entry, address)
            recorded[entry.name] = entry.contents
            _record(home, recorded)


def entries(base: str, folder: Path = CATALOGUE) -> list[Entry]:
    """What the catalogue offers, by name."""
    found = sorted(file.parent for file in folder.glob("*/Dockerfile"))
    return [
        Entry(
            name=path.name,
            folder=path,
            tags=tuple((path / "tags").read_text(encoding="ascii").split()),
            version=source_hash(base, files_below(path), path),
        )
        for path in found
    ]


def _build_all(wanted: Sequence[Entry]) -> None:
    with ThreadPoolExecutor(BUILDS_AT_ONCE) as pool:
        for _ in pool.map(_build, wanted):
            pass  # a failure is raised here


def _build(entry: Entry) -> None:
    if image_label(entry.image, SOURCE_LABEL) != entry.version:
        build(entry.image, build_context(files_below(entry.folder), entry.folder), entry.version)


def _push(entry: Entry, address: str) -> None:
    repository = f"{address}/library/{entry.name}"
    names = [f"{repository}:{tag}" for tag in entry.tags]
    for name in names:
        docker(["tag", entry.image, name])
    try:
        docker(["push", "--quiet", "--all-tags", repository], limit_s=PUSH_LIMIT_S)
    finally:
        try_docker(["rmi", "--no-prune", *names])


def _contents_file(home: Path) -> Path:
    return home / "registry" / "contents.json"


def _recorded(home: Path) -> dict[str, str]:
    """Name → what was pushed last; empty when the file is missing or was damaged."""
    try:
        content = json.loads(_contents_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(version) for name, version in dict(content).items()}


def _record(home: Path, contents: dict[str, str]) -> None:
    _contents_file(home).write_text(json.dumps(contents, indent=1), encoding="utf-8")
