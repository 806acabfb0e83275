"""The playground as a program: how it starts, says so, and ends."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from playground import Options, Playground
from tests.integration.playground_bot import running_bot

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "playground",
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process: asyncio.subprocess.Process) -> dict[str, object]:
    assert process.stdout is not None
    async with asyncio.timeout(15):
        said: dict[str, object] = json.loads(await process.stdout.readline())
    return said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_listens_and_ends_when_told(number: signal.Signals) -> None:
    """One JSON line when it listens; exit code 0 soon after a signal, with a page open."""
    async with program("--port", "0") as process:
        said = await line(process)
        assert said["event"] == "playground_listening"
        async with aiohttp.ClientSession() as session:
            page = await session.ws_connect(f"{said['url']}/page/ws?as=newcomer")
            assert (await page.receive_json())["t"] == "HELLO"

            process.send_signal(number)

            async with asyncio.timeout(3):
                assert await process.wait() == 0


async def test_what_was_said_last_is_saved(tmp_path: Path) -> None:
    """A message just before the end is there at the next start."""
    arguments = ("--port", "0", "--state", str(tmp_path))
    headers = {"X-Requested-With": "docent-page"}
    async with program(*arguments) as process, aiohttp.ClientSession() as session:
        await line(process)
        url = (await line(process))["url"]
        async with session.ws_connect(f"{url}/page/ws?as=newcomer") as page:
            hello = (await page.receive_json())["d"]
        general = hello["channels"][0]["id"]
        body = {"channel_id": general, "content": "remember"}
        await session.post(f"{url}/page/api/send?as=newcomer", json=body, headers=headers)
        process.terminate()
        await process.wait()

    async with Playground.start(Options(state=tmp_path)) as playground:
        (message,) = playground.person("newcomer").messages()
    assert message["content"] == "remember"


async def test_a_taken_port_is_said_in_one_line() -> None:
    """No traceback: the reason and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with program("--port", str(taken.getsockname()[1])) as process:
            said = await line(process)

            assert said["event"] == "playground_cannot_listen"
            assert await process.wait() == 1


async def test_a_cut_connection_is_lived_through() -> None:
    """A request whose connection is cut fails for the bot alone; the next one works."""
    async with (
        Playground.start(Options(rate_limits=False)) as playground,
        running_bot(playground),
    ):
        newcomer = playground.person("newcomer")
        playground.faults.plant("POST /channels/.*/messages", "drop")
        newcomer.say("!say hello")
        newcomer.say("!say again")

        await newcomer.until(lambda: [m["content"] for m in newcomer.replies()][-1:] == ["again"])
