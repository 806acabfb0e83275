"""Building one image: what goes in, under which hash, and the call of `docker build`."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ops.docker_cli import docker, proxy_arguments, try_docker

ROOT = Path(__file__).resolve().parent.parent
ENGINE = "docent/engine:latest"
SOURCE_LABEL = "docent.source"
BUILD_LIMIT_S = 1800
NOT_SOURCE = {"__pycache__", "node_modules"}


def files_below(folder: Path) -> list[Path]:
    """All files of a folder that belong into a build."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [file for file in found if NOT_SOURCE.isdisjoint(file.parts)]


def source_hash(base: str, files: Iterable[Path], root: Path = ROOT) -> str:
    """A hash of the base image's id and of the names, modes and contents of files below `root`."""
    digest = hashlib.sha256(base.encode())
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(root)}\0{_mode(file)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def build_context(files: Iterable[Path], root: Path = ROOT) -> bytes:
    """A tar archive for `docker build -`: the same bytes for the same files, whoever has them."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in sorted(files):
            content = file.read_bytes()
            entry = tarfile.TarInfo(str(file.relative_to(root)))
            entry.size, entry.mode = len(content), _mode(file)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def build(image: str, context: bytes, version: str, options: Sequence[str] = ()) -> None:
    """Build an image from a context and label it with the hash of its source.

    Raises:
        OpsError: the build failed; with its last lines.
    """
    label = f"{SOURCE_LABEL}={version}"
    command = ["build", "--network", "host", "--tag", image, "--label", label, *options]
    docker([*command, *proxy_arguments(), "-"], stdin=context, limit_s=BUILD_LIMIT_S)


def remove_old_images() -> None:
    """Remove images of ours that lost their name to a newer one and that no container stands on."""
    try_docker(["image", "prune", "--force", "--filter", f"label={SOURCE_LABEL}"])


def _mode(file: Path) -> int:
    return 0o755 if file.stat().st_mode & 0o100 else 0o644
