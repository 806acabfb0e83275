"""Starting and stopping the bot as a program: exit codes, first lines and the ready file."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.alive import is_fresh
from playground.app import Options, Playground
from playground.gateway_events import KNOWN_INTENTS
from sandbox.http.app import make_app
from tests.bot_stage import all_text, saying
from tests.factories import make_database_url
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.serving import serving
from tests.unit.sandbox.stage import Stage

MESSAGE_CONTENT = 1 << 15
REPOSITORY = Path(__file__).parents[2]


def environment(home: Path, url: str, token: str, sandbox_url: str) -> dict[str, str]:
    """The settings of a bot on a playground, and nothing of this machine's."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("DOCENT_")}
    bots = {"DISCORD_TOKEN": token, "DOCENT_DISCORD_URL": url, "DOCENT_HOME": str(home)}
    return own | bots | {"PYTHONWARNINGS": "ignore", "DOCENT_SANDBOX_URL": sandbox_url}


@asynccontextmanager
async def started(
    home: Path, url: str, token: str, sandbox_url: str = ""
) -> AsyncIterator[Process]:
    """The bot as a program of its own; it is gone at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=REPOSITORY,
        env=environment(home, url, token, sandbox_url),
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def outcome(process: Process, within_s: float = 25) -> tuple[int | None, str]:
    """The exit code and the first line of what the operator reads."""
    async with asyncio.timeout(within_s):
        _, errors = await process.communicate()
    return process.returncode, errors.decode().partition("\n")[0]


async def until_ready(home: Path, process: Process, within_s: float = 25) -> None:
    """Wait for the ready file."""
    async with asyncio.timeout(within_s):
        while not (home / "run" / "bot.ready").exists():
            assert process.returncode is None, "the bot has ended"
            await asyncio.sleep(0.05)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a migrated database."""
    make_database_url(tmp_path)
    return tmp_path


async def test_it_says_when_it_is_ready_and_stops_when_asked(home: Path) -> None:
    """The ready file is there while the bot serves, and SIGTERM ends it with exit code 0."""
    async with (
        Playground.start() as playground,
        started(home, playground.base_url, playground.token) as bot,
    ):
        await until_ready(home, bot)
        bot.send_signal(signal.SIGTERM)

        code, _ = await outcome(bot, within_s=10)

    assert code == 0
    assert not (home / "run" / "bot.ready").exists()


async def test_what_runs_is_told_to_have_ended_when_it_is_stopped(home: Path) -> None:
    """SIGTERM in the middle of a command: its message says so before the program is gone."""
    stage = Stage(home)
    (home / "token").write_text("t" * 43, encoding="ascii")
    socket_path = home / "service.sock"
    async with (
        serving(make_app(stage.service, "t" * 43), socket_path) as sandbox_url,
        Playground.start() as playground,
        started(home, playground.base_url, playground.token, sandbox_url) as bot,
    ):
        await until_ready(home, bot)
        newcomer = playground.person("newcomer")
        dm = newcomer.dm_id()
        await stage.lifecycle.open(newcomer.user_id)
        hanging = FakeProgram((b"begun\n",), hangs=True)
        stage.insides[newcomer.user_id].programs["docker pull nginx"] = hanging
        newcomer.say("docker pull nginx", dm)
        await saying(newcomer, "begun", dm)

        bot.send_signal(signal.SIGTERM)
        code, _ = await outcome(bot, within_s=12)

        left = await saying(newcomer, "봇이 다시 시작되어", dm)

    assert code == 0
    assert "begun" in all_text(left)


async def test_the_ready_file_follows_the_connection(home: Path) -> None:
    """Gone while Discord can't be reached, and there again when it can."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = Options(port=port)
    ready_file = home / "run" / "bot.ready"
    async with started(home, f"http://127.0.0.1:{port}", options.token) as bot:
        async with Playground.start(options):
            await until_ready(home, bot)
            assert is_fresh(ready_file, now=time.time())
        async with asyncio.timeout(10):
            while ready_file.exists():  # noqa: ASYNC110 - a file rings no bell
                await asyncio.sleep(0.05)
        assert bot.returncode is None

        async with Playground.start(options):
            await until_ready(home, bot, within_s=40)


async def test_it_waits_for_a_playground_that_starts_late(home: Path) -> None:
    """Starting both at once is fine, whichever is faster."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = Options(port=port)
    async with started(home, f"http://127.0.0.1:{port}", options.token) as bot:
        await asyncio.sleep(2)
        async with Playground.start(options):
            await until_ready(home, bot)
            bot.send_signal(signal.SIGINT)
            code, _ = await outcome(bot, within_s=10)

    assert code == 0


async def test_a_refused_token_is_named(home: Path) -> None:
    """The first line says which token to copy from where."""
    async with (
        Playground.start() as playground,
        started(home, playground.base_url, "not.the.token") as bot,
    ):
        code, line = await outcome(bot)

    assert code == 3
    assert "DISCORD_TOKEN" in line
    assert "not.the.token" not in line


async def test_a_missing_intent_is_named(home: Path) -> None:
    """The first line says which switch is off."""
    options = Options(granted_intents=KNOWN_INTENTS & ~MESSAGE_CONTENT)
    async with (
        Playground.start(options) as playground,
        started(home, playground.base_url, playground.token) as bot,
    ):
        code, line = await outcome(bot)

    assert code == 4
    assert "Message Content Intent" in line


async def test_a_database_that_was_not_migrated_is_named(tmp_path: Path) -> None:
    """The first line says what to run."""
    async with (
        Playground.start() as playground,
        started(tmp_path, playground.base_url, playground.token) as bot,
    ):
        code, line = await outcome(bot)

    assert code == 6
    assert "./docent migrate" in line


async def test_a_missing_token_is_named(home: Path) -> None:
    """Without a token the bot does not start."""
    async with started(home, "http://127.0.0.1:1", "") as bot:
        code, line = await outcome(bot)

    assert code == 2
    assert "DISCORD_TOKEN" in line


async def test_nobody_at_the_address_is_named(home: Path) -> None:
    """After a while of waiting, the first line says where nothing listens."""
    async with started(home, "http://127.0.0.1:1", "some.bot.token") as bot:
        code, line = await outcome(bot)

    assert code == 5
    assert "http://127.0.0.1:1" in line
