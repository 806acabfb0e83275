"""What is left on the host of sandboxes that are gone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from sandbox import leftovers, loops
from sandbox.leftovers import Leftovers
from sandbox.loops import LoopDevice, loop_devices_of

LIVE, DEAD = "a" * 64, "b" * 64


def make_groups(root: Path, *names: str) -> list[Path]:
    """Cgroups as the host shows them, each with one below it."""
    groups = [root / name for name in names]
    for group in groups:
        (group / "learner" / "inner").mkdir(parents=True)
    return groups


def make_leftovers(tmp_path: Path, *loops: LoopDevice) -> Leftovers:
    """Over folders of the test's own."""
    return Leftovers(tmp_path, cgroups=tmp_path / "cgroup", loop_devices=lambda disks: list(loops))


@pytest.mark.parametrize("name", ["docent/{}", "memory/docent/{}", "docent.slice/docker-{}.scope"])
def test_a_cgroup_of_a_container_that_is_gone_is_removed(tmp_path: Path, name: str) -> None:
    """In both versions and with both drivers; at the second sight, and nobody else's."""
    live, dead, other = make_groups(
        tmp_path / "cgroup", name.format(LIVE), name.format(DEAD), "docent/by-hand"
    )
    swept = make_leftovers(tmp_path)
    first = swept.sweep(containers={LIVE}, inodes=())
    assert dead.exists()
    second = swept.sweep(containers={LIVE}, inodes=())

    assert (dict(first), dict(second)) == ({}, {"cgroup": 1})
    assert [path.exists() for path in (live, dead, other)] == [True, False, True]


def test_a_cgroup_that_can_not_go_is_tried_again(tmp_path: Path) -> None:
    """A process that is still dying in it is none of our business."""
    [dead] = make_groups(tmp_path / "cgroup", f"docent/{DEAD}")
    (dead / "learner" / "cgroup.procs").write_text("4711\n")
    swept = make_leftovers(tmp_path)
    with capture_logs() as logs:
        for _ in range(4):
            assert not swept.sweep(containers=(), inodes=())
    assert [entry["event"] for entry in logs] == ["cgroup_left"], "said once"
    assert (dead / "learner" / "inner").exists(), "nothing is taken away from under a process"
    (dead / "learner" / "cgroup.procs").unlink()

    assert swept.sweep(containers=(), inodes=()) == {"cgroup": 1}


def test_a_cgroup_that_goes_while_we_look_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be of a container on another engine of this host; the round goes on."""
    going, dead = make_groups(tmp_path / "cgroup", f"docent/{LIVE}", f"docent/{DEAD}")
    scandir = os.scandir

    def look(path: str | Path) -> Any:
        if Path(path).is_relative_to(going):
            raise FileNotFoundError(path)
        return scandir(path)

    swept = make_leftovers(tmp_path)
    swept.sweep(containers=(), inodes=())
    monkeypatch.setattr(os, "scandir", look)

    assert swept.sweep(containers=(), inodes=()) == {"cgroup": 1}
    assert not dead.exists()


def test_a_loop_device_without_a_sandbox_is_detached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the second sight: the first may be a sandbox that starts just now.

    One that goes by itself is left alone: another engine's sandbox may use it.
    """
    detached: list[LoopDevice] = []

    def detach(loop: LoopDevice) -> bool:
        detached.append(loop)
        return True

    monkeypatch.setattr(leftovers, "detach", detach)
    live, dead = LoopDevice("/dev/loop1", 11), LoopDevice("/dev/loop2", 12)
    elsewhere = LoopDevice("/dev/loop3", 13, goes_by_itself=True)
    swept = make_leftovers(tmp_path, live, dead, elsewhere)
    swept.sweep(containers=(), inodes={11})
    assert detached == []

    assert swept.sweep(containers=(), inodes={11}) == {"loop_device": 1}
    assert detached == [dead]


def test_a_host_that_we_do_not_see_has_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container there are no devices and no cgroups, and perhaps not even losetup."""
    monkeypatch.setattr(loops, "LOSETUP", ("no-such-program",))

    assert loop_devices_of(tmp_path) == []
    assert not Leftovers(tmp_path, cgroups=tmp_path / "none").sweep(containers=(), inodes=())


def test_what_losetup_says_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disks of sandboxes on the file system of the home, and which of them go by themselves."""
    device = tmp_path.stat().st_dev
    here = f"     {os.major(device)}:{os.minor(device)}  "
    said = {
        "loopdevices": [
            entry("/dev/loop0", 11, here, "/disk.img", autoclear=True),
            entry("/dev/loop1", 12, here, "/disk.img (deleted)", autoclear=False),
            entry("/dev/loop2", 13, "7:77", "/disk.img", autoclear=True),
            entry("/dev/loop3", 14, here, "/somebody/elses", autoclear=False),
        ]
    }
    monkeypatch.setattr(loops, "LOSETUP", ("echo", json.dumps(said)))

    assert loop_devices_of(tmp_path) == [
        LoopDevice("/dev/loop0", 11, goes_by_itself=True),
        LoopDevice("/dev/loop1", 12, goes_by_itself=False),
    ]


def entry(name: str, inode: int, device: str, file: str, *, autoclear: bool) -> dict[str, object]:
    """A device as losetup lists it."""
    return {
        "name": name,
        "back-ino": inode,
        "back-maj:min": device,
        "back-file": file,
        "autoclear": autoclear,
    }
