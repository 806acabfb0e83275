"""What a learner fetches from package mirrors is counted and held back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from sandbox.egress import DAY_S, MOST_CONNECTIONS, SOCKET_NAME, Account, Egress, EgressLimits
from sandbox.home import Home
from sandbox.settings import SandboxSettings
from tests.unit.sandbox.stage import FakeClock

ROOT = Path(__file__).resolve().parents[3]
LIMITS = EgressLimits(day_bytes=1000, bytes_per_s=100)
SETTINGS = {
    "memory_mib": 512, "cpus": 1, "pids": 256, "disk_mib": 512, "capacity": 1, "command_limit_s": 9,
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the folder of one sandbox."""
    home = Home(tmp_path)
    home.socket_folder("a1").mkdir(parents=True)
    home.packages.mkdir()
    return home


@asynccontextmanager
async def echoing(home: Home) -> AsyncGenerator[None]:
    """A proxy that says what it hears."""

    answering: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        with suppress(ConnectionError):
            while piece := await reader.read(4096):
                writer.write(piece)
        writer.close()

    server = await asyncio.start_unix_server(answer, home.packages_proxy)
    try:
        yield
    finally:
        server.close()
        await asyncio.sleep(0)
        await asyncio.gather(*(task for task in answering if task))


@asynccontextmanager
async def relaying(
    home: Home, limits: EgressLimits = LIMITS, learner: str | None = "42"
) -> AsyncGenerator[Egress]:
    """The service's side, with its watch."""
    egress = Egress(home, limits, learner_of=lambda _: learner)
    running = asyncio.create_task(egress.run())
    try:
        async with asyncio.timeout(5):
            while not (home.socket_folder("a1") / SOCKET_NAME).exists():  # noqa: ASYNC110 # a file has no event
                await asyncio.sleep(0.01)
        yield egress
    finally:
        running.cancel()
        await asyncio.wait({running})


async def say(home: Home, text: bytes) -> bytes:
    """What comes back through the sandbox's socket."""
    path = home.socket_folder("a1") / SOCKET_NAME
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(text)
    writer.write_eof()
    answer = b""
    # Who is cut off may find the connection reset.
    with suppress(ConnectionResetError):
        async with asyncio.timeout(5):
            answer = await reader.read()
    writer.close()
    await asyncio.sleep(0)
    return answer


def test_a_second_worth_comes_at_once_and_the_rest_waits() -> None:
    """Small things are not held back; much is, at the rate of the setting."""
    clock = FakeClock()
    account = Account(LIMITS, clock)

    assert account.take(100) == 0
    assert account.take(100) == pytest.approx(1)
    assert account.take(50) == pytest.approx(1.5)
    clock.now += 10
    assert account.take(100) == 0


def test_a_day_begins_anew() -> None:
    """What was used up yesterday is there again."""
    clock = FakeClock()
    account = Account(LIMITS, clock, since=clock())
    account.take(1000)

    assert not account.has_left()
    clock.now += DAY_S
    assert account.has_left()


async def test_bytes_pass_both_ways(home: Home) -> None:
    """Unread and unchanged."""
    async with echoing(home), relaying(home):
        assert (
            await say(home, b"GET http://x/ HTTP/1.1\r\n\r\n") == b"GET http://x/ HTTP/1.1\r\n\r\n"
        )


async def test_everybody_may_connect_and_only_the_folder_is_in_the_way(home: Home) -> None:
    """The keeper is a user of its own; nothing is left where the service makes its sockets."""
    async with relaying(home):
        mode = (home.socket_folder("a1") / SOCKET_NAME).stat().st_mode

        assert mode & 0o777 == 0o666
        assert list(home.egress.iterdir()) == []


async def test_a_link_in_the_way_is_replaced_not_followed(home: Home, tmp_path: Path) -> None:
    """A keeper that was taken over gains nothing by it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch(0o600)
    (home.socket_folder("a1") / SOCKET_NAME).symlink_to(elsewhere)
    async with echoing(home), relaying(home):
        await asyncio.sleep(0.1)

        assert (home.socket_folder("a1") / SOCKET_NAME).is_socket()
        assert elsewhere.stat().st_mode & 0o777 == 0o600


async def test_who_has_used_up_the_day_is_told(home: Home) -> None:
    """In the status line, which programs show."""
    async with echoing(home), relaying(home, EgressLimits(day_bytes=10, bytes_per_s=100_000)):
        assert await say(home, b"x" * 20) == b""
        assert b"used up" in await say(home, b"x")


async def test_a_sandbox_of_nobody_reaches_nothing(home: Home) -> None:
    """One that waits in the pool has no learner to count for."""
    async with echoing(home), relaying(home, learner=""):
        assert (await say(home, b"x")).startswith(b"HTTP/1.1 503")


async def test_without_the_proxy_it_is_said(home: Home) -> None:
    """A build fails at once, with words."""
    async with relaying(home):
        assert (await say(home, b"x")).startswith(b"HTTP/1.1 502")


async def test_one_sandbox_holds_so_many_connections_and_no_more(home: Home) -> None:
    """The rest are told to come again."""
    path = home.socket_folder("a1") / SOCKET_NAME
    async with echoing(home), relaying(home):
        held = [await asyncio.open_unix_connection(path) for _ in range(MOST_CONNECTIONS)]
        await asyncio.sleep(0.1)

        assert (await say(home, b"x")).startswith(b"HTTP/1.1 503")
        for _, writer in held:
            writer.close()


async def test_a_sandbox_that_goes_takes_its_connections_along(home: Home) -> None:
    """Nothing listens for who is not there."""
    async with echoing(home), relaying(home) as egress:
        (home.socket_folder("a1") / SOCKET_NAME).unlink()
        home.socket_folder("a1").rmdir()
        await egress.look()

        assert egress.listening == set()


async def test_a_look_that_fails_is_not_the_last_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of files for a moment: sandboxes that come later have their way all the same."""
    monkeypatch.setattr("sandbox.egress.LOOK_EVERY_S", 0.01)
    looks, look = 0, Egress.look

    async def failing_once(egress: Egress) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise OSError("too many open files")
        await look(egress)

    monkeypatch.setattr(Egress, "look", failing_once)
    async with relaying(home) as egress:
        assert egress.listening == {"a1"}
    assert looks > 1


def test_the_way_that_operators_read_about_is_the_one_there_is() -> None:
    """The address in docs/security.md is that of the program which tells builds."""
    program = (ROOT / "sandbox" / "image" / "docker-with-packages").read_text(encoding="utf-8")
    [way] = re.findall(r"^way=http://(\S+)$", program, re.MULTILINE)
    told = re.findall(r"192\.0\.2\.1:\d+", (ROOT / "docs" / "security.md").read_text("utf-8"))

    assert len(told) >= 2
    assert set(told) == {way}


@pytest.mark.parametrize(
    "names",
    ["10.0.0.1", "deb.debian.org:80", "http://pypi.org", "localhost", "a b.org", "*.org", ","],
)
def test_only_names_can_be_allowed(names: str) -> None:
    """No address, no port, no pattern."""
    with pytest.raises(ValueError, match="packages"):
        SandboxSettings(**SETTINGS, packages=names)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", ["", "pypi.org", "deb.debian.org,.npmjs.org"])
def test_names_are_taken(names: str) -> None:
    """One, several, and what lies below one."""
    assert SandboxSettings(**SETTINGS, packages=names).packages == names  # type: ignore[arg-type]
