"""Sandboxes on the real engine, through the real client and service."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from sandbox.client import SandboxClient
from sandbox.contract import Ended, Queued, RunEvent, RunRequest, Started
from sandbox.errors import HostEngineDown, SandboxGone, ServiceDown, StartFailed
from sandbox.opening import ENDING_S
from tests.docker_fixtures import ServiceProcess, docker, new_home, new_learner, run

pytestmark = pytest.mark.docker


async def test_a_first_command_opens_a_sandbox_with_a_real_engine(
    client: SandboxClient, learner: str
) -> None:
    """Whoever types docker version for the first time gets the answer of an engine of their own."""
    outcome = await run(client, learner, "docker version --format '{{.Server.Version}}'")

    assert isinstance(outcome.events[0], Started)
    assert outcome.events[0].opened_in_ms
    assert outcome.text.startswith("26.")
    assert outcome.ended.exit_code == 0


async def test_opening_is_quick_and_safe_to_repeat(client: SandboxClient, learner: str) -> None:
    """The second open changes nothing, and says that the disk is not new."""
    first = await client.open(learner)
    second = await client.open(learner)

    assert (first.state, first.fresh) == ("running", True)
    assert (second.state, second.fresh, second.opened_in_ms) == ("running", False, 0)


async def test_the_working_directory_lasts(client: SandboxClient, learner: str) -> None:
    """A cd holds for the next command lines, also after a line that ends with exit or fails."""
    await run(client, learner, "mkdir -p /root/web && cd /root/web")
    after_exit = await run(client, learner, "exit 3")
    broken = await run(client, learner, "echo 'no end")
    where = await run(client, learner, "pwd")

    assert after_exit.ended.exit_code == 3
    assert broken.ended.exit_code == 2
    assert "nterminated quoted string" in broken.text
    assert where.text == "/root/web\n"
    assert where.ended.directory == "/root/web"


async def test_a_folder_that_is_gone_does_not_lock_a_learner_out(
    client: SandboxClient, learner: str
) -> None:
    """Who removes the folder they are in goes on in their home."""
    await run(client, learner, "mkdir /root/x && cd /root/x && rmdir /root/x")
    where = await run(client, learner, "pwd")

    assert "/root/x is gone" in where.text
    assert where.text.endswith("/root\n")


async def test_what_an_idle_stop_ended_is_named_with_the_next_command(
    client: SandboxClient, learner: str
) -> None:
    """What was running; not what the learner had stopped, nor what starts again by itself."""
    await run(client, learner, "docker run -d --name old busybox sleep 999; docker kill old")
    await asyncio.sleep(ENDING_S + 1)  # long enough before the end
    lines = ("--name web", "--name db", "--name again --restart always")
    for options in lines:
        await run(client, learner, f"docker run -d {options} busybox sleep 999")
    await client.close(learner)
    first = await run(client, learner, "docker ps -q")
    second = await run(client, learner, "docker start web db")

    assert isinstance(first.events[0], Started)
    assert sorted(first.events[0].lost) == ["db", "web"]
    assert isinstance(second.events[0], Started)
    assert second.events[0].lost == []
    assert second.ended.exit_code == 0


async def test_what_a_crash_ended_is_named_too(client: SandboxClient, learner: str) -> None:
    """Nobody could note anything when it happened."""
    await run(client, learner, "docker run -d --name web busybox sleep 999")
    docker("kill", _container_of(learner))
    first = await run(client, learner, "docker ps -q")

    assert isinstance(first.events[0], Started)
    assert first.events[0].lost == ["web"]


async def test_output_and_error_output_come_in_order(client: SandboxClient, learner: str) -> None:
    """Both streams are one, as on a terminal."""
    outcome = await run(client, learner, "echo 1; echo 2 >&2; echo 3; echo 4 >&2")

    assert outcome.text == "1\n2\n3\n4\n"


async def test_pipes_and_substitution_work(client: SandboxClient, learner: str) -> None:
    """The line runs under sh, with everything that it can."""
    outcome = await run(client, learner, 'x=$(echo a b | tr a-z A-Z); echo "${x#* }" | cat')

    assert outcome.text == "B\n"


async def test_commands_of_one_learner_wait_for_each_other(
    client: SandboxClient, learner: str
) -> None:
    """The second is told how many are ahead, and starts when the first has ended."""
    await client.open(learner)
    ended: list[str] = []

    async def play(name: str, line: str) -> list[RunEvent]:
        outcome = await run(client, learner, line)
        ended.append(name)
        return outcome.events

    first = asyncio.create_task(play("first", "sleep 0.5"))
    await asyncio.sleep(0.2)
    second = await play("second", "true")
    await first

    assert second[0] == Queued(ahead=1)
    assert ended == ["first", "second"]


async def test_learners_do_not_wait_for_each_other(client: SandboxClient, learner: str) -> None:
    """A long command of one leaves the other's quick."""
    other = new_learner()
    await asyncio.gather(client.open(learner), client.open(other))
    long = asyncio.create_task(run(client, learner, "sleep 3"))
    started = time.monotonic()
    await run(client, other, "echo quick")
    took = time.monotonic() - started
    long.cancel()
    await asyncio.gather(long, return_exceptions=True)
    await client.close(other)

    assert took < 1


async def test_cancel_ends_all_that_a_command_started(client: SandboxClient, learner: str) -> None:
    """Nothing of it runs on, not even what ignores signals or hides in the background."""
    await client.open(learner)
    line = (
        "trap '' INT TERM HUP; (trap '' INT TERM HUP; sleep 1001 & setsid sleep 1002) & sleep 1003"
    )
    events = []
    async with client.run(learner, RunRequest(line=line)) as running:
        async for event in running:
            events.append(event)
            if isinstance(event, Started):
                await asyncio.sleep(0.3)
                await running.cancel()
    left = await run(client, learner, "ps ax | grep -c '[s]leep 100'")

    last = events[-1]
    assert isinstance(last, Ended)
    assert last.cancelled
    assert last.exit_code is None
    assert left.text == "0\n"


async def test_a_caller_that_goes_away_ends_its_command(
    client: SandboxClient, learner: str
) -> None:
    """A bot that is restarted leaves nothing running behind it."""
    await client.open(learner)
    async with client.run(learner, RunRequest(line="sleep 1004")) as running:
        async for _ in running:
            break
    await asyncio.sleep(0.3)
    left = await run(client, learner, "ps ax | grep -c '[s]leep 1004'")

    assert left.text == "0\n"


async def test_the_time_limit_ends_a_command(client: SandboxClient, learner: str) -> None:
    """It says which limit it was, and the next command runs as if nothing had been."""
    await client.open(learner)
    outcome = await run(client, learner, "echo begun; sleep 60", time_limit_s=0.5)
    after = await run(client, learner, "echo fine")

    assert outcome.text == "begun\n"
    assert outcome.ended.limit == "time"
    assert outcome.ended.exit_code is None
    assert 400 <= outcome.ended.took_ms < 3000
    assert after.text == "fine\n"


@pytest.mark.parametrize(
    ("line", "limit"),
    [("yes", "lines"), ("cat /dev/zero | tr '\\0' x", "output"), ("yes '' | head -9999", "lines")],
)
async def test_endless_output_is_cut(
    client: SandboxClient, learner: str, line: str, limit: str
) -> None:
    """A flood ends at the limit, quickly, and the next command runs."""
    outcome = await run(client, learner, line, output_limit_bytes=100_000)
    after = await run(client, learner, "echo fine")

    assert outcome.ended.limit == limit
    assert len(outcome.text) <= 100_000
    assert outcome.ended.took_ms < 5000
    assert after.text == "fine\n"


async def test_a_flood_from_a_container_ends(client: SandboxClient, learner: str) -> None:
    """docker run busybox yes ends at the limit, and so does the container behind it."""
    line = "docker run -d --name kept busybox sleep 99; docker run --name flood busybox yes"
    outcome = await run(client, learner, line, time_limit_s=30)
    facts = await client.facts(learner)

    assert outcome.ended.limit in ("lines", "output")
    assert {c.name: c.status for c in facts.containers} == {"flood": "exited", "kept": "running"}


async def test_a_slow_reader_does_not_make_the_service_grow(
    client: SandboxClient, service: ServiceProcess, learner: str
) -> None:
    """Output that nobody takes stays in the sandbox."""
    await client.open(learner)
    before = psutil.Process(service.pid).memory_info().rss
    request = RunRequest(line="yes " + "x" * 1000, output_limit_bytes=1_048_576, time_limit_s=5)
    async with client.run(learner, request):
        await asyncio.sleep(2)
        after = psutil.Process(service.pid).memory_info().rss

    assert after - before < 16_000_000


async def test_binary_output_comes_as_text(client: SandboxClient, learner: str) -> None:
    """Bytes that are no UTF-8 are replaced, and a letter cut in two is put together."""
    broken = await run(client, learner, r"printf '\377\376a\0b'")
    halves = await run(client, learner, r"printf '\354\225'; sleep 0.2; printf '\210'")
    random = await run(client, learner, "head -c 100000 /dev/urandom")

    assert broken.text == "\ufffd\ufffda\0b"
    assert halves.text == "안"
    assert random.ended.exit_code == 0


async def test_a_command_that_waits_for_input_gets_its_end(
    client: SandboxClient, learner: str
) -> None:
    """There is no input: cat ends at once instead of waiting for ever."""
    outcome = await run(client, learner, "cat; echo over; read x; echo $?")

    assert outcome.text == "over\n1\n"
    assert outcome.ended.took_ms < 2000


async def test_a_long_line_of_korean_arrives_whole(client: SandboxClient, learner: str) -> None:
    """4,000 letters, 12,000 bytes, and a line of several lines."""
    letters = "가나다라" * 1000
    outcome = await run(client, learner, f"printf %s '{letters}' | wc -m")
    echoed = await run(client, learner, f"printf '%s\n' '{letters}'\necho '두 번째 줄'")

    assert outcome.text.strip() == "4000"
    assert echoed.text == letters + "\n두 번째 줄\n"


async def test_a_line_that_breaks_the_contract_is_refused(
    client: SandboxClient, learner: str
) -> None:
    """Too long, or with a NUL: nothing is run."""
    too_long = await run(client, learner, "echo " + "x" * 17_000)
    with_nul = await run(client, learner, "echo \0")

    assert too_long.failed.error == "bad_request"
    assert with_nul.failed.error == "bad_request"


async def test_facts_tell_what_docker_run_did(client: SandboxClient, learner: str) -> None:
    """Container, image, port and network as the learner named them; gone after docker rm."""
    await run(client, learner, "docker run -d -p 80:80 --name hellonginx nginx")
    facts = await client.facts(learner)
    page = await client.page(learner, 80)
    await run(client, learner, "docker rm -f hellonginx")
    after = await client.facts(learner)

    [container] = facts.containers
    assert (container.name, container.image, container.status) == ("hellonginx", "nginx", "running")
    assert [(port.container_port, port.host_port) for port in container.ports] == [(80, 80)]
    assert container.networks["bridge"].startswith("172.")
    assert any("nginx:latest" in image.tags for image in facts.images)
    assert facts.version.client.startswith("26.")
    assert facts.version.server.startswith("26.")
    assert next(n for n in facts.networks if n.name == "bridge").containers == ["hellonginx"]
    assert (page.status, page.title) == (200, "Welcome to nginx!")
    assert after.containers == []


async def test_a_stopped_container_still_shows_what_was_asked(
    client: SandboxClient, learner: str
) -> None:
    """A container that doesn't run keeps its ports, limits, exit code and mounts."""
    line = (
        "docker create --name made -p 8080:80 -m 64m --cpus 0.5 --restart always -e A=1 "
        "-v data:/data:ro --label x=y busybox sh -c 'exit 3'"
    )
    outcome = await run(client, learner, line)
    assert outcome.ended.exit_code == 0, outcome.text
    facts = await client.facts(learner)

    [container] = facts.containers
    assert container.status == "created"
    assert [(p.container_port, p.host_port) for p in container.ports] == [(80, 8080)]
    assert container.memory_bytes == 64 * 1024 * 1024
    assert container.nano_cpus == 500_000_000
    assert container.restart_policy == "always"
    assert "A=1" in container.env
    assert container.labels["x"] == "y"
    assert container.command == ["sh", "-c", "exit 3"]
    [mount] = container.mounts
    assert (mount.type, mount.name, mount.target, mount.writable) == (
        "volume",
        "data",
        "/data",
        False,
    )
    assert [volume.name for volume in facts.volumes] == ["data"]


async def test_a_port_that_answers_nothing_is_an_answer(
    client: SandboxClient, learner: str
) -> None:
    """Nobody there, and somebody who says nothing sensible."""
    await client.open(learner)
    refused = await client.page(learner, 81)
    await run(client, learner, "docker run -d --name odd -p 82:82 busybox nc -lk -p 82 -e echo hm")
    odd = await client.page(learner, 82)

    assert (refused.status, refused.problem) == (None, "refused")
    assert odd.status is None
    assert odd.problem in ("protocol", "empty")


async def test_two_learners_both_publish_port_80(client: SandboxClient, learner: str) -> None:
    """Each has their own ports and sees their own containers only."""
    other = new_learner()
    for who, name in ((learner, "mine"), (other, "theirs")):
        outcome = await run(
            client, who, f"docker run -d -p 80:80 --name {name} nginx", time_limit_s=60
        )
        assert outcome.ended.exit_code == 0, outcome.text
    mine, theirs = await client.facts(learner), await client.facts(other)
    await client.close(other)

    assert [c.name for c in mine.containers] == ["mine"]
    assert [c.name for c in theirs.containers] == ["theirs"]


async def test_close_keeps_the_disk_and_reset_does_not(client: SandboxClient, learner: str) -> None:
    """Images and files survive a close; after a reset all is as new."""
    await run(client, learner, "docker pull hello-world; echo kept > /root/note")
    await client.close(learner)
    kept = await run(client, learner, "cat /root/note; docker images --format '{{.Repository}}'")
    reset = await client.reset(learner)
    after = await run(client, learner, "cat note; docker images -q; pwd")

    assert kept.text == "kept\nhello-world\n"
    assert reset.fresh
    assert "No such file" in after.text
    assert after.text.endswith("/root\n")


async def test_close_and_reset_are_safe_to_repeat(client: SandboxClient, learner: str) -> None:
    """Closing what isn't there is done; so is resetting it."""
    await client.close(learner)
    view = await client.reset(learner)
    await client.close(learner)
    await client.close(learner)

    assert view.fresh


async def test_facts_and_pages_start_a_stopped_sandbox(client: SandboxClient, learner: str) -> None:
    """A check after a pause works; for somebody who never had a sandbox there is nothing to see."""
    with pytest.raises(SandboxGone):
        await client.facts(learner)
    with pytest.raises(SandboxGone):
        await client.page(learner, 80)
    await client.open(learner)
    await client.close(learner)

    assert (await client.facts(learner)).containers == []


async def test_a_restarted_service_finds_its_sandboxes(
    client: SandboxClient, service: ServiceProcess, learner: str
) -> None:
    """Nothing is lost when the service goes, in order or not."""
    await run(client, learner, "cd /tmp && sleep 1000 & cd /tmp; docker run -d --name on nginx")
    container = _container_of(learner)
    for how in (signal.SIGTERM, signal.SIGKILL):
        service.stop(how)
        with pytest.raises(ServiceDown):
            await client.health()
        service.start()
        where = await run(client, learner, "pwd; docker ps --format '{{.Names}}'")
        assert where.text == "/tmp\non\n"

    assert _container_of(learner) == container


async def test_a_killed_sandbox_is_said_and_comes_back(client: SandboxClient, learner: str) -> None:
    """In the middle of a command: it fails with a reason, and the next one runs."""
    await run(client, learner, "echo kept > /root/note")
    running = asyncio.create_task(run(client, learner, "sleep 30"))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(docker, "kill", _container_of(learner))
    outcome = await running
    after = await run(client, learner, "cat /root/note")

    assert outcome.failed.error == "sandbox_gone"
    assert after.text == "kept\n"


async def test_a_disk_that_lets_nothing_start_is_said_and_a_reset_helps(
    client: SandboxClient, learner: str
) -> None:
    """Tried three times, then it's the learner's to decide; nothing is left running."""
    spoilt = await run(client, learner, "mv /srv/home /srv/elsewhere && touch /srv/home")
    assert spoilt.ended.exit_code == 0, spoilt.text
    await client.close(learner)
    outcome = await run(client, learner, "echo here", time_limit_s=10)
    view = await client.reset(learner)
    after = await run(client, learner, "echo here")

    assert outcome.failed.error == "start_failed"
    assert "75" in outcome.failed.detail or "3 times" in outcome.failed.detail
    assert view.fresh
    assert after.text == "here\n"


async def test_a_learner_who_kills_everything_gets_their_engine_back(
    client: SandboxClient, learner: str
) -> None:
    """kill -9 -1 as root inside ends the engine for a moment, not the sandbox."""
    await run(client, learner, "docker run -d --name on nginx")
    killed = await run(client, learner, "kill -9 -1")
    assert killed.events
    for _ in range(40):
        answer = await run(client, learner, "docker ps -a --format '{{.Names}}'", time_limit_s=10)
        if answer.events and answer.text == "on\n":
            break
        await asyncio.sleep(0.25)

    assert answer.text == "on\n"
    assert [c.name for c in (await client.facts(learner)).containers] == ["on"]


async def test_a_fork_bomb_ends_with_its_command(client: SandboxClient, learner: str) -> None:
    """Even in the background: the next command runs, and the service answers all the time."""
    await client.open(learner)
    bomb = asyncio.create_task(run(client, learner, "b() { b | b & }; b; sleep 20", time_limit_s=3))
    await asyncio.sleep(1)
    health = await client.health()
    outcome = await bomb
    after = await run(client, learner, "echo fine", time_limit_s=20)

    assert health.engine
    assert outcome.events
    assert after.text == "fine\n"


async def test_a_full_house_is_said(images_home: Path) -> None:
    """With every place taken, the next learner waits, to an end; a place given up is free."""
    with new_home(images_home) as home:
        process = ServiceProcess(home, CAPACITY="1", QUEUE_LIMIT_S="1")
        process.start()
        first, second = new_learner(), new_learner()
        async with SandboxClient.connect(process.url, process.token) as client:
            await client.open(first)
            waits = await client.open(second)
            full = await run(client, second, "true")
            await client.close(first)
            view = await client.open(second)
        process.stop()

    assert (waits.state, waits.place) == ("waiting", 1)
    assert full.failed.error == "no_capacity"
    assert view.state == "running"


async def test_a_host_engine_that_is_down_is_said_quickly(images_home: Path) -> None:
    """Health still answers, everything else says what is wrong, in three seconds at most."""
    with new_home(images_home) as home:
        process = ServiceProcess(home, DOCKER_URL=f"unix://{home}/no.sock")
        process.start()
        async with SandboxClient.connect(process.url, process.token) as client:
            started = time.monotonic()
            health = await client.health()
            with pytest.raises(HostEngineDown):
                await client.open("1")
            outcome = await run(client, "1", "docker ps")
            took = time.monotonic() - started
        process.stop()

    assert not health.engine
    assert outcome.failed.error == "host_engine_down"
    assert took < 3


async def test_an_image_that_is_not_there_is_said(images_home: Path) -> None:
    """A set-up that was not finished gives a reason, and leaves nothing behind."""
    with new_home(images_home) as home:
        process = ServiceProcess(home, IMAGE="docent/no-such-image:latest")
        process.start()
        async with SandboxClient.connect(process.url, process.token) as client:
            with pytest.raises(StartFailed, match="image"):
                await client.open("1")
            health = await client.health()
        process.stop()

    assert health.running == 0


async def test_stop_all_ends_every_sandbox_of_the_home(images_home: Path) -> None:
    """The end of ./docent up: sandboxes stop, their disks stay, other homes' run on."""
    with new_home(images_home) as home:
        process = ServiceProcess(home)
        process.start()
        async with SandboxClient.connect(process.url, process.token) as client:
            await client.open("1")
            await client.open("2")
        process.stop()
        process.stop_all()
        left = docker("ps", "-aq", "--filter", f"label=docent.home={process.home.label}")
        disks = sorted(path.name for path in process.home.disks.glob("*.img"))

    assert left == ""
    assert disks == ["1.img", "2.img"]


async def test_a_second_service_of_the_same_home_refuses_to_start(
    service: ServiceProcess,
) -> None:
    """Two of them would both think that they know all sandboxes."""
    second = ServiceProcess(service.home.root)
    with pytest.raises(AssertionError, match="runs already"):
        second.start()


async def test_docker_ps_is_nearly_as_quick_as_on_the_host(
    client: SandboxClient, learner: str
) -> None:
    """A coarse guard against an extra process or connection per command; the bench is exact."""
    await client.open(learner)
    ours, hosts = [], []
    for _ in range(10):
        started = time.monotonic()
        await run(client, learner, "docker ps")
        ours.append(time.monotonic() - started)
        started = time.monotonic()
        await asyncio.to_thread(subprocess.run, ["docker", "ps"], capture_output=True, check=True)
        hosts.append(time.monotonic() - started)

    # The quickest of each: the machine may be busy with other tests.
    assert min(ours) < 3 * min(hosts)


def _container_of(learner: str) -> str:
    return docker("ps", "-q", "--no-trunc", "--filter", f"label=docent.learner={learner}").strip()
