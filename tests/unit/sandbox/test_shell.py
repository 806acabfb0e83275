"""The held SSH connection, against a server that plays the sandbox."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncssh
import pytest

from sandbox.channel import MOST_WAITING_INPUT_BYTES, shell_errors
from sandbox.errors import EngineFailed, SandboxError, SandboxGone
from sandbox.shell import Key, Screen, Shell, connect_to_socket


class Sandbox:
    """An SSH server on `folder/ssh.sock`: `commands` are what it was asked, lines what came."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.lines: list[bytes] = []
        self.screens: list[tuple[str | None, tuple[int, int]]] = []
        self.connections: list[asyncssh.SSHServerConnection] = []

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """Answer one command as the image does."""
        command = process.command or ""
        self.commands.append(command)
        if command.startswith(":docent-session "):
            self.screens.append((process.term_type, process.term_size[:2]))
            line = command.split(" ", 2)[2].encode()
        elif command.startswith(":docent-run "):
            line = await process.stdin.readexactly(int(command.split()[1]))
        elif command == ":docent-wait":
            line = (await process.stdin.readline()).rstrip(b"\n")
        else:
            line = command.encode()
        self.lines.append(line)
        await self._play(process, line)

    async def _play(self, process: asyncssh.SSHServerProcess[bytes], line: bytes) -> None:
        if line == b"flood":
            with suppress(BrokenPipeError):  # the client has heard enough
                while True:
                    process.stdout.write(b"x" * 32_768)
                    await process.stdout.drain()
        elif line == b"hang":
            await asyncio.Event().wait()
        elif line == b"cat":
            await self._show_what_is_typed(process)
        elif line == b"signal":
            process.exit_with_signal("KILL")
        elif line == b"mixed":
            for number in range(20):
                (process.stderr if number % 2 else process.stdout).write(b"%d " % number)
            process.exit(3)
        else:
            process.stdout.write(b"ran " + line)
            process.exit(0)

    async def _show_what_is_typed(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        while True:
            try:
                process.stdout.write(await process.stdin.read(100))
            except asyncssh.TerminalSizeChanged as changed:
                self.screens.append((process.term_type, (changed.width, changed.height)))


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """The service's key."""
    return Key.load_or_make(tmp_path / "key")


@pytest.fixture
async def sandbox(tmp_path: Path, key: Key) -> AsyncGenerator[Sandbox]:
    """A server that knows this key."""
    played = Sandbox()
    async with listening(tmp_path, key, played):
        yield played


@asynccontextmanager
async def listening(folder: Path, key: Key, played: Sandbox) -> AsyncGenerator[None]:
    """The server, until the end; then its connections are gone too."""

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            played.connections.append(conn)

    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(folder / "ssh.sock"))
    server = await asyncssh.listen(
        sock=sock,
        server_factory=Server,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        authorized_client_keys=asyncssh.import_authorized_keys(key.public_line),
        process_factory=played.serve,
        encoding=None,
    )
    try:
        yield
    finally:
        for connection in played.connections:
            connection.abort()
        server.close()
        await server.wait_closed()
        (folder / "ssh.sock").unlink()


@pytest.fixture
async def shell(tmp_path: Path, key: Key, sandbox: Sandbox) -> AsyncGenerator[Shell]:
    """A shell on that server."""
    made = Shell(tmp_path, key)
    yield made
    await made.close()


async def output(shell: Shell, line: str) -> tuple[bytes, int]:
    """All output of a line, and its exit code."""
    async with asyncio.timeout(5), shell.run(line) as channel:
        said = b""
        while piece := await channel.read():
            said += piece
        return said, await channel.exit_code()


async def test_commands_share_one_connection(shell: Shell, sandbox: Sandbox) -> None:
    """Connecting costs more than a command."""
    assert await output(shell, "ls") == (b"ran ls", 0)
    assert await output(shell, "pwd") == (b"ran pwd", 0)
    assert len(sandbox.connections) == 1


async def test_a_prepared_shell_takes_the_next_short_line(shell: Shell, sandbox: Sandbox) -> None:
    """Once; lines that don't fit it, or of several lines, take the other way."""
    await output(shell, "ls")
    await shell.prepare()
    await shell.prepare()
    await output(shell, "short")
    await shell.prepare()
    await output(shell, "two\nlines")
    await output(shell, "가" * 5000)

    assert sandbox.commands == [
        ":docent-run 2", ":docent-wait", ":docent-wait", ":docent-run 9", ":docent-run 15000",
    ]  # fmt: skip
    assert sandbox.lines[1] == b"short"
    assert "가" * 5000 in [line.decode() for line in sandbox.lines]


async def test_a_prepared_shell_that_ended_is_not_used(shell: Shell, sandbox: Sandbox) -> None:
    """A learner may kill it; kill does too."""
    await output(shell, "ls")
    await shell.prepare()
    await shell.kill()

    assert await output(shell, "after") == (b"ran after", 0)
    assert sandbox.commands[-1] == ":docent-run 5"


async def test_output_and_error_output_are_one_stream(shell: Shell) -> None:
    """In the order in which they came."""
    said, exit_code = await output(shell, "mixed")

    assert said.split() == [b"%d" % number for number in range(20)]
    assert exit_code == 3


async def test_a_signal_is_told_as_shells_do(shell: Shell) -> None:
    """128 and its number."""
    assert (await output(shell, "signal"))[1] == 137


async def test_a_flood_that_nobody_reads_is_not_collected(shell: Shell) -> None:
    """The sandbox is stopped from sending after a few buffers."""
    async with shell.run("flood") as channel:
        await asyncio.sleep(0.3)
        buffered = len(channel._buffer)
        for _ in range(50):
            assert await channel.read()

    assert buffered < 1_000_000
    assert (await output(shell, "ls"))[1] == 0


async def test_a_sandbox_that_ends_is_gone(shell: Shell, sandbox: Sandbox) -> None:
    """In the middle of a command, and for the next one when nobody listens any more."""
    async with shell.run("hang") as channel:
        await asyncio.sleep(0.05)
        sandbox.connections[0].abort()
        assert await channel.read() == b""
        with pytest.raises(SandboxGone):
            await channel.exit_code()

    assert not shell.is_connected
    assert (await output(shell, "again"))[1] == 0  # it lets us in again


class Ice:
    """A way to the sandbox on which nothing moves while it is frozen."""

    def __init__(self, behind: Path) -> None:
        self._behind = behind
        self._moves = asyncio.Event()
        self._moves.set()
        self._pumps: list[asyncio.Task[None]] = []

    def freeze(self) -> None:
        """Let nothing through, in neither direction."""
        self._moves.clear()

    def thaw(self) -> None:
        """What waited goes through."""
        self._moves.set()

    async def let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        there, back = await asyncio.open_unix_connection(self._behind)
        for source, target in ((reader, back), (there, writer)):
            self._pumps.append(asyncio.create_task(self._pump(source, target)))

    async def stop(self) -> None:
        """Hang up."""
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while piece := await source.read(65_536):
                await self._moves.wait()
                target.write(piece)
                await target.drain()
        finally:
            target.close()


@pytest.fixture
async def ice(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[Ice, Shell, Sandbox]]:
    """A shell that soon gives up a sandbox which does not answer."""
    monkeypatch.setattr("sandbox.shell.KEEPALIVE_S", 0.05)
    monkeypatch.setattr("sandbox.shell.KEEPALIVES_MISSED", 2)
    real = tmp_path / "real"
    real.mkdir()
    played = Sandbox()
    async with listening(real, key, played):
        ice = Ice(real / "ssh.sock")
        server = await asyncio.start_unix_server(ice.let_in, tmp_path / "ssh.sock")
        shell = Shell(tmp_path, key)
        try:
            yield ice, shell, played
        finally:
            await shell.close()
            await ice.stop()
            server.close()


async def until_gone(shell: Shell) -> None:
    """Wait until it has given up."""
    async with asyncio.timeout(5):
        while shell.is_connected:  # noqa: ASYNC110 # nothing tells
            await asyncio.sleep(0.01)


async def test_a_sandbox_that_rests_may_be_silent_for_long(
    ice: tuple[Ice, Shell, Sandbox],
) -> None:
    """Connection and waiting shell are those of before; awake, it has to answer again."""
    frozen, shell, sandbox = ice
    await output(shell, "ls")
    await shell.prepare()
    shell.rest()
    frozen.freeze()
    await asyncio.sleep(0.5)
    frozen.thaw()
    shell.wake()

    assert await output(shell, "after") == (b"ran after", 0)
    assert sandbox.commands == [":docent-run 2", ":docent-wait"]
    assert len(sandbox.connections) == 1
    frozen.freeze()
    await until_gone(shell)


async def test_a_sandbox_that_is_silent_without_resting_is_given_up(
    ice: tuple[Ice, Shell, Sandbox],
) -> None:
    """Nobody waits for it for ever."""
    frozen, shell, _ = ice
    await output(shell, "ls")
    frozen.freeze()
    await until_gone(shell)


async def test_nobody_there_is_gone(tmp_path: Path, key: Key) -> None:
    """No socket, or one that nobody listens on."""
    shell = Shell(tmp_path, key)
    with pytest.raises(SandboxGone):
        await shell.connect()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "ssh.sock"))
    with pytest.raises(SandboxGone):
        await shell.connect()


async def test_a_server_with_another_key_is_no_way_in(
    tmp_path: Path, key: Key, sandbox: Sandbox
) -> None:
    """Passwords are not tried."""
    other = Shell(tmp_path, Key(asyncssh.generate_private_key("ssh-ed25519")))
    with pytest.raises(SandboxGone):
        await other.connect()


async def test_asking_has_a_deadline(shell: Shell, sandbox: Sandbox) -> None:
    """A learner can make any program hang."""
    with pytest.raises(EngineFailed):
        await shell.ask("exec sleep", most=10, timeout_s=0)
    assert sandbox.commands == []


async def test_a_link_is_never_followed(tmp_path: Path) -> None:
    """Whoever may write in the folder can't lead us to another socket."""
    real = tmp_path / "real.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(real))
        server.listen()
        (tmp_path / "ssh.sock").symlink_to(real)
        with pytest.raises(OSError, match="not a socket"):
            await connect_to_socket(tmp_path / "ssh.sock")
        (await connect_to_socket(real)).close()


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, os.mkfifo])
async def test_only_a_socket_is_connected_to(tmp_path: Path, make: object) -> None:
    """A pipe would hold us for ever."""
    make(tmp_path / "ssh.sock")  # type: ignore[operator]
    with pytest.raises(OSError, match="not a socket"):
        await connect_to_socket(tmp_path / "ssh.sock")


def test_the_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    """A new one would lock us out of the sandboxes that run."""
    first = Key.load_or_make(tmp_path / "key")
    second = Key.load_or_make(tmp_path / "key")

    assert first.public_line == second.public_line
    assert first.public_line.startswith("ssh-ed25519 ")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_every_error_of_asyncssh_becomes_ours() -> None:
    """The whole family, as it is in the installed version."""

    def family(root: type[Exception]) -> list[type[Exception]]:
        return [root, *(m for child in root.__subclasses__() for m in family(child))]

    for error in family(asyncssh.Error):
        made = error.__new__(error)
        with pytest.raises(SandboxError), shell_errors():
            raise made


SCREEN = Screen(columns=100, rows=30, term="xterm-256color")


async def test_a_session_has_a_terminal(shell: Shell, sandbox: Sandbox) -> None:
    """Of the wanted size, which may change; what is typed arrives."""
    async with asyncio.timeout(5), shell.session("a", "cat", SCREEN) as channel:
        assert channel.type(b"hi")
        assert await channel.read() == b"hi"
        channel.resize(120, 40)
        while len(sandbox.screens) < 2:  # noqa: ASYNC110 # nothing tells
            await asyncio.sleep(0.01)

    assert sandbox.commands == [":docent-session a cat"]
    assert sandbox.screens == [("xterm-256color", (100, 30)), ("xterm-256color", (120, 40))]


async def test_input_that_nobody_reads_is_refused_at_last(shell: Shell) -> None:
    """Nothing piles up without an end, and a size is nothing to wait for."""
    async with asyncio.timeout(5), shell.session("a", "hang", SCREEN) as channel:
        taken = 0
        while channel.type(b"x" * 4096):
            taken += 4096
            await asyncio.sleep(0)
        channel.resize(90, 20)

    assert MOST_WAITING_INPUT_BYTES <= taken <= MOST_WAITING_INPUT_BYTES + 4_000_000


async def test_sessions_are_signalled_and_ended_by_name(shell: Shell, sandbox: Sandbox) -> None:
    """Each with the command that the image knows."""
    await shell.signal_session("a", "TSTP")
    await shell.interrupt_session("a")
    await shell.end_session("a")

    assert sandbox.commands == [
        ":docent-session-signal a TSTP", ":docent-session-interrupt a", ":docent-session-end a",
    ]  # fmt: skip


async def test_a_session_that_ended_takes_no_size(shell: Shell) -> None:
    """It may end just while somebody changes their window."""
    async with asyncio.timeout(5), shell.session("a", "ls", SCREEN) as channel:
        await channel.exit_code()
        channel.resize(90, 20)
