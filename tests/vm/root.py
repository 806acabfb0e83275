"""The VM's root file system: Debian 13 with its cloud kernel, its engine and AppArmor.

It is made without starting anything of it: mmdebstrap unpacks the packages into a folder and mke2fs
writes that folder into a file. The result stays in the cache until what it is made of changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ops.builds import ROOT
from ops.debian_base import LEFT_OUT, nearest_mirror, sources
from ops.errors import OpsError
from ops.progress import Progress
from ops.wheels import ensure_wheels

PACKAGES = (
    *("linux-image-cloud-amd64", "initramfs-tools"),
    *("systemd-sysv", "udev", "dbus", "kmod"),
    *("docker.io", "docker-cli", "iptables", "apparmor", "ca-certificates"),
    *("e2fsprogs", "iproute2", "procps", "python3"),
)
LOCK = ROOT / "requirements-dev.lock"
FILES = Path(__file__).parent / "files"
UNIT = "docent-tests.service"
NOT_INSIDE = ("playwright-", "ruff-", "mypy-", "import_linter-", "grimp-")
"""Wheels of the lock that no test in the VM uses, most of its size."""
DISK_SIZE = "12G"
"""Sparse: what is not used takes no room on the host."""
BOOTSTRAP_LIMIT_S = 1800
DISK_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class Root:
    """What qemu starts from."""

    kernel: Path
    initrd: Path
    disk: Path
    """A raw image with an ext4 file system; the VM's changes don't go into it."""
    version: str
    """A hash of what it was made of."""


def ensure_root(cache: Path, progress: Progress) -> Root:
    """Have the root file system in the cache folder.

    Raises:
        OpsError: it can't be made; with the last lines of what failed.
    """
    version = _version()
    found = Root(cache / "vmlinuz", cache / "initrd.img", cache / "root.ext4", version)
    stamp = cache / "root.source"
    if stamp.exists() and stamp.read_text(encoding="ascii") == version:
        return found
    stamp.unlink(missing_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    with progress.step("wheels for the VM"):
        ensure_wheels(LOCK, cache / "wheels")
    folder = cache / "root"
    try:
        _make(folder, found, cache / "wheels", progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    stamp.write_text(version, encoding="ascii")
    return found


def _version() -> str:
    """A hash of all that the file system is made of, the archive's packages aside."""
    digest = hashlib.sha256()
    for file in (Path(__file__), LOCK, *sorted(FILES.iterdir())):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _make(folder: Path, result: Root, wheels: Path, progress: Progress) -> None:
    with progress.step("Debian 13 for the VM"):
        shutil.rmtree(folder, ignore_errors=True)
        _run(_mmdebstrap(folder), limit_s=BOOTSTRAP_LIMIT_S)
    with progress.step("the VM's disk"):
        _install(folder, wheels)
        shutil.copyfile(_only(folder, "boot/vmlinuz-*"), result.kernel)
        shutil.copyfile(_only(folder, "boot/initrd.img-*"), result.initrd)
        result.disk.unlink(missing_ok=True)
        disk = ["mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", str(folder)]
        _run([*disk, str(result.disk), DISK_SIZE], limit_s=DISK_LIMIT_S)


def _mmdebstrap(folder: Path) -> list[str]:
    return [
        "mmdebstrap",
        "--quiet",
        "--mode=root",
        "--variant=minbase",
        "--format=directory",
        f"--include={','.join(PACKAGES)}",
        *(f"--dpkgopt={option}" for option in LEFT_OUT),
        "trixie",
        str(folder),
        *sources(nearest_mirror()),
    ]


def _install(folder: Path, wheels: Path) -> None:
    """Put our own into the file system: Python packages, the unit that runs the tests."""
    for wheel in wheels.glob("*.whl"):
        if not wheel.name.startswith(NOT_INSIDE):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder / "opt/docent")
    units = folder / "etc/systemd/system"
    shutil.copy(FILES / UNIT, units)
    (units / "multi-user.target.wants" / UNIT).symlink_to(f"../{UNIT}")
    # Learners' disks lie below /tmp in tests: on a disk, as with every operator, not in memory.
    (units / "tmp.mount").symlink_to(os.devnull)
    (folder / "srv/source").mkdir()
    (folder / "etc/hostname").write_text("docent-vm\n", encoding="ascii")
    (folder / "etc/hosts").write_text("127.0.0.1 localhost docent-vm\n", encoding="ascii")
    (folder / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n", encoding="ascii")


def _only(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise OpsError(f"The VM's file system should have one {pattern}, it has {len(found)}.")
    return found[0]


def _run(command: list[str], *, limit_s: float) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"{command[0]} took longer than {limit_s:.0f} s.") from exc
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-10:])
        raise OpsError(f"{command[0]} failed for the VM:\n{tail}")
