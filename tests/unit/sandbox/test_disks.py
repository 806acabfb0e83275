"""Learners' disk files."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from sandbox.disks import Disks
from sandbox.errors import DiskFull, StartFailed
from sandbox.home import Home

needs_mkfs = pytest.mark.skipif(
    shutil.which("mkfs.ext4", path="/usr/sbin:/sbin:/usr/bin") is None,
    reason="mkfs.ext4 is not installed",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with its folders."""
    made = Home(tmp_path)
    made.make_folders()
    return made


def test_a_disk_that_changes_its_name_meanwhile_is_no_trouble(home: Home) -> None:
    """One of the pool is given to a learner while somebody looks which disks there are."""
    disks = Disks(home, size_mib=64, free_mib=1)
    old, new = home.disk("warm-1"), home.disk("1")
    old.touch()
    over = threading.Event()

    def rename_without_end() -> None:
        while not over.is_set():
            old.rename(new)
            new.rename(old)

    renaming = threading.Thread(target=rename_without_end)
    renaming.start()
    try:
        for _ in range(2000):
            assert set(disks.names().values()) <= {"warm-1", "1"}
    finally:
        over.set()
        renaming.join()


@needs_mkfs
async def test_a_disk_is_made_once_and_sparse(home: Home) -> None:
    """It has the size of the quota, takes what is used, and stays the same file."""
    disks = Disks(home, size_mib=64, free_mib=1)

    assert await disks.ensure("1")
    assert not await disks.ensure("1")
    status = home.disk("1").stat()
    assert status.st_size == 64 * 1024 * 1024
    assert status.st_blocks * 512 < 8 * 1024 * 1024
    assert status.st_mode & 0o077 == 0
    assert home.disk("1").read_bytes()[1080:1082] == b"\x53\xef"  # ext4 says so


@needs_mkfs
async def test_a_removed_disk_is_made_anew(home: Home) -> None:
    """Removing can be repeated; afterwards the learner has a new one."""
    disks = Disks(home, size_mib=64, free_mib=1)
    await disks.ensure("1")
    await disks.remove("1")
    await disks.remove("1")

    assert not disks.exists("1")
    assert await disks.ensure("1")


async def test_a_full_machine_makes_no_more_promises(home: Home) -> None:
    """Sizes are promises: what counts is what the file system has left."""
    disks = Disks(home, size_mib=64, free_mib=10**9)

    with pytest.raises(DiskFull):
        await disks.ensure("1")
    assert not disks.exists("1")


@needs_mkfs
async def test_a_full_machine_starts_nothing_that_could_grow(home: Home) -> None:
    """A disk that exists takes more when it is used."""
    await Disks(home, size_mib=64, free_mib=1).ensure("1")

    with pytest.raises(DiskFull):
        await Disks(home, size_mib=64, free_mib=10**9).ensure("1")
    assert home.disk("1").exists()


async def test_a_failing_mkfs_leaves_no_disk(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a disk would be worse than none."""
    monkeypatch.setattr("sandbox.disks.MKFS", ("false",))
    disks = Disks(home, size_mib=64, free_mib=1)

    with pytest.raises(StartFailed):
        await disks.ensure("1")
    assert list(home.disks.iterdir()) == []


async def test_unfinished_files_are_removed_when_they_are_old(home: Home) -> None:
    """A young one may be somebody's who is still at it."""
    old, young = home.disks / "1.new", home.disks / "2.new"
    for path in (old, young, home.disk("3")):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)

    assert Disks(home, size_mib=64, free_mib=1).remove_unfinished() == 1
    assert sorted(path.name for path in home.disks.iterdir()) == ["2.new", "3.img"]


async def test_whoever_gives_up_leaves_no_disk_half_made(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one must not make the same file beside them."""
    monkeypatch.setattr("sandbox.disks.MKFS", ("sh", "-c", 'sleep 0.3; echo whole > "$0"'))
    disks = Disks(home, size_mib=16, free_mib=1)
    first = asyncio.create_task(disks.ensure("1"))
    async with asyncio.timeout(20):
        while not list(home.disks.iterdir()):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.wait({first})
        assert first.cancelled()
        assert not await disks.ensure("1")

    assert [path.name for path in home.disks.iterdir()] == ["1.img"]
