"""The cgroups of a sandbox, made on a copy of a cgroup tree: who may what, what is kept back."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).resolve().parents[3] / "sandbox" / "image"
MIB = 1024 * 1024
UNLIMITED_V1 = "9223372036854771712"


def _write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content + "\n")


def _files_of_the_kernel(root: Path, names: dict[str, list[str]]) -> str:
    """Shell code that makes the files which a real kernel makes with a new cgroup."""
    cases = "".join(
        f'"{root}"/{pattern}) : {" ".join(f">$made/{name}" for name in files)} ;;\n'
        for pattern, files in names.items()
    )
    return f"""
        mkdir() {{
          command mkdir "$@"
          local made
          for made in "$@"; do case $made in {cases} esac; done
        }}
    """


def _prepare(root: Path, kernel: str) -> str:
    """Run the preparation on a tree; we are learner and keeper, so that no root is needed."""
    script = f"""
        set -eu
        . {IMAGE}/cgroups.sh
        {kernel}
        prepare_cgroups {os.getuid()} {os.getgid()}
        echo "$INNER_GROUPS|$EXEC_GROUPS"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], "CGROUP_ROOT": str(root)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _read(file: Path) -> str:
    return file.read_text().strip()


def _may_group_write(file: Path) -> bool:
    return bool(file.stat().st_mode & stat.S_IWGRP)


@pytest.fixture
def v2(tmp_path: Path) -> Path:
    """A container's own cgroup under v2, with a memory and a pids limit."""
    _write(
        tmp_path,
        {
            "cgroup.controllers": "cpu memory pids",
            "cgroup.subtree_control": "",
            "cgroup.procs": "1\n12",
            "memory.max": str(1024 * MIB),
            "pids.max": "1024",
        },
    )
    return tmp_path


V2_FILES = ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "memory.swap.max"]


def _prepare_v2(root: Path) -> str:
    files = {"sys": ["cgroup.procs"], "learner": ["cgroup.controllers"], "learner/*": V2_FILES}
    return _prepare(root, _files_of_the_kernel(root, files))


def test_v2_keeps_a_reserve_for_the_keeper(v2: Path) -> None:
    """A learner who used up everything leaves the keeper enough to end the sandbox."""
    _prepare_v2(v2)

    assert int(_read(v2 / "learner/memory.max")) == (1024 - 48) * MIB
    assert int(_read(v2 / "learner/pids.max")) == 1024 - 96


def test_v2_moves_our_own_processes_away(v2: Path) -> None:
    """Version 2 allows no process beside child groups: the container's own go to `sys`."""
    _prepare_v2(v2)

    # A plain file keeps the last process that was written; a kernel would keep all of them.
    assert _read(v2 / "sys/cgroup.procs") == "12"


def test_v2_hands_the_controllers_on(v2: Path) -> None:
    """Limits can be set below only for controllers that the group above hands on."""
    _prepare_v2(v2)

    # One write for each controller; a plain file keeps the last.
    assert _read(v2 / "cgroup.subtree_control") == "+pids"


def test_v2_bounds_the_number_of_groups(v2: Path) -> None:
    """Cgroups cost kernel memory of the host, so a learner can make only so many."""
    _prepare_v2(v2)

    assert _read(v2 / "learner/inner/cgroup.max.descendants") == "400"
    assert _read(v2 / "learner/exec/cgroup.max.descendants") == "40"
    assert _read(v2 / "learner/cgroup.max.depth") == "8"


def test_v2_lets_only_the_keeper_move_commands(v2: Path) -> None:
    """The keeper may put a process into the commands' group or one below, but hand on no limit."""
    answer = _prepare_v2(v2)

    assert answer == f"{v2}/learner/inner|{v2}/learner/exec"
    assert _may_group_write(v2 / "learner/exec/cgroup.procs")
    assert _may_group_write(v2 / "cgroup.procs")
    assert _may_group_write(v2 / "learner/exec")
    assert not _may_group_write(v2 / "learner/exec/cgroup.subtree_control")
    assert not _may_group_write(v2 / "learner")


def test_v2_without_a_limit_makes_none_up(v2: Path) -> None:
    """`max` stays `max`: the limit of the container is the service's business."""
    (v2 / "pids.max").write_text("max\n")
    _prepare_v2(v2)

    assert not (v2 / "learner/pids.max").exists()


V1_HIERARCHIES = ("cpu,cpuacct", "cpuset", "memory", "devices", "freezer", "pids")


@pytest.fixture
def v1(tmp_path: Path) -> Path:
    """The cgroups of a container under v1, as Debian mounts them."""
    for name in V1_HIERARCHIES:
        (tmp_path / name).mkdir()
    (tmp_path / "cpu").symlink_to("cpu,cpuacct")
    _write(
        tmp_path,
        {
            "cpuset/cpuset.cpus": "0-1",
            "cpuset/cpuset.mems": "0",
            "memory/memory.limit_in_bytes": str(1024 * MIB),
            "pids/pids.max": "1024",
        },
    )
    return tmp_path


def _prepare_v1(root: Path) -> str:
    files = ["cgroup.procs", "tasks"]
    patterns = {f"{name}/learner/*": files for name in V1_HIERARCHIES}
    return _prepare(root, _files_of_the_kernel(root, patterns))


def test_v1_prepares_every_hierarchy_once(v1: Path) -> None:
    """A link such as `cpu` leads to a hierarchy that is prepared already."""
    inner, exec_groups = _prepare_v1(v1).split("|")

    assert inner.split() == [f"{v1}/{name}/learner/inner" for name in sorted(V1_HIERARCHIES)]
    assert exec_groups.split() == [
        f"{v1}/{name}/learner/exec" for name in ("cpu,cpuacct", "memory", "pids")
    ]


def test_v1_keeps_a_reserve_for_the_keeper(v1: Path) -> None:
    """As on version 2; without swap accounting there is no file for memory and swap together."""
    _prepare_v1(v1)

    assert int(_read(v1 / "memory/learner/memory.limit_in_bytes")) == (1024 - 48) * MIB
    assert not (v1 / "memory/learner/memory.memsw.limit_in_bytes").exists()
    assert int(_read(v1 / "pids/learner/pids.max")) == 1024 - 96


def test_v1_without_a_limit_makes_none_up(v1: Path) -> None:
    """Version 1 writes "no limit" as a huge number, which is no limit to take something from."""
    (v1 / "memory/memory.limit_in_bytes").write_text(UNLIMITED_V1)
    _prepare_v1(v1)

    assert not (v1 / "memory/learner/memory.limit_in_bytes").exists()


def test_v1_takes_the_loop_devices_back(v1: Path) -> None:
    """Once the disk is mounted, the container may not touch a loop device again."""
    _prepare_v1(v1)

    # The last of the two rules; a plain file keeps one.
    assert _read(v1 / "devices/devices.deny") == "c 10:237 rwm"


def test_v1_fills_the_cpusets(v1: Path) -> None:
    """An empty cpuset takes no process, so ours and their children get what the container has."""
    _prepare_v1(v1)

    for group in ("learner", "learner/inner"):
        assert _read(v1 / "cpuset" / group / "cpuset.cpus") == "0-1"
        assert _read(v1 / "cpuset" / group / "cpuset.mems") == "0"
        assert _read(v1 / "cpuset" / group / "cgroup.clone_children") == "1"
