"""What a learner puts in place of their engine, their pages and their folders, to hurt who asks."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from sandbox.contract import SessionRequest
from sandbox.errors import FileRefused, SandboxError
from tests.security.door import GROWS_AT_MOST, Door
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

ANSWERED_WITHIN_S = 25.0
"""A question to a sandbox has an end, whatever is said in it."""
PORT = 8099
HEAD = r"printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ANSWERS = {
    "nothing, and the end": "true",
    "nothing": "sleep 60",
    "no HTTP": r"printf 'hello\n'; sleep 20",
    "noise": "head -c 50000000 /dev/urandom",
    "headers without end": r"printf 'HTTP/1.1 200 OK\r\n'; yes 'X: y'",
    "one header without end": r"printf 'HTTP/1.1 200 OK\r\nX: '; tr '\0' x </dev/zero",
    "a body without end": HEAD + r"\r\n'; yes '[1,2,3],'",
    "chunks without end": HEAD + r"Transfer-Encoding: chunked\r\n\r\n'; "
    r"while :; do printf '1000\r\n'; head -c 4096 /dev/zero; printf '\r\n'; done",
    "a chunk of a million gigabytes": HEAD + r"Transfer-Encoding: chunked\r\n\r\n"
    r"ffffffffffffff\r\n'; cat /dev/zero",
    "a chunk below zero": HEAD + r"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n'",
    "a letter a second": HEAD + r"Content-Length: 100000\r\n\r\n'; "
    "while :; do printf x; sleep 1; done",
    "less than it said": HEAD + r"Content-Length: 100000\r\n\r\n[]'",
    "lists in lists": HEAD + r"""Connection: close\r\n\r\n'; perl -e 'print "["x900000'""",
    "numbers without end": HEAD + r"""Connection: close\r\n\r\n'; perl -e 'print "9"x900000'""",
    "other types": HEAD + r"""Connection: close\r\n\r\n[{"Id":{},"Names":7},null,"x"]'""",
    "text that is none": HEAD + r"""Connection: close\r\n\r\n["\377\376\\ud800"]'""",
    "somewhere else": r"printf 'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n"
    r"Content-Length: 0\r\n\r\n'",
    "go on, go on": r"while :; do printf 'HTTP/1.1 100 Continue\r\n\r\n'; done",
    "another protocol": r"printf 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'; yes",
    "packed zeros": HEAD + r"Content-Encoding: gzip\r\nConnection: close\r\n\r\n'; "
    "head -c 200000000 /dev/zero | gzip -1",
    "a status that is none": r"printf 'HTTP/1.1 99999999999999999999 \r\n\r\n'",
    "headers that contradict": HEAD + r"Content-Length: 5\r\nContent-Length: 900\r\n\r\n[]'",
}


SOCKET = "/run/docker.sock"
ASIDE = "/run/aside.sock"


@asynccontextmanager
async def _answering(live: Stage, learner: str, listen: str, what: str) -> AsyncGenerator[None]:
    """While the block runs, this is answered to whoever asks at that address in the sandbox."""
    script = shlex.quote(f"#!/bin/bash\n{ANSWERS[what]}\n")
    aside = ""
    if SOCKET in listen:
        # The service may hold a stream to the engine, through the socket that was there before.
        aside = f"mv {SOCKET} {ASIDE}; pkill -f '[U]NIX-CONNECT:{SOCKET}'; "
    serve = f"exec socat {listen},fork,max-children=8 EXEC:/root/answer"
    line = f"printf %s {script} >/root/answer; chmod 755 /root/answer; {aside}{serve}"
    serving = asyncio.create_task(live.attempt(learner, line, time_limit_s=50))
    await asyncio.sleep(1)
    assert not serving.done(), "nobody listens"
    try:
        yield
    finally:
        serving.cancel()  # the command ends with its caller
        await asyncio.wait({serving})
        await live.run(learner, f"[ ! -e {ASIDE} ] || mv -f {ASIDE} {SOCKET}")


@pytest.mark.parametrize("what", ANSWERS)
async def test_an_engine_that_lies_fails_and_costs_nothing(
    live: Stage, attacker: str, neighbour: str, door: Door, what: str
) -> None:
    """Facts are refused in bounded time and memory, with a code that says whose fault it is."""
    before, started = door.memory(), time.monotonic()
    async with (
        _answering(live, attacker, f"UNIX-LISTEN:{SOCKET}", what),
        live.serving(neighbour),
        live.client() as client,
    ):
        with pytest.raises(SandboxError) as failed:
            await client.facts(attacker)

    assert failed.value.code not in {"sandbox_error", "service_down"}
    assert time.monotonic() - started < ANSWERED_WITHIN_S
    assert door.memory() - before < GROWS_AT_MOST
    async with live.client() as client:
        assert (await client.facts(attacker)).version.server


@pytest.mark.parametrize("what", ANSWERS)
async def test_a_page_that_lies_is_cut_or_refused(
    live: Stage, attacker: str, neighbour: str, door: Door, what: str
) -> None:
    """A page is fetched in bounded time and memory, whatever answers on the port."""
    before, started = door.memory(), time.monotonic()
    async with (
        _answering(live, attacker, f"TCP-LISTEN:{PORT},reuseaddr", what),
        live.serving(neighbour),
        live.client() as client,
    ):
        page = await client.page(attacker, PORT)

    assert time.monotonic() - started < ANSWERED_WITHIN_S
    assert len(page.body) <= 65_536
    assert page.status is None or page.status < 600
    assert door.memory() - before < GROWS_AT_MOST


PATHS = (
    "/disk.img", "/sock/ssh.sock", "/mirror/registry.sock", "/proc/1/root/disk.img", "/proc/kcore",
    "/proc/1/cwd/../disk.img", "/proc/1/environ", "/proc/self/mem",
    "../../../../../../var/lib/docent/token", "/var/lib/docent/keys/service", "/dev/zero",
    "/dev/stdin", "/proc/self/fd/0", "/root/fifo", "/root/to-host", "/root/loop", "-rf", "$(id)",
    "/root/\n/etc/passwd", "/root/\udcff", "/sys/kernel/security", "x" * 1000, "/" * 999,
)  # fmt: skip
SECRETS = (b"ssh-ed25519", b"PRIVATE KEY", b"docent-", b"TOKEN")


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
async def test_no_path_leads_out_of_a_sandbox(
    live: Stage, attacker: str, neighbour: str, path: str
) -> None:
    """Files are read and written in the learner's own view; what hangs or never ends is refused."""
    plant = "cd /root; rm -f fifo to-host loop; mkfifo fifo; ln -s /proc/1/root/disk.img to-host"
    await live.run(attacker, f"{plant}; ln -s loop loop")
    started = time.monotonic()
    content = b""
    async with live.serving(neighbour), live.client() as client:
        with suppress(SandboxError, UnicodeError):
            content = await client.read_file(attacker, path)
        if not path.startswith(("/root", "$", "-", "x")):
            with pytest.raises((FileRefused, SandboxError)):
                await client.write_file(attacker, path + "/planted", b"x")

    assert len(content) < 4096
    assert not any(secret in content for secret in SECRETS)
    assert live.service.token.encode() not in content
    assert time.monotonic() - started < ANSWERED_WITHIN_S * 2


async def test_a_folder_that_no_program_can_enter_costs_one_line(
    live: Stage, attacker: str, neighbour: str
) -> None:
    """The next command line begins where the last one ended, or somewhere that exists."""
    names = ("d" * 250 + "/") * 20
    async with live.serving(neighbour):
        for line in (
            f"mkdir -p /root/deep/{names}; cd /root/deep/{names}",
            f"cd {'d' * 250}; cd ../{'d' * 250} ; mkdir -p {names}; cd {names}",
            "mkdir -p \"$(printf '/root/a\\n\\033[2J\\342\\200\\256b')\"; cd /root/a*",
            "mkdir /root/gone; cd /root/gone; rmdir /root/gone",
        ):
            await live.run(attacker, line)
            answer = await live.run(attacker, "echo works")
            assert answer.output.endswith("works\n"), line
    await live.run(attacker, "cd /root; rm -rf deep a*")


async def test_a_session_is_its_own_learners_alone(
    live: Stage, attacker: str, neighbour: str
) -> None:
    """Who knows a session's name and not its learner finds nothing, and ends nothing."""
    async with live.client() as client:
        async with client.session(neighbour, "mine", SessionRequest(line="sleep 30")) as session:
            async for event in session:
                if event.type == "session_started":
                    break
            theirs = await client.sessions(attacker)
            await client.end_session(attacker, "mine")
            still = await client.sessions(neighbour)
        await client.end_session(neighbour, "mine")

    assert theirs == []
    assert [view.id for view in still] == ["mine"]
