"""What is told about a learner's engine is what it is, however it came to be so."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import SandboxClient
from sandbox.contract import EngineFacts
from sandbox.engine import DISK_LABEL, SANDBOX_LABEL
from sandbox.facts import FactsReader
from sandbox.home import Home
from sandbox.inside import SshInside
from sandbox.shell import Key
from tests.docker_fixtures import docker, run

pytestmark = pytest.mark.docker

STEPS = 100
OPERATIONS = (
    "docker run -d --name {a} busybox sleep 99",
    "docker run --name {a} busybox true",
    "docker run --rm busybox true",
    "docker run -d --rm --name {a} busybox sleep 99",
    "docker run -d --name {a} --health-cmd true --health-interval 1s busybox sleep 99",
    "docker run --name {a} -m 8m busybox sh -c 'x=a; while :; do x=$x$x; done'",
    "docker run -d --name {a} -p 8080:80 busybox sleep 99",
    "docker create --name {a} busybox true",
    "docker start {a}",
    "docker start -a {a}",
    "docker stop -t 0 {a}",
    "docker kill {a}",
    "docker restart -t 0 {a}",
    "docker pause {a}",
    "docker unpause {a}",
    "docker rename {a} {b}",
    "docker update --memory 64m --memory-swap 64m {a}",
    "docker update --restart on-failure:2 {a}",
    "docker rm {a}",
    "docker rm -f {a}",
    "docker exec {a} true",
    "docker wait $(docker ps -q --filter status=exited | head -1)",
    "docker container prune -f",
    "docker network create {a}",
    "docker network connect {a} {b}",
    "docker network disconnect -f {a} {b}",
    "docker network rm {a}",
    "docker network prune -f",
    "docker volume create {a}",
    "docker volume rm {a}",
    "docker volume prune -af",
    "docker run --rm -v {a}:/data busybox touch /data/{b}",
    "docker commit {a} {b}",
    "docker tag busybox {a}",
    "docker rmi {a}",
    "printf 'FROM busybox\nRUN echo {a}$RANDOM >/x\n' | docker build -q -",
    "printf 'FROM busybox\nLABEL of={a}\n' | docker build -q -t {a} -",
    "docker image prune -f",
    "docker builder prune -f",
)
NAMES = ("one", "two", "three")


@asynccontextmanager
async def looking(home: Path, learner: str) -> AsyncGenerator[SshInside]:
    """A way of our own into a sandbox that runs."""
    inside = SshInside(_socket_folder(Home(home), learner), Key.load_or_make(Home(home).key))
    await inside.connect()
    try:
        yield inside
    finally:
        await inside.close()


def _socket_folder(home: Home, learner: str) -> Path:
    """Of the sandbox that stands on the learner's disk."""
    disk = home.disk(learner).stat().st_ino
    form = f'{{{{.Label "{SANDBOX_LABEL}"}}}}'
    found = docker("ps", "--filter", f"label={DISK_LABEL}={disk}", "--format", form)
    return home.socket_folder(found.strip())


def settled(facts: EngineFacts) -> dict[str, Any]:
    """The facts without what passes by itself: probes of health run on while two readers look."""
    containers = [c.model_copy(update={"health": c.health and ""}) for c in facts.containers]
    return facts.model_copy(update={"containers": containers, "events": []}).model_dump()


async def test_kept_facts_are_those_of_a_first_look(
    client: SandboxClient, learner: str, home: Path
) -> None:
    """After any operation, and right after it: nothing stale is told."""
    chance = random.Random(4)  # the same operations each time
    await run(client, learner, "docker pull -q busybox")
    done: list[str] = []
    async with looking(home, learner) as keeping:
        for _ in range(STEPS):
            line = chance.choice(OPERATIONS)
            a, b = chance.sample(NAMES, 2)
            done.append(line.replace("{a}", a).replace("{b}", b))
            await run(client, learner, done[-1], time_limit_s=15)
            kept = await keeping.facts()
            async with looking(home, learner) as anew:
                assert settled(kept) == settled(await anew.facts()), done[-5:]
    assert len(kept.events) > 20


async def test_reading_after_a_command_is_quick(
    client: SandboxClient, learner: str, home: Path
) -> None:
    """Less than half of a first look, and hardly more for 20 containers that have ended."""
    await run(client, learner, "for n in 1 2 3; do docker run -d nginx; done")
    few, first = await _best_ms(client, learner, home)
    await run(client, learner, "for n in $(seq 20); do docker create busybox true; done")
    await run(client, learner, "docker start $(docker ps -aqf status=created)")
    await run(client, learner, "docker wait $(docker ps -aqf ancestor=busybox)")
    many, first_of_many = await _best_ms(client, learner, home)
    print(f"facts after docker ps: {few:.1f} ms with 3 containers, {many:.1f} ms with 20 more")
    print(f"a first look: {first:.1f} ms and {first_of_many:.1f} ms")

    assert few <= first / 2
    assert many <= first_of_many / 2
    assert many <= few * 2


async def _best_ms(client: SandboxClient, learner: str, home: Path) -> tuple[float, float]:
    """How long facts take after a command: what is kept up to date, and a first look.

    The best of many: on a busy machine, the others tell about the machine.
    """
    kept, first = [], []
    async with looking(home, learner) as inside:
        await inside.facts()
        for _ in range(20):
            await run(client, learner, "docker ps")
            kept.append(await _ms(inside.facts()))
            reader = FactsReader(inside._api)
            first.append(await _ms(reader.read(client_version="")))
    return min(kept), min(first)


async def _ms(facts: Awaitable[EngineFacts]) -> float:
    started = time.perf_counter()
    await facts
    return (time.perf_counter() - started) * 1000


async def test_ends_and_memory_kills_are_told(client: SandboxClient, learner: str) -> None:
    """How each container ended, and which one ran out of memory."""
    await run(client, learner, "docker run --name bad busybox sh -c 'exit 3'")
    await run(
        client,
        learner,
        "docker run --name hungry -m 16m busybox sh -c 'x=a; while :; do x=$x$x; done'",
        time_limit_s=30,
    )
    facts = await client.facts(learner)

    ends = {event.name: event.exit_code for event in facts.events if event.action == "die"}
    assert ends["bad"] == 3
    assert ends["hungry"] == 137
    assert [kill.container for kill in facts.oom_kills] == ["hungry"]
    assert facts.limits is not None
    assert facts.limits.memory_bytes == 1024 * 2**20


SHOP = "services: {web: {image: nginx}, db: {image: busybox, command: sleep 99}}"


async def test_a_compose_project_is_told(client: SandboxClient, learner: str) -> None:
    """Its services, and the containers that stand for them."""
    await run(client, learner, f"mkdir shop && cd shop && echo '{SHOP}' >compose.yaml")
    await run(client, learner, "docker compose up -d")
    [project] = (await client.facts(learner)).compose_projects

    assert (project.name, project.services) == ("shop", ["db", "web"])
    assert project.containers == ["shop-db-1", "shop-web-1"]


async def test_what_takes_room_is_told_when_asked(client: SandboxClient, learner: str) -> None:
    """A container, a volume and an image each take what was written."""
    await run(
        client,
        learner,
        "docker run -v data:/data busybox sh -c "
        "'head -c 3000000 /dev/urandom >/data/x; head -c 2000000 /dev/urandom >/x'",
    )
    facts = await client.facts(learner, usage=True)

    assert (await client.facts(learner)).usage is None
    assert facts.usage is not None
    assert facts.usage.images_bytes > 1_000_000
    assert 3_000_000 <= facts.usage.volumes_bytes < 4_000_000
    assert 2_000_000 <= facts.usage.containers_bytes < 3_000_000
    assert 5_000_000 < facts.usage.disk_used_bytes < facts.usage.disk_size_bytes < 2**31


async def test_an_engine_that_was_killed_is_read_anew(
    client: SandboxClient, learner: str, home: Path
) -> None:
    """What ran has ended with it, and nothing of the old engine is believed."""
    await run(client, learner, "docker run -d --name web busybox sleep 99; docker run busybox true")
    async with looking(home, learner) as inside:
        before = await inside.facts()
        await run(
            client, learner, "kill -9 $(pidof dockerd containerd); until docker ps; do :; done"
        )
        after = await inside.facts()
        async with looking(home, learner) as anew:
            first = await anew.facts()

    assert {c.name: c.status for c in before.containers}["web"] == "running"
    assert settled(after)["containers"] == settled(first)["containers"]
    assert after.version == before.version


async def test_two_readers_at_once_get_the_same(client: SandboxClient, learner: str) -> None:
    """They wait for each other, and neither gets half of it."""
    await run(client, learner, "docker run -d --name web busybox sleep 99")
    first, second = await asyncio.gather(client.facts(learner), client.facts(learner))

    assert first == second
