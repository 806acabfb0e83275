"""A learner's disk after a bad end: mended at the next start, or said to be beyond repair."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.errors import StartFailed
from tests.docker_fixtures import docker
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

VICTIM = "103"
SYNCED = 'echo kept >/root/kept; perl -e \'open(my $f,"<","/root/kept"); syscall(74,fileno($f))\''
BLOCK = 4096


@pytest.fixture
async def disk(live: Stage) -> Path:
    """The closed disk of a learner who left a file on it."""
    async with live.client() as client:
        await client.reset(VICTIM)
        answer = await live.run(VICTIM, f"{SYNCED}; docker pull -q busybox")
        assert answer.exit_code == 0, answer
        await client.close(VICTIM)
    return _disk_of(live)


def _disk_of(live: Stage) -> Path:
    (found,) = live.home.disks.glob(f"*{VICTIM}*.img")
    return found


def _overwrite(disk: Path, offset: int, content: bytes) -> None:
    with disk.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def _debugfs(disk: Path, request: str) -> str:
    command = ["debugfs", "-w", "-R", request, str(disk)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout


def _says_error(disk: Path) -> None:
    """What the kernel leaves when it met something wrong."""
    _debugfs(disk, "set_super_value state 2")


def _lost_superblock(disk: Path) -> None:
    _overwrite(disk, 1024, b"\xff" * 1024)


def _lost_group_table(disk: Path) -> None:
    _overwrite(disk, BLOCK, b"\xff" * BLOCK)


def _lost_bitmaps(disk: Path) -> None:
    """The error is on record, as it is once the kernel has met it."""
    _debugfs(disk, "set_block_group 0 block_bitmap 0")
    _says_error(disk)


def _lost_root(disk: Path) -> None:
    """The folder that all others are in."""
    _debugfs(disk, "clri <2>")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "error on record": _says_error,
    "no superblock": _lost_superblock,
    "no group table": _lost_group_table,
    "no bitmaps": _lost_bitmaps,
    "no root folder": _lost_root,
}


async def test_a_disk_that_was_torn_works_and_has_what_was_safe(live: Stage) -> None:
    """A sandbox is killed while it writes: the journal brings the disk back as it was."""
    async with live.client() as client:
        await client.reset(VICTIM)
    await live.run(VICTIM, f"{SYNCED}; docker pull -q busybox")
    write = "for number in $(seq 1000); do cp -r /usr/share/doc /root/copy$number; done"
    writing = asyncio.create_task(live.attempt(VICTIM, write))
    await asyncio.sleep(2)
    docker("kill", live.container(VICTIM))
    await writing

    assert await live.comes_back(VICTIM)
    answer = await live.run(VICTIM, "cat /root/kept; docker run --rm busybox echo works")
    assert answer.output == "kept\nworks\n"


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_disk_is_mended(live: Stage, disk: Path, damage: str) -> None:
    """What can be mended is mended before it is used; the learner has an engine again."""
    DAMAGES[damage](disk)
    answer = await live.run(VICTIM, "docker run --rm busybox echo works")

    assert answer.output.endswith("works\n"), answer
    async with live.client() as client:
        await client.close(VICTIM)
    assert _is_clean(disk)


async def test_a_disk_beyond_repair_says_so_and_a_reset_helps(live: Stage, disk: Path) -> None:
    """Who has lost everything is told what to do, and it works."""
    with disk.open("r+b") as file:
        for offset in range(0, disk.stat().st_size, 128 * BLOCK):
            file.seek(offset)
            file.write(b"\xff" * BLOCK * 2)
    async with live.client() as client:
        with pytest.raises(StartFailed, match="beyond repair: reset"):
            await client.open(VICTIM)
        await client.reset(VICTIM)

    assert (await live.run(VICTIM, "docker ps")).exit_code == 0


async def test_a_disk_that_became_read_only_is_mended_by_a_new_start(live: Stage) -> None:
    """The kernel stops writing to a disk on which it met an error: that ends the sandbox."""
    await live.run(VICTIM, "docker image inspect busybox || docker pull -q busybox")
    before = live.container(VICTIM)
    await live.attempt(VICTIM, "mount -o remount,bind,ro /srv; sleep 3", time_limit_s=5)

    assert await live.comes_back(VICTIM)
    assert live.container(VICTIM) != before


def _is_clean(disk: Path) -> bool:
    command = ["e2fsck", "-fn", str(disk)]
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
