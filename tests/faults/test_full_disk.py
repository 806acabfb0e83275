"""The machine's disk fills up: learners' sandboxes stop before it does, and come back after."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.contract import RunFailed
from sandbox.errors import DiskFull
from tests.docker_fixtures import missing, new_home, new_learner
from tests.faults.conftest import scene_on
from tests.faults.host import HostEngine
from tests.faults.scene import HurriedService, Scene

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

MIB = 1024 * 1024
SIZE_MIB = 4096
RESERVE_MIB = 1024
"""As operators have it when they set nothing."""
WRITTEN_MIB = 3000


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A scene whose home is on a small file system."""

    scene: Scene
    ballast: Path

    def fill(self, *, leave_mib: int) -> None:
        """Somebody else's file takes what there is, but for so much."""
        free = shutil.disk_usage(self.ballast.parent).free
        size = free - leave_mib * MIB
        subprocess.run(["fallocate", "--length", str(size), self.ballast], check=True)

    def fill_up(self) -> None:
        """They take all of it, to the last block."""
        self.fill(leave_mib=8)
        with self.ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert shutil.disk_usage(self.ballast.parent).free == 0

    def empty(self) -> None:
        """They remove it."""
        self.ballast.unlink()


@pytest.fixture
def small_folder() -> Generator[Path]:
    """A folder on a file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="docent-small-", dir="/tmp"))
    image = folder / "image"
    mounted = folder / "m"
    mounted.mkdir()
    try:
        with image.open("wb") as file:
            file.truncate(SIZE_MIB * MIB)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True)
        mount = ["mount", "-o", "loop", str(image), str(mounted)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            missing("nothing can be mounted here")
        yield mounted
    finally:
        subprocess.run(["umount", str(mounted)], check=False, capture_output=True)
        shutil.rmtree(folder)


@pytest.fixture
async def small(
    small_folder: Path, images_home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[SmallDisk]:
    """With room for a learner, and a little more."""
    real = tempfile.mkdtemp
    monkeypatch.setattr(
        tempfile, "mkdtemp", lambda prefix, dir: real(prefix=prefix, dir=small_folder)
    )
    with new_home(images_home) as root:
        service = HurriedService(root, FREE_DISK_MIB=str(RESERVE_MIB), DISK_MIB=str(SIZE_MIB))
        service.start()
        try:
            async with scene_on(service, HostEngine()) as scene:
                yield SmallDisk(scene, small_folder / "ballast")
        finally:
            service.stop()


async def test_nobody_new_starts_on_a_full_disk(small: SmallDisk) -> None:
    """They are told why; who runs goes on."""
    await small.scene.settle()
    small.fill(leave_mib=RESERVE_MIB - 20)
    with pytest.raises(DiskFull):
        await small.scene.client.open(new_learner())
    await small.scene.nothing_is_lost()
    small.empty()
    await small.scene.nothing_is_left_behind()


async def test_a_stopped_sandbox_waits_for_room(small: SmallDisk) -> None:
    """It is not started on a disk that it would fill, and is whole when there is room again."""
    await small.scene.settle()
    await small.scene.client.close(small.scene.learner)
    small.fill(leave_mib=RESERVE_MIB - 20)
    with pytest.raises(DiskFull):
        await small.scene.client.open(small.scene.learner)
    small.empty()
    await small.scene.nothing_is_lost()
    await small.scene.nothing_is_left_behind()


async def test_who_fills_the_disk_is_stopped(small: SmallDisk) -> None:
    """Before it is full: the guard ends the sandbox that grows, and its learner is told."""
    await small.scene.settle()
    small.fill(leave_mib=RESERVE_MIB + 100)
    # Past the memory, where writing waits for nobody but the guard.
    line = f"dd if=/dev/zero of=/root/much bs=1M count={WRITTEN_MIB} oflag=direct; sleep 20"
    last = (await small.scene.run(line)).events[-1]
    assert isinstance(last, RunFailed), last
    assert last.error == "disk_full"
    assert shutil.disk_usage(small.ballast.parent).free > 0
    small.empty()
    assert (await small.scene.run("rm -f /root/much")).ended.exit_code == 0
    await small.scene.nothing_is_lost()
    await small.scene.nothing_is_left_behind()


async def test_a_disk_that_others_filled_to_the_last_block(small: SmallDisk) -> None:
    """What a learner writes then is lost, what they had is not."""
    await small.scene.settle()
    small.fill_up()
    await small.scene.run("head -c 64M /dev/urandom >/root/more; sync", time_limit_s=20)
    small.empty()
    await small.scene.client.close(small.scene.learner)
    await small.scene.nothing_is_lost()
    assert (await small.scene.run("touch /root/new")).ended.exit_code == 0
    await small.scene.nothing_is_left_behind()
