"""The first boot: the VM's engine takes the engine image in, and that is kept for all later boots.

In emulation this takes minutes, most of them for checksums.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from ops.errors import OpsError
from ops.progress import Progress
from tests.vm import machine
from tests.vm.cargo import Cargo
from tests.vm.root import Root

LIMIT_S = 3600
COPY_LIMIT_S = 300


def ensure_loaded(cache: Path, root: Root, cargo: Cargo, progress: Progress) -> Root:
    """Have the root file system with this engine image in it.

    Raises:
        OpsError: the first boot failed.
    """
    loaded = replace(root, disk=cache / "loaded.ext4")
    stamp = cache / "loaded.source"
    version = f"{root.version} {cargo.engine_id}"
    if stamp.exists() and stamp.read_text(encoding="ascii") == version:
        return loaded
    stamp.unlink(missing_ok=True)
    with progress.step("the VM's first boot"):
        _copy(root.disk, loaded.disk)
        call = machine.command(loaded, cargo, cache / "console.log", first_boot=True)
        transcript = cache / "first-boot.txt"
        if machine.run(call, transcript, limit_s=LIMIT_S, show=lambda _line: None) != 0:
            raise OpsError(f"The VM could not take the engine image in: {transcript} tells why.")
    stamp.write_text(version, encoding="ascii")
    return loaded


def _copy(disk: Path, to: Path) -> None:
    """Holes stay holes: most of the disk is empty."""
    command = ["cp", "--sparse=always", str(disk), str(to)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=COPY_LIMIT_S)
    except (OSError, subprocess.SubprocessError) as exc:
        raise OpsError(f"{disk} could not be copied: {exc}") from exc
