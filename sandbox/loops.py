"""Loop devices that hold learners' disks, as the host sees them; in a container of our own, none.

What is on such a device is hostile and never read here.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

DISK_INSIDE = "/disk.img"
"""A disk's name where its loop device was made, which the kernel shows for ever."""
BLKFLSBUF = 0x1261
"""ioctl(2): write what is dirty of the file system on this device."""
LOSETUP = (
    "losetup",
    "--list",
    "--json",
    "--output",
    "NAME,BACK-INO,BACK-MAJ:MIN,BACK-FILE,AUTOCLEAR",
)
LOSETUP_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class LoopDevice:
    """A loop device that holds a sandbox's disk."""

    name: str
    inode: int
    goes_by_itself: bool = False
    """The kernel detaches it when nobody has it open or mounted any more."""


class _Entry(BaseModel):
    name: str
    inode: int = Field(alias="back-ino")
    device: str = Field(alias="back-maj:min")
    file: str | None = Field(alias="back-file")
    autoclear: bool = False


class _Listed(BaseModel):
    loopdevices: list[_Entry] = Field(default=[])


def loop_devices_of(disks: Path) -> list[LoopDevice]:
    """Loop devices that hold a sandbox's disk on the file system of this folder.

    It calls a program, so not on the event loop.
    """
    try:
        device = disks.stat().st_dev
        said = subprocess.run(
            LOSETUP, check=True, capture_output=True, timeout=LOSETUP_TIMEOUT_S
        ).stdout
        listed = _Listed.model_validate(json.loads(said or "{}"))
    except (OSError, subprocess.SubprocessError, ValueError, ValidationError):
        return []  # no losetup, or no devices to be seen from here
    numbers = f"{os.major(device)}:{os.minor(device)}"
    return [
        LoopDevice(entry.name, entry.inode, entry.autoclear)
        for entry in listed.loopdevices
        if entry.device.strip() == numbers and (entry.file or "").startswith(DISK_INSIDE)
    ]


def detach(loop: LoopDevice) -> bool:
    """Let the device go of its file; while a mount holds it, that happens when the mount goes."""
    done = subprocess.run(
        ("losetup", "--detach", loop.name),
        check=False, capture_output=True, timeout=LOSETUP_TIMEOUT_S,
    )  # fmt: skip
    return not done.returncode


def flush(disks: Path, inode: int) -> None:
    """Write to the disk file what the kernel has in memory of the file system on it.

    Inside a sandbox nobody can: there `sync` does nothing, since it is everybody's. Where its
    device can't be seen, everything of the machine is written instead. It takes as long as it
    takes, so not on the event loop.
    """
    devices = [loop.name for loop in loop_devices_of(disks) if loop.inode == inode]
    if not devices:
        os.sync()
    for name in devices:
        device = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.ioctl(device, BLKFLSBUF, 0)
        finally:
            os.close(device)
