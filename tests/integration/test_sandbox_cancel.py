"""Cancel on the real engine: nothing of a command line runs on, however it hides."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from sandbox.client import SandboxClient
from sandbox.contract import Ended, Output, RunEvent, RunRequest, Started
from sandbox.errors import ServiceDown
from tests.docker_fixtures import Outcome, ServiceProcess, run

pytestmark = pytest.mark.docker

COMPOSE = 'services: {web: {image: busybox, init: true, command: "sleep 999"}}'
SLOW_COMPOSE = (
    "services: {web: {image: busybox, "
    "command: sh -c \\\"trap 'sleep 4; echo tidied; exit 0' TERM; echo ready; "
    'while sleep 0.2; do :; done\\"}}'
)


async def cancelled(
    client: SandboxClient, learner: str, line: str, *, when: Callable[[str], bool] | None = None
) -> Outcome:
    """Run a line, and cancel it after a moment, or when its output is like this."""
    events: list[RunEvent] = []
    shown = ""
    async with asyncio.timeout(60), client.run(learner, RunRequest(line=line)) as running:
        async for event in running:
            events.append(event)
            if isinstance(event, Output):
                shown += event.text
            if isinstance(event, Started) and when is None:
                await asyncio.sleep(0.7)
                await running.cancel()
            elif when is not None and when(shown):
                await running.cancel()
    return Outcome(events)


@pytest.mark.parametrize(
    "line",
    [
        "sleep 1301",
        "setsid sleep 1301 & sleep 1301",
        "nohup sleep 1301 >/dev/null 2>&1 & wait",
        "(sh -c 'sh -c \"sleep 1301 &\" &') ; sleep 1301",
        "trap '' INT TERM HUP QUIT; sleep 1301; sleep 1301",
        "trap 'sleep 1301' INT; sleep 1301",
        "sh -c 'exec -a dockerd sleep 1301' || bash -c 'exec -a nsenter sleep 1301'",
        "while :; do setsid sh -c 'sleep 1301' & sleep 0.05; done",
        "yes | while read -r x; do :; done & sleep 1301",
    ],
)
async def test_no_process_hides(client: SandboxClient, learner: str, line: str) -> None:
    """Not in a session or a group of its own, not as an orphan, not by being deaf."""
    await client.open(learner)
    outcome = await cancelled(client, learner, line)
    # What is dead, and only not yet reaped, does not run.
    listing = "ps -eo stat,args | grep -v '^Z' | grep -c '[1]301\\|[y]es'"
    left = await run(client, learner, listing)

    assert (outcome.ended.cancelled, outcome.ended.exit_code) == (True, None)
    assert left.text == "0\n"


@pytest.mark.parametrize(
    "line",
    [
        "docker run --rm --name box busybox sleep 1302",
        "docker run --name box busybox sh -c 'trap \"\" INT TERM; sleep 1302 & wait'",
        "docker run -t --name box busybox top",
        "docker run --name box --init busybox sh -c 'while :; do date; sleep 1; done'",
    ],
)
async def test_no_container_in_the_foreground_runs_on(
    client: SandboxClient, learner: str, line: str
) -> None:
    """What runs in the background does."""
    await run(client, learner, "docker run -d --name kept busybox sleep 999")
    outcome = await cancelled(client, learner, line)
    await asyncio.sleep(0.3)
    facts = await client.facts(learner)

    assert outcome.ended.cancelled
    assert [c.name for c in facts.containers if c.status == "running"] == ["kept"]


async def test_no_program_of_an_exec_runs_on(client: SandboxClient, learner: str) -> None:
    """The container that it was started in does."""
    await run(client, learner, "docker run -d --name box busybox sleep 999")
    outcome = await cancelled(client, learner, "docker exec box sh -c 'sleep 1303; sleep 1303'")
    left = await run(client, learner, "docker exec box ps | grep -c '[1]303'")
    facts = await client.facts(learner)

    assert outcome.ended.cancelled
    assert left.text == "0\n"
    assert [c.status for c in facts.containers] == ["running"]


@pytest.mark.parametrize(
    "build", ["DOCKER_BUILDKIT=0 docker build .", "docker build --progress plain ."]
)
async def test_no_build_runs_on(client: SandboxClient, learner: str, build: str) -> None:
    """The step that ran is ended too, with the old builder and with BuildKit."""
    await run(client, learner, "docker pull busybox; mkdir b; cd b")
    await run(client, learner, "printf 'FROM busybox\\nRUN sleep 1304\\n' >Dockerfile")
    outcome = await cancelled(client, learner, build, when=lambda shown: "sleep 1304" in shown)
    await asyncio.sleep(1)
    left = await run(client, learner, "ps -eo args | grep -c '^[s]leep 1304'")

    assert outcome.ended.cancelled
    assert left.text == "0\n"


async def test_compose_stops_its_containers_and_says_so(
    client: SandboxClient, learner: str
) -> None:
    """One that needs four seconds gets them; so does the same one the second time."""
    await run(client, learner, "docker pull busybox; mkdir c; cd c")
    await run(client, learner, f'echo "{SLOW_COMPOSE}" >compose.yaml')
    for _ in range(2):
        outcome = await cancelled(
            client, learner, "docker compose up", when=lambda shown: "ready" in shown
        )
        log = await run(client, learner, "docker compose logs | tail -n 1")
        [container] = (await client.facts(learner)).containers

        assert outcome.ended.cancelled
        assert "Gracefully stopping" in outcome.text
        assert "Stopped" in outcome.text
        assert (container.status, container.exit_code) == ("exited", 0)
        assert "tidied" in log.text


async def test_the_time_limit_lets_compose_end_as_well(client: SandboxClient, learner: str) -> None:
    """It says which limit it was."""
    await run(client, learner, "docker pull busybox; mkdir c; cd c")
    await run(client, learner, f"echo '{COMPOSE}' >compose.yaml")
    outcome = await run(client, learner, "docker compose up", time_limit_s=4)
    [container] = (await client.facts(learner)).containers

    assert outcome.ended.limit == "time"
    assert "Gracefully stopping" in outcome.text
    assert container.status == "exited"


async def test_who_pretends_to_be_compose_wins_only_seconds(
    client: SandboxClient, learner: str
) -> None:
    """A deaf program of that name has its thirteen seconds; a flood does not get through then."""
    await client.open(learner)
    copy = "cp /bin/sleep /root/docker-compose; trap '' INT; /root/docker-compose 1305"
    async with asyncio.timeout(25):
        outcome = await cancelled(client, learner, copy)
    left = await run(client, learner, "ps -eo args | grep -c '[1]305'")

    assert isinstance(outcome.ended, Ended)
    assert left.text == "0\n"


async def test_nothing_of_a_line_outlives_the_service(
    client: SandboxClient, service: ServiceProcess, learner: str
) -> None:
    """Killed in the middle, it can't end anything any more: the sandbox does."""
    await client.open(learner)
    hiding = "trap '' INT HUP TERM; setsid sleep 1306 & nohup sleep 1306 & sleep 1306"
    with suppress(ServiceDown):
        async with client.run(learner, RunRequest(line=hiding)) as running:
            async for _ in running:
                await asyncio.sleep(0.5)
                service.stop(signal.SIGKILL)
    service.start()
    await asyncio.sleep(3)
    left = await run(client, learner, "ps -eo args | grep -c '^[s]leep 1306'")

    assert left.text == "0\n"
