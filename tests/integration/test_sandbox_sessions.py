"""Terminals on the real engine: programs that want one, and what is left when they end."""

from __future__ import annotations

import asyncio
import time

import psutil
import pytest

from sandbox.client import SandboxClient
from sandbox.contract import RunFailed, RunRequest, SessionDetached, SessionEnded
from tests.docker_fixtures import ServiceProcess, docker, new_learner, run
from tests.integration.terminals import at_terminal

pytestmark = pytest.mark.docker

CTRL_C = "\x03"
ESCAPE = "\x1b"


async def running(client: SandboxClient, learner: str, what: str) -> int:
    """How many processes of the sandbox have this in their command line."""
    outcome = await run(client, learner, f"ps -eo args | grep -v grep | grep -c '{what}'")
    return int(outcome.text)


async def test_a_program_has_a_terminal_of_the_wanted_size(
    client: SandboxClient, learner: str
) -> None:
    """And hears of every new one."""
    async with at_terminal(client, learner, "sh", columns=100, rows=30) as person:
        await person.types("tty -s && stty size && echo $TERM\r")
        await person.sees("30 100\r\nxterm-256color")
        await person.terminal.resize(133, 41)
        await person.types("stty size\r")
        await person.sees("41 133")
        await person.types("echo out >/dev/stdout; exit 7\r")
        await person.sees("\nout\r")
        assert await person.exit_code() == 7

    assert person.started.opened_in_ms


async def test_vi_edits_a_file(client: SandboxClient, learner: str) -> None:
    """Korean included."""
    await client.open(learner)
    async with at_terminal(client, learner, "vi /root/note") as person:
        await person.sees("~")
        await person.types("i안녕 vi" + ESCAPE)
        await person.types(":wq\r")
        assert await person.exit_code() == 0

    assert (await run(client, learner, "cat /root/note")).text == "안녕 vi\n"


async def test_top_shows_itself_and_quits(client: SandboxClient, learner: str) -> None:
    """A program that draws its screen again and again."""
    await client.open(learner)
    async with at_terminal(client, learner, "top -d 0.5") as person:
        await person.sees("dockerd")
        await person.sees("load average")
        await person.types("q")
        assert await person.exit_code() == 0


async def test_ctrl_c_ends_what_is_in_the_foreground(client: SandboxClient, learner: str) -> None:
    """A command line ends with it; a shell only lets its program end."""
    await client.open(learner)
    async with at_terminal(client, learner, "sleep 1201") as person:
        await asyncio.sleep(0.3)
        await person.types(CTRL_C)
        assert await person.exit_code() == 130
    async with at_terminal(client, learner, "sh", name="shell") as person:
        await person.types("sleep 1201\r")
        await asyncio.sleep(0.3)
        await person.types(CTRL_C)
        await person.types("echo st''ill here\r")
        await person.sees("still here")


async def test_signals_go_to_the_foreground(client: SandboxClient, learner: str) -> None:
    """Not to the shell that waits for it."""
    await client.open(learner)
    async with at_terminal(client, learner, "bash") as person:
        await person.types("sleep 1202\r")
        await asyncio.sleep(0.5)
        await person.terminal.signal("TSTP")
        await person.sees("Stopped")
        await person.types("fg\r")
        await asyncio.sleep(0.3)
        await person.terminal.signal("TERM")
        await person.sees("Terminated")
        await person.types("exit 4\r")
        assert await person.exit_code() == 4


async def test_docker_run_exec_attach_and_logs(client: SandboxClient, learner: str) -> None:
    """What needs -it, and what follows without an end."""
    await client.open(learner)
    async with at_terminal(client, learner, "docker run -it --name box busybox sh") as person:
        await person.sees("# ")
        await person.types("stty size; echo in''side\r")
        await person.sees("24 80\r\ninside")
        async with at_terminal(client, learner, "docker exec -it box sh", name="exec") as second:
            await second.sees("# ")
            await second.types("ps | wc -l; exit 5\r")
            assert await second.exit_code() == 5
        await person.types("exit 6\r")
        assert await person.exit_code() == 6
    await run(client, learner, "docker start box")
    async with at_terminal(client, learner, "docker attach box", name="attach") as person:
        await person.types("echo at''tached\r")
        await person.sees("attached")
        await person.types("exit\r")
        assert await person.exit_code() == 0
    talker = "docker run -d --name talk busybox sh -c 'while sleep 0.2; do echo word; done'"
    await run(client, learner, talker)
    async with at_terminal(client, learner, "docker logs -f talk", name="logs") as person:
        await person.sees("word")
        await person.sees("word")
        await person.types(CTRL_C)
        assert await person.exit_code() == 130


async def test_who_comes_back_sees_what_came_meanwhile(client: SandboxClient, learner: str) -> None:
    """After leaving with a word, and without one."""
    await client.open(learner)
    line = "for i in 1 2 3 4 5 6 7 8 9; do echo tick $i; sleep 0.4; done; exit 3"
    async with at_terminal(client, learner, line) as person:
        await person.sees("tick 1")
        await person.terminal.detach()
        assert await person.until_over() == SessionDetached()
    [view] = await client.sessions(learner)
    assert (view.id, view.line, view.attached) == ("t", line, False)
    await asyncio.sleep(1)
    async with at_terminal(client, learner, None) as person:
        await person.sees("tick 3")
    async with at_terminal(client, learner, None) as person:
        await person.sees("tick 9")
        assert await person.exit_code() == 3

    assert [f"tick {i}" in person.shown for i in range(1, 10)] == [True] * 9
    assert person.started.missed_bytes == 0
    assert await client.sessions(learner) == []


async def test_a_second_one_takes_over(client: SandboxClient, learner: str) -> None:
    """The first is told; the program does not notice."""
    await client.open(learner)
    async with at_terminal(client, learner, "sh") as first:
        await first.types("x=kept\r")
        async with at_terminal(client, learner, None) as second:
            assert await first.until_over() == SessionDetached(taken_over=True)
            await first.types("exit\r")  # nobody listens to them any more
            await second.types("echo $x still\r")
            await second.sees("kept still")


async def test_limits_end_sessions_and_all_they_started(
    client: SandboxClient, learner: str
) -> None:
    """The one says time, the other idle; nothing runs on."""
    await client.open(learner)
    hiding = "trap '' INT HUP TERM; setsid sleep 1203 & nohup sleep 1203 & sleep 1203"
    async with at_terminal(client, learner, hiding, time_limit_s=1) as person:
        last = await person.until_over()
    async with at_terminal(client, learner, "sleep 1203", name="i", idle_limit_s=1) as person:
        idle = await person.until_over()

    assert last == SessionEnded(exit_code=None, limit="time")
    assert idle == SessionEnded(exit_code=None, limit="idle")
    assert await running(client, learner, "sleep 1203") == 0


async def test_delete_ends_a_container_in_the_foreground(
    client: SandboxClient, learner: str
) -> None:
    """Though its first process ignores every signal but the last; others' run on."""
    await run(client, learner, "docker run -d --name kept busybox sleep 99")
    line = "docker run -it --name held busybox sh -c 'trap \"\" INT TERM HUP; sleep 99'"
    async with at_terminal(client, learner, line) as person:
        await asyncio.sleep(2)
        await client.end_session(learner, "t")
        await client.end_session(learner, "t")
        last = await person.until_over()
    facts = await client.facts(learner)

    assert last == SessionEnded(exit_code=None, cancelled=True)
    assert {c.name: c.status for c in facts.containers} == {"kept": "running", "held": "exited"}


async def test_a_cancelled_line_leaves_sessions_alone(client: SandboxClient, learner: str) -> None:
    """And what they run in containers, though it is younger."""
    await client.open(learner)
    async with at_terminal(client, learner, "sh") as person:
        await person.types("echo re''ady\r")
        await person.sees("ready")
        ending = asyncio.create_task(run(client, learner, "sleep 1204", time_limit_s=3))
        await person.types("docker run -it --rm busybox sh\r")
        await person.sees("/ # ", patience_s=30)
        outcome = await ending
        await person.types("echo al''ive\r")
        await person.sees("alive")

    assert outcome.ended.limit == "time"
    assert await running(client, learner, "sleep 1204") == 0


async def test_compose_up_ends_with_ctrl_c(client: SandboxClient, learner: str) -> None:
    """Its containers get their time; a second one does as well."""
    # Compose says "Attaching" before it starts them; whom it stops too early it waits for.
    start = 'sh -c \\"echo ready; exec sleep 999\\"'
    file = f'services: {{web: {{image: busybox, init: true, command: "{start}"}}}}'
    await run(client, learner, f"mkdir c; cd c; echo '{file}' >compose.yaml; docker pull busybox")
    for _ in range(2):
        async with at_terminal(client, learner, "docker compose up") as person:
            await person.sees("ready")
            await person.types(CTRL_C)
            await person.sees("Gracefully stopping")
            assert await person.exit_code() == 130
        [container] = (await client.facts(learner)).containers
        assert container.status == "exited"


async def test_a_reset_and_a_stop_are_told(client: SandboxClient, learner: str) -> None:
    """With their reason, not as something that broke."""
    await client.open(learner)
    async with at_terminal(client, learner, "sh") as person:
        await client.reset(learner)
        reset = await person.until_over()
    async with at_terminal(client, learner, "sh") as person:
        await client.close(learner)
        closed = await person.until_over()

    assert isinstance(reset, RunFailed)
    assert reset.error == "sandbox_reset"
    assert isinstance(closed, RunFailed)
    assert closed.error == "sandbox_gone"


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_nothing_of_a_session_outlives_the_service(
    client: SandboxClient, service: ServiceProcess, learner: str, how: str
) -> None:
    """Not even what hides from its terminal; who comes back is told that it is gone."""
    await client.open(learner)
    hiding = "trap '' INT HUP TERM; setsid sleep 1205 & nohup sleep 1205 & sleep 1205"
    async with at_terminal(client, learner, hiding):
        await asyncio.sleep(0.5)
        assert await running(client, learner, "^sleep 1205") == 3
        if how == "kill":
            psutil.Process(service.pid).kill()
        service.stop()
    container = docker("ps", "-q", "--filter", f"label=docent.home={service.home.label}").split()
    await asyncio.sleep(3)
    left = [docker("top", each, "-eo", "pid,args") for each in container]
    service.start()

    assert not any("sleep 1205" in processes for processes in left)
    async with at_terminal(client, learner, None) as person:
        failed = await person.until_over()
    assert isinstance(failed, RunFailed)
    assert failed.error == "session_gone"
    assert (await run(client, learner, "echo fine")).text == "fine\n"


async def test_a_flood_that_nobody_reads_costs_nothing(
    client: SandboxClient, service: ServiceProcess, learner: str
) -> None:
    """Not read, and left alone: the service does not grow, and hardly works."""
    await client.open(learner)
    process = psutil.Process(service.pid)
    async with at_terminal(client, learner, "yes " + "x" * 100):
        before, used = process.memory_info().rss, _processor_s(process)
        await asyncio.sleep(3)
        not_read = _processor_s(process) - used
    used = _processor_s(process)
    await asyncio.sleep(3)
    left_alone = _processor_s(process) - used
    grown = process.memory_info().rss - before

    assert grown < 8_000_000
    assert not_read < 0.3
    assert left_alone < 1


async def test_twenty_floods_delay_nobody(client: SandboxClient, service: ServiceProcess) -> None:
    """In lines and sessions, read by nobody: another learner's docker ps takes what it did."""
    quiet, *noisy = [new_learner() for _ in range(5)]
    process = psutil.Process(service.pid)
    try:
        await asyncio.gather(*(client.open(learner) for learner in (quiet, *noisy)))
        alone = await _docker_ps_s(client, quiet)
        before = process.memory_info().rss
        async with asyncio.TaskGroup() as floods:
            flooding = asyncio.Event()
            started = [
                floods.create_task(_flood(client, learner, number, flooding))
                for learner in noisy
                for number in range(5)
            ]
            await asyncio.sleep(3)
            among_floods = await _docker_ps_s(client, quiet)
            grown = process.memory_info().rss - before
            flooding.set()
        assert len(started) == 20
    finally:
        await asyncio.gather(*(client.close(learner) for learner in (quiet, *noisy)))

    print(f"docker ps {alone:.3f} s, among floods {among_floods:.3f} s; grown {grown / 1e6:.1f} MB")
    assert grown < 30_000_000
    # The sandboxes share this machine's processors with us: their share is not our doing.
    assert among_floods < max(6 * alone, 0.5)


async def _flood(client: SandboxClient, learner: str, number: int, until: asyncio.Event) -> None:
    """One line, and four sessions: some print text, some noise."""
    line = "yes" if number % 2 else "cat /dev/urandom | base64"
    if number == 0:
        request = RunRequest(line=line, output_limit_bytes=1_048_576)
        async with client.run(learner, request):
            await until.wait()
    else:
        async with at_terminal(client, learner, line, name=f"flood{number}"):
            await until.wait()
        await client.end_session(learner, f"flood{number}")


async def _docker_ps_s(client: SandboxClient, learner: str) -> float:
    """The median of some."""
    took = []
    for _ in range(9):
        started = time.monotonic()
        assert (await run(client, learner, "docker ps")).ended.exit_code == 0
        took.append(time.monotonic() - started)
    return sorted(took)[4]


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
