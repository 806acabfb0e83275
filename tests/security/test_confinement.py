"""What the host sees of a sandbox and of the mirror: nothing that could do harm if taken over."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ops.docker_cli import docker
from ops.registry import REGISTRY_UID, container_name
from sandbox.apparmor import PROFILE, is_loaded
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

CAPABILITY_SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
UID_STEP = 131_072


def _inspect(container: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker(["inspect", container]))[0]
    return found


def _processes(container: str) -> list[int]:
    """All processes of a container, by the ids that the host has for them."""
    table = docker(["top", container, "-eo", "pid"]).split()
    return [int(pid) for pid in table if pid.isdigit()]


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _user_namespace(pid: int | str) -> str:
    return str(Path(f"/proc/{pid}/ns/user").readlink())


async def test_no_process_has_a_capability_in_the_hosts_namespace(
    live: Stage, attacker: str
) -> None:
    """Who is in the host's user namespace is not root, and gave everything up for good."""
    outside = [
        pid
        for pid in _processes(live.container(attacker))
        if _user_namespace(pid) == _user_namespace("self")
    ]

    assert outside, "the keeper should be there"
    for pid in outside:
        status = _status(pid)
        assert {status[name] for name in CAPABILITY_SETS} == {"0" * 16}, status
        assert status["NoNewPrivs"] == "1"
        assert status["Uid"].split()[0] != "0"


async def test_every_process_is_filtered_and_in_the_learners_range(
    live: Stage, attacker: str, neighbour: str
) -> None:
    """Each sandbox has uids of its own, and the seccomp filter is on each of its processes."""
    ranges = []
    for learner in (attacker, neighbour):
        pids = _processes(live.container(learner))
        uids = {int(_status(pid)["Uid"].split()[0]) for pid in pids}
        assert len({uid // UID_STEP for uid in uids}) == 1
        assert {_status(pid)["Seccomp"] for pid in pids} == {"2"}
        ranges.append(min(uids) // UID_STEP)

    assert ranges[0] != ranges[1]
    assert 0 not in ranges


async def test_every_process_wears_our_profile_where_it_is_loaded(
    live: Stage, attacker: str
) -> None:
    """Keeper, engine and containers are confined by AppArmor, if this machine has the profile."""
    if not is_loaded(PROFILE):
        pytest.skip("the AppArmor profile is not loaded on this machine")
    await live.run(attacker, "docker run -d --rm busybox sleep 20")
    pids = _processes(live.container(attacker))
    worn = {Path(f"/proc/{pid}/attr/current").read_text(encoding="ascii").strip() for pid in pids}

    assert worn == {f"{PROFILE} (enforce)"}


async def test_the_container_has_no_privilege_network_or_socket(live: Stage, attacker: str) -> None:
    """Nothing of the host but the disk, the socket folder and the mirror is in the container."""
    found = _inspect(live.container(attacker))
    host = found["HostConfig"]

    assert not host["Privileged"]
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"]
    assert {mount["Destination"] for mount in found["Mounts"]} == {"/disk.img", "/sock", "/mirror"}
    assert host["Memory"] == host["MemorySwap"] > 0
    assert host["PidsLimit"] > 0
    assert host["NanoCpus"] > 0


async def test_no_loop_node_is_left(live: Stage, attacker: str) -> None:
    """After the start the container has no node of a block device, not even of its own disk."""
    root = Path(f"/proc/{_inspect(live.container(attacker))['State']['Pid']}/root")

    assert [path for path in (root / "dev").iterdir() if path.is_block_device()] == []


async def test_closing_gives_the_loop_device_back(live: Stage, attacker: str) -> None:
    """A stopped sandbox holds no device of the host's."""
    await live.run(attacker, "docker ps")
    disk = live.home.disk(attacker)
    assert len(_loop_devices_of(disk)) == 1
    async with live.client() as client:
        await client.close(attacker)

    assert _loop_devices_of(disk) == []


async def test_the_mirror_can_harm_nobody(live: Stage, attacker: str) -> None:
    """The registry runs without privileges, network, or a way to change what it serves."""
    found = _inspect(container_name(live.home.root))
    host = found["HostConfig"]

    assert found["Config"]["User"] == f"{REGISTRY_UID}:{REGISTRY_UID}"
    assert host["CapDrop"] == ["ALL"]
    assert host["ReadonlyRootfs"]
    assert host["NetworkMode"] == "none"
    writable = {mount["Destination"] for mount in found["Mounts"] if mount["RW"]}
    assert writable == {"/mirror"}


def _loop_devices_of(disk: Path) -> list[str]:
    """The host's loop devices that have this file; by inode, whatever name it was given by."""
    command = ["losetup", "--associated", str(disk)]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=10
    ).stdout.splitlines()
