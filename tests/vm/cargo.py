"""What goes into the VM besides its root file system, each as a disk that is a tar archive."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.builds import ENGINE, ROOT, files_below
from ops.docker_cli import docker, image_id
from ops.errors import OpsError
from ops.progress import Progress

PACKAGES = ("bot", "db", "lessons", "ops", "playground", "sandbox", "tests")
FROM_HOME = ("seccomp.json", "registry")
SAVE_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class Cargo:
    """Two raw disks."""

    engine: Path
    """The engine image as `docker save` writes it."""
    files: Path
    """`source/`: this repository; `home/`: the mirror's data and the seccomp profile of a home;
    `arguments.json`: a list of arguments for pytest."""
    engine_id: str
    """Id of the engine image."""


def load(cache: Path, home: Path, arguments: Sequence[str], progress: Progress) -> Cargo:
    """Write both archives into the cache folder.

    Raises:
        OpsError: the engine image or the files of the home are not there.
    """
    engine, files = cache / "engine.tar", cache / "cargo.tar"
    with progress.step("what goes into the VM"):
        engine_id = _save_engine(engine)
        pack(files, home, arguments)
    return Cargo(engine, files, engine_id)


def pack(archive: Path, home: Path, arguments: Sequence[str]) -> None:
    """Write the archive of files, owners and modes included.

    Raises:
        OpsError: a file of the home is not there.
    """
    with tarfile.open(archive, "w") as tar:
        for package in PACKAGES:
            for file in files_below(ROOT / package):
                tar.add(file, Path("source") / file.relative_to(ROOT))
        tar.add(ROOT / "pyproject.toml", "source/pyproject.toml")
        for name in FROM_HOME:
            if not (home / name).exists():
                raise OpsError(f"{home} has no {name}: ./docent prepare makes it.")
            tar.add(home / name, Path("home") / name)
        content = json.dumps(list(arguments)).encode()
        entry = tarfile.TarInfo("arguments.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))


def _save_engine(archive: Path) -> str:
    """Save the image, unless this very one is saved already; gives its id."""
    stamp = archive.with_suffix(".id")
    wanted = image_id(ENGINE)
    if wanted is None:
        raise OpsError(f"The image {ENGINE} is not there.")
    if archive.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return wanted
    stamp.unlink(missing_ok=True)
    docker(["save", "--output", str(archive), ENGINE], limit_s=SAVE_LIMIT_S)
    stamp.write_text(wanted, encoding="ascii")
    return wanted
