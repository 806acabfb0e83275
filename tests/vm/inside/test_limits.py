"""The limits of a sandbox hold under cgroup v2, and the kernel's own counters say so."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from ops.docker_cli import docker
from sandbox.client import SandboxClient
from tests.docker_fixtures import LIMITS, run
from tests.security.stage import Stage
from tests.vm.inside.conftest import DISK_MIB

MIB = 1024**2
LONGEST_S = 300
FORK_BOMB = "bomb() { bomb | bomb & }; bomb; sleep 30"
BUSY = "for number in 1 2 3; do timeout 20 sh -c 'while :; do :; done' & done; wait"


def _cgroup(live: Stage, learner: str) -> Path:
    """The cgroup that the host's engine made for a learner's sandbox."""
    pid = docker(["inspect", "--format", "{{.State.Pid}}", live.container(learner)])
    tree = Path(f"/proc/{pid}/cgroup").read_text(encoding="ascii").strip().removeprefix("0::/")
    scope = next(part for part in tree.split("/") if part.endswith(".scope"))
    return Path("/sys/fs/cgroup", tree.partition(scope)[0], scope)


def _counters(file: Path) -> dict[str, int]:
    lines = file.read_text(encoding="ascii").splitlines()
    return {name: int(value) for name, value in (line.split() for line in lines)}


async def test_the_cgroup_says_what_was_set(live: Stage, learner: str) -> None:
    """Memory without swap, processes, processor time: below docent.slice, on the sandbox's own."""
    await live.run(learner, "true", time_limit_s=LONGEST_S)
    cgroup = _cgroup(live, learner)

    assert "docent.slice" in cgroup.parts
    assert int((cgroup / "memory.max").read_text()) == int(LIMITS["MEMORY_MIB"]) * MIB
    assert (cgroup / "memory.swap.max").read_text().strip() == "0"
    assert int((cgroup / "pids.max").read_text()) == int(LIMITS["PIDS"])
    assert (cgroup / "cpu.max").read_text().split() == ["100000", "100000"]


async def test_a_container_out_of_memory_is_killed_and_seen(
    client: SandboxClient, live: Stage, learner: str
) -> None:
    """The limit that a learner sets ends the container, and the facts tell why."""
    line = "docker rm -f hungry; docker run --name hungry -m 32m busybox tail /dev/zero"
    outcome = await run(client, learner, line, time_limit_s=LONGEST_S)
    facts = await client.facts(learner)
    hungry = next(found for found in facts.containers if found.name == "hungry")

    assert outcome.ended.exit_code == 137
    assert hungry.oom_killed
    assert _counters(_cgroup(live, learner) / "memory.events")["oom_kill"] >= 1


async def test_a_sandbox_out_of_memory_stays_below_its_limit(live: Stage, learner: str) -> None:
    """What asks for more than the sandbox has is ended; the engine in it goes on."""
    answer = await live.run(learner, "tail /dev/zero; docker ps -q", time_limit_s=LONGEST_S)
    peak = int((_cgroup(live, learner) / "memory.peak").read_text())

    assert answer.output is not None
    assert peak <= int(LIMITS["MEMORY_MIB"]) * MIB
    after = await live.run(learner, "docker ps -q && echo ALIVE", time_limit_s=LONGEST_S)
    assert after.output.endswith("ALIVE\n")


async def test_a_fork_bomb_is_bounded(live: Stage, learner: str) -> None:
    """The kernel refuses processes beyond the limit, and the sandbox works afterwards."""
    bomb = asyncio.create_task(live.run(learner, FORK_BOMB, time_limit_s=20))
    most = 0
    cgroup = _cgroup(live, learner)
    while not bomb.done():
        most = max(most, int((cgroup / "pids.current").read_text()))
        await asyncio.sleep(0.5)
    await bomb
    after = await live.run(learner, "echo fine", time_limit_s=LONGEST_S)

    assert 100 < most <= int(LIMITS["PIDS"])
    assert after.output == "fine\n"


async def test_processors_are_shared_out(live: Stage, learner: str) -> None:
    """Three busy programs get the one processor that the sandbox has, on a machine with two."""
    cgroup = _cgroup(live, learner)
    before, started = _counters(cgroup / "cpu.stat"), time.monotonic()
    await live.run(learner, BUSY, time_limit_s=LONGEST_S)
    used_s = (_counters(cgroup / "cpu.stat")["usage_usec"] - before["usage_usec"]) / 1e6
    throttled = _counters(cgroup / "cpu.stat")["nr_throttled"] - before["nr_throttled"]

    assert throttled > 0
    assert used_s <= (time.monotonic() - started) * 1.1


async def test_a_full_disk_is_said_and_costs_the_host_no_more(live: Stage, learner: str) -> None:
    """No space left, the engine answers, and the file on the host is not larger than agreed."""
    line = "dd if=/dev/zero of=/root/fill bs=1M; docker ps -q >/dev/null && echo ALIVE"
    answer = await live.run(learner, line, time_limit_s=LONGEST_S)
    used = sum(file.stat().st_blocks * 512 for file in (live.home.root / "disks").iterdir())
    await live.run(learner, "rm -f /root/fill", time_limit_s=LONGEST_S)

    assert "No space left on device" in answer.output
    assert answer.output.endswith("ALIVE\n")
    assert used <= (DISK_MIB + 16) * MIB
