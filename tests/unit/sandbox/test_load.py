"""What cgroups say of the engine and its containers, in both of the kernel's dialects."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sandbox.errors import EngineFailed
from sandbox.facts.bounds import MOST_CONTAINERS
from sandbox.facts.load import LARGEST, LOAD_SCRIPT, load_fact

WEB, DB = "a" * 64, "b" * 64


def write(root: Path, files: dict[str, str]) -> None:
    """Files below a folder."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def said(root: Path) -> bytes:
    """What the script prints where cgroups are these files."""
    uptime = root / "uptime"
    uptime.write_text("1234.56 999.00\n")
    environment = {**os.environ, "CGROUP_ROOT": str(root), "UPTIME": str(uptime)}
    done = subprocess.run(
        ["sh", "-c", LOAD_SCRIPT], env=environment, capture_output=True, check=True, timeout=20
    )
    return done.stdout


def v2(folder: str, cpu_us: int, memory: int, cache: int) -> dict[str, str]:
    """Files of a group."""
    return {
        f"{folder}cpu.stat": f"usage_usec {cpu_us}\nuser_usec 1\n",
        f"{folder}memory.current": f"{memory}\n",
        f"{folder}memory.stat": f"anon 5\ninactive_file {cache}\n",
    }


def v1(folder: str, cpu_ns: int, memory: int, cache: int) -> dict[str, str]:
    """Files of a group, in two hierarchies."""
    return {
        f"cpuacct/{folder}cpuacct.usage": f"{cpu_ns}\n",
        f"memory/{folder}memory.usage_in_bytes": f"{memory}\n",
        f"memory/{folder}memory.stat": f"inactive_file 1\ntotal_inactive_file {cache}\n",
    }


def test_cgroup_v2_is_read(tmp_path: Path) -> None:
    """Microseconds become nanoseconds; what can be dropped does not count."""
    files = {"cgroup.controllers": "cpu memory\n", **v2("", 5_000, 900, 100)}
    write(tmp_path, files | v2(f"docker/{WEB}/", 7, 300, 50) | v2(f"docker/{DB}/", 8, 40, 0))
    load = load_fact(said(tmp_path))

    assert (load.at, load.cpu_ns, load.memory_bytes) == (1234.56, 5_000_000, 800)
    assert [(each.id, each.cpu_ns, each.memory_bytes) for each in load.containers] == [
        (WEB, 7_000, 250),
        (DB, 8_000, 40),
    ]


def test_cgroup_v1_is_read(tmp_path: Path) -> None:
    """The same from its hierarchies."""
    write(tmp_path, v1("", 5_000, 900, 100) | v1(f"docker/{WEB}/", 7, 300, 50))
    load = load_fact(said(tmp_path))

    assert (load.cpu_ns, load.memory_bytes) == (5_000, 800)
    assert [(each.id, each.cpu_ns, each.memory_bytes) for each in load.containers] == [
        (WEB, 7, 250)
    ]


@pytest.mark.parametrize(
    ("files", "pids"),
    [
        ({"pids.current": "41\n", "cgroup.controllers": "pids\n", **v2("", 1, 1, 0)}, 41),
        ({"pids/pids.current": "41\n", **v1("", 1, 1, 0)}, 41),
        (v1("", 1, 1, 0), None),
        ({"pids/pids.current": "a lot\n", **v1("", 1, 1, 0)}, None),
    ],
)
def test_processes_are_counted(tmp_path: Path, files: dict[str, str], pids: int | None) -> None:
    """In both dialects, where somebody counts them."""
    write(tmp_path, files)

    assert load_fact(said(tmp_path)).pids == pids


def test_what_the_kernel_does_not_count_is_unknown(tmp_path: Path) -> None:
    """Without a hierarchy for processor time there is still memory."""
    files = {name: text for name, text in v1("", 1, 900, 100).items() if "cpuacct" not in name}
    write(tmp_path, files)
    load = load_fact(said(tmp_path))

    assert (load.cpu_ns, load.memory_bytes) == (None, 800)


def test_a_container_that_just_ended_is_left_out(tmp_path: Path) -> None:
    """Its folder may be there without its files."""
    write(tmp_path, {"cgroup.controllers": "cpu\n", **v2("", 5, 9, 1)})
    (tmp_path / "docker" / WEB).mkdir(parents=True)

    assert load_fact(said(tmp_path)).containers == []


@pytest.mark.parametrize(
    "lies",
    [
        b"",
        b"up 1.00\n",
        b"group 1 2 3\n",
        b"up x\ngroup 1 2 3\n",
        b"up 1.00\ngroup -1 2 3\n",
        b"up 1.00\ngroup 1 2\n",
        b"up 1.00\ngroup /docker/../ 1 2 3\n",
        b"\xff\xfe" * 100,
        "up 1.00\ngroup ١ 2 3\n".encode(),
    ],
)
def test_nonsense_is_a_failure(lies: bytes) -> None:
    """The learner may change what is read."""
    with pytest.raises(EngineFailed):
        load_fact(lies)


def test_lies_are_bounded() -> None:
    """No number is too large for the wire, none is negative, and no list too long."""
    many = b"".join(b"group /docker/%064x/ 1 2 3\n" % number for number in range(300))
    load = load_fact(b"up 9999999999.99\ngroup 9999999999999999999 1 5\n" + many)

    assert load.cpu_ns == LARGEST
    assert load.memory_bytes == 0
    assert len(load.containers) == MOST_CONTAINERS
