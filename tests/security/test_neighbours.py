"""One learner misbehaves: the others, the service and the machine don't notice."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from sandbox.errors import SandboxError
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

QUICK_S = 5.0
"""Long for a healthy sandbox on a busy machine, short for a learner who waits."""


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
    hold = "for number in $(seq 60); do exec {hold}<>/dev/tcp/127.0.0.1/65000; done; sleep 8"
    attack = asyncio.create_task(live.attempt(attacker, f"bash -c '{hold}'", time_limit_s=8))
    try:
        await asyncio.sleep(2)
        answer = await live.run(neighbour, "docker rmi hello-world; docker run --rm hello-world")
    finally:
        await attack

    assert "Hello from Docker!" in answer.output


async def test_a_pushed_image_reaches_nobody(live: Stage, attacker: str, neighbour: str) -> None:
    """What a learner builds under the name of a common image stays in their sandbox."""
    build = "printf 'FROM busybox\\nCMD echo POISONED\\n' | docker build -qt hello-world -"
    push = "docker tag hello-world 127.0.0.1:65000/library/hello-world; docker push -q $_"
    put = "curl -sX PUT -d x localhost:65000/v2/x"
    await live.run(attacker, f"{build} && {push}; {put}; docker ps")
    answer = await live.run(neighbour, "docker rmi hello-world; docker run --rm hello-world")

    assert "Hello from Docker!" in answer.output
    assert "POISONED" not in answer.output
    await live.run(attacker, "docker rmi -f hello-world 127.0.0.1:65000/library/hello-world")


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


async def test_a_bomb_that_starts_by_itself_can_be_taken_away(
    live: Stage, attacker: str, neighbour: str
) -> None:
    """A fork bomb with a restart policy comes back with its sandbox; a learner gets rid of it."""
    bomb = "bomb() { bomb | bomb & }; bomb; sleep 1000"
    async with live.serving(neighbour):
        start = f"docker run -d --name boom --restart=always busybox sh -c '{bomb}'"
        await live.attempt(attacker, start, time_limit_s=5)
        async with live.client() as client:
            await client.close(attacker)
        gone = await _taken_away(live, attacker, "boom")

    assert gone, "the bomb could not be removed"
    assert await live.comes_back(attacker)


async def _taken_away(live: Stage, learner: str, name: str) -> bool:
    """Whether `docker rm` works within half a minute, typed again and again as a learner does."""
    deadline = time.monotonic() + 30
    ask = f"docker rm -f {name} >/dev/null; docker ps -a --format '{{{{.Names}}}}' && echo LISTED"
    while time.monotonic() < deadline:
        answer = await live.attempt(learner, ask, time_limit_s=8)
        if answer is not None and "LISTED" in answer.output and name not in answer.output.split():
            return True
    return False
