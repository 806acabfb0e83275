"""One learner misbehaves: the others, the service and the machine don't notice."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from sandbox.errors import SandboxError
from tests.security.stage import Answer, Stage

pytestmark = pytest.mark.docker

QUICK_S = 5.0
"""Long for a healthy sandbox on a busy machine, short for a learner who waits."""

FORK_BOMB = "bomb() { bomb | bomb & }; bomb"
HOGS = {
    "fork bomb in the shell": FORK_BOMB,
    "fork bomb in a container": f"docker run --rm busybox sh -c '{FORK_BOMB}; sleep 20'",
    "memory in the shell": "tail /dev/zero",
    "memory in containers": (
        "for number in 1 2 3 4; do docker run -d --name hog$number busybox tail /dev/zero; done; "
        "sleep 8; docker rm -f hog1 hog2 hog3 hog4"
    ),
    "memory in files": "dd if=/dev/zero of=/dev/shm/fill bs=1M; dd if=/dev/zero of=/tmp/fill bs=1M",
    "disk": "dd if=/dev/zero of=/root/fill bs=1M; sleep 3; rm /root/fill",
    "processors": "for number in 1 2 3 4 5 6; do while :; do :; done & done; sleep 8",
    "namespaces": "for number in $(seq 600); do unshare -rn sleep 8 & done; wait",
    "kill everything": "kill -9 -1",
    "sync": "for number in $(seq 300); do sync & done; wait",
}


@pytest.mark.parametrize("hog", HOGS)
async def test_a_hog_leaves_the_others_alone(
    live: Stage, attacker: str, neighbour: str, hog: str
) -> None:
    """While one sandbox is used up, a neighbour and the service answer; then it works again too."""
    attack = asyncio.create_task(_try(live, attacker, HOGS[hog]))
    try:
        await asyncio.sleep(2)
        answer = await live.run(neighbour, "docker ps --format '{{.Names}}'; curl -s localhost")
        async with live.client() as client:
            health = await client.health()
    finally:
        await attack

    assert answer.output.startswith("web\n"), answer
    assert "Welcome to nginx!" in answer.output
    assert answer.took_s < QUICK_S
    assert health.engine
    assert await _comes_back(live, attacker), "the sandbox of the attacker did not come back"


async def test_both_have_their_own_port_80(live: Stage, attacker: str, neighbour: str) -> None:
    """Published ports and containers are each learner's own."""
    await live.run(attacker, "docker rm -f web; docker run -d --name mine -p 80:80 httpd")
    answer = await live.run(attacker, "docker ps --format '{{.Names}}'; sleep 1; curl -s localhost")
    theirs = await live.run(neighbour, "docker ps --format '{{.Names}}'; curl -s localhost")

    assert answer.output.startswith("mine\n")
    assert "It works!" in answer.output
    assert theirs.output.startswith("web\n")
    assert "Welcome to nginx!" in theirs.output
    await live.run(attacker, "docker rm -f mine")


async def test_a_learner_who_holds_the_mirror_holds_it_for_themselves(
    live: Stage, attacker: str, neighbour: str
) -> None:
    """Idle connections to the mirror are counted for each sandbox, so a neighbour still pulls."""
    hold = "for number in $(seq 60); do exec {hold}<>/dev/tcp/127.0.0.1/5000; done; sleep 8"
    attack = asyncio.create_task(_try(live, attacker, f"bash -c '{hold}'"))
    try:
        await asyncio.sleep(2)
        answer = await live.run(neighbour, "docker rmi hello-world; docker run --rm hello-world")
    finally:
        await attack

    assert "Hello from Docker!" in answer.output


async def test_a_pushed_image_reaches_nobody(live: Stage, attacker: str, neighbour: str) -> None:
    """What a learner builds under the name of a common image stays in their sandbox."""
    build = "printf 'FROM busybox\\nCMD echo POISONED\\n' | docker build -qt hello-world -"
    push = "docker tag hello-world 127.0.0.1:5000/library/hello-world; docker push -q $_"
    await live.run(attacker, f"{build} && {push}; curl -sX PUT -d x localhost:5000/v2/x; docker ps")
    answer = await live.run(neighbour, "docker rmi hello-world; docker run --rm hello-world")

    assert "Hello from Docker!" in answer.output
    assert "POISONED" not in answer.output
    await live.run(attacker, "docker rmi -f hello-world 127.0.0.1:5000/library/hello-world")


async def test_a_flood_of_output_is_cut(live: Stage, attacker: str, neighbour: str) -> None:
    """Endless output ends at its limit, and nobody waits for it."""
    answer = await live.run(attacker, "docker run --rm busybox yes")

    assert answer.limit in {"output", "lines"}
    assert len(answer.output) <= 300_000
    assert (await live.run(neighbour, "docker ps -q")).took_s < QUICK_S
    # The container is the learner's, as it is when somebody closes a terminal: they can end it.
    assert (await live.run(attacker, "docker rm -f $(docker ps -q); pgrep yes")).exit_code == 1


async def test_a_stopped_shell_is_ended(live: Stage, attacker: str) -> None:
    """A learner's shell that stops itself is ended at its time limit, and the next one works."""
    answer = await live.run(attacker, "kill -STOP $$; echo never", time_limit_s=2)

    assert answer.limit == "time"
    assert answer.took_s < 2 + QUICK_S
    assert (await live.run(attacker, "echo works")).output == "works\n"


async def test_a_command_that_ran_too_long_leaves_nothing_behind(
    live: Stage, attacker: str
) -> None:
    """After a time-out no process of the command goes on using the processor."""
    line = "(setsid sh -c 'while :; do sleep 1; done' &) ; sleep 3600"
    answer = await live.run(attacker, line, time_limit_s=2)
    left = await live.run(attacker, "pgrep -f 'while :; do' | grep -v $$; pgrep -f 'sleep 3600'")

    assert answer.limit == "time"
    assert left.output.split() in ([], [left.output.strip()]), left.output


async def test_bytes_that_are_no_text_arrive_as_text(live: Stage, attacker: str) -> None:
    """Output that is not UTF-8 costs neither the rest of it nor the exit code."""
    answer = await live.run(attacker, "printf 'before\\377\\376after\\n'; exit 9")

    assert answer.output == "before��after\n"
    assert answer.exit_code == 9


async def test_a_replaced_engine_socket_leads_nowhere(live: Stage, attacker: str) -> None:
    """Facts are read inside the sandbox, so a link to a socket of the host's finds none there."""
    replace = "mv /run/docker.sock /run/old; ln -s /var/run/docker.sock.host /run/docker.sock"
    # The service may hold a stream to the engine, through the socket that was there before.
    await live.run(attacker, f"{replace}; pkill -f UNIX-CONNECT:/run/docker.sock")
    async with live.client() as client:
        with pytest.raises(SandboxError):
            await client.facts(attacker)
        await client.reset(attacker)
        facts = await client.facts(attacker)

    assert facts.containers == []


async def test_planted_links_lead_nowhere(live: Stage, attacker: str) -> None:
    """A disk whose folders became links harms its own learner only, and a reset mends it."""
    replace = "mv $name $name.old; ln -s /etc $name"
    line = f"cd /srv; for name in docker containerd home; do {replace}; done; ls -l"
    await live.run(attacker, line)
    async with live.client() as client:
        await client.close(attacker)
        with suppress(SandboxError):
            await client.open(attacker)
        await client.reset(attacker)

    assert (await live.run(attacker, "docker ps")).exit_code == 0


@pytest.mark.parametrize("state", ["pause", "kill -s STOP"])
async def test_frozen_processes_do_not_keep_a_sandbox_from_ending(
    live: Stage, attacker: str, state: str
) -> None:
    """A paused container would survive every signal on cgroup v1; the keeper thaws it."""
    await live.run(attacker, "docker run -d --name frozen busybox sleep 1000; docker ps")
    await live.run(attacker, f"docker {state} frozen")
    container = live.container(attacker)
    started = time.monotonic()
    async with live.client() as client:
        await client.close(attacker)

    assert container
    assert time.monotonic() - started < 15
    assert (await live.run(attacker, "docker rm -f frozen")).exit_code == 0


async def _try(live: Stage, learner: str, line: str) -> Answer | None:
    """An attack may end the sandbox it runs in: that is the attacker's own loss."""
    try:
        return await live.run(learner, line, time_limit_s=15)
    except AssertionError:
        return None


async def _comes_back(live: Stage, learner: str) -> bool:
    """Whether the sandbox works again within half a minute, with what was on its disk."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = await _try(live, learner, "docker image inspect busybox >/dev/null && echo works")
        if answer is not None and answer.output.endswith("works\n"):
            return True
        await asyncio.sleep(1)
    return False
