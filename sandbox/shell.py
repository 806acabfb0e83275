"""The way into a sandbox: one held SSH connection over its unix socket, for all that runs there."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import asyncssh

from sandbox.channel import WINDOW_BYTES, Channel, read_up_to, shell_errors
from sandbox.errors import EngineFailed, SandboxGone

CONNECT_TIMEOUT_S = 5.0
OPEN_TIMEOUT_S = 5.0
"""For starting a program inside, once connected."""
SHORT_ANSWER_TIMEOUT_S = 3.0
ORDERLY_END_TIMEOUT_S = 16.0
"""The image gives compose 13 seconds for its containers, and everybody else 1.5."""
KILL_TIMEOUT_S = 10.0
"""Patient: what has to be ended may be what keeps the sandbox busy."""
KEEPALIVE_S = 15
KEEPALIVES_MISSED = 3
USER = "docent"
SOCKET_NAME = "ssh.sock"
LONGEST_FOLDER_NAME = 4096
SHORT_SCRIPT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal: its size in characters, and what it is called."""

    columns: int
    rows: int
    term: str


class Key:
    """The service's own SSH key, by which sandboxes know it."""

    def __init__(self, private: asyncssh.SSHKey) -> None:
        self.private = private

    @property
    def public_line(self) -> str:
        """The line that a sandbox gets for its authorized_keys."""
        return self.private.export_public_key().decode().strip()

    @classmethod
    def load_or_make(cls, path: Path) -> Key:
        """The key in this file, which is made if there is none; only its owner can read it."""
        if path.exists():
            return cls(asyncssh.read_private_key(path))
        key = asyncssh.generate_private_key("ssh-ed25519", comment="docent")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.export_private_key())
        return cls(key)


class Shell:
    """The held connection to one sandbox; connects again when it was lost."""

    def __init__(self, folder: Path, key: Key) -> None:
        self._folder = folder
        self._key = key
        self._connecting = asyncio.Lock()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._waiting: Channel | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the connection is held, as far as we were told."""
        return self._connection is not None and not self._connection.is_closed()

    async def connect(self) -> None:
        """Be connected.

        Raises:
            SandboxGone: nobody answers there.
        """
        async with self._connecting:
            if not self.is_connected:
                self._connection = await self._connect()

    async def close(self) -> None:
        """Let the connection go; safe to repeat."""
        self._waiting = None
        if self._connection is not None:
            self._connection.abort()
            self._connection = None

    def rest(self) -> None:
        """Don't take it for an end that nobody answers, until `wake`."""
        self._look_for_life(every_s=0)

    def wake(self) -> None:
        """Give up the connection again when nobody answers."""
        self._look_for_life(every_s=KEEPALIVE_S)

    async def prepare(self) -> None:
        """Have a shell wait inside for the next command line, which then starts at once.

        Raises:
            SandboxGone: there is no way in any more.
            EngineFailed: it can't be started.
        """
        if self._waiting is None or self._waiting.is_closed:
            self._waiting = await self._open_channel(":docent-wait")

    @asynccontextmanager
    async def run(self, line: str) -> AsyncGenerator[Channel]:
        """A command line of the learner's, under `sh` in their working directory, without input.

        Leaving closes the channel; what the line started may run on until `kill`.
        """
        script = line.encode()
        waiting = self._take_waiting() if _is_short(script) else None
        async with self._program(f":docent-run {len(script)}", waiting) as channel:
            channel.write(script if waiting is None else script + b"\n")
            yield channel

    def session(self, name: str, line: str, screen: Screen) -> AbstractAsyncContextManager[Channel]:
        """A command line on a terminal, beside the learner's other lines.

        Leaving hangs up; what is left then is for `end_session`.
        """
        return self._program(f":docent-session {name} {line}", screen=screen)

    async def signal_session(self, name: str, signal_name: str) -> None:
        """A signal to the processes in the foreground of a session.

        Raises:
            EngineFailed: that could not be done in time.
        """
        await self._signal(f":docent-session-signal {name} {signal_name}", SHORT_ANSWER_TIMEOUT_S)

    async def interrupt_session(self, name: str) -> None:
        """Ask all of a session to end, as `interrupt` does for lines."""
        await self._signal(f":docent-session-interrupt {name}", ORDERLY_END_TIMEOUT_S)

    async def end_session(self, name: str) -> None:
        """End all that a session left running; without any that's fine.

        Raises:
            EngineFailed: that could not be done in time.
        """
        await self._signal(f":docent-session-end {name}", KILL_TIMEOUT_S)

    def open_engine(self, *, starts: bool = False) -> AbstractAsyncContextManager[Channel]:
        """A stream to the API of the learner's engine; one that `starts` is waited for."""
        return self._program(":docent-engine-soon" if starts else ":docent-engine")

    def run_aside(self, script: str) -> AbstractAsyncContextManager[Channel]:
        """A script of ours, beside the learner's lines: it leaves no trace in theirs.

        The waiting shell is left to them, and so is their working directory, which the image
        saves when a line exits. What it prints as errors, the image's own remarks among it, is
        left out: it may come at any time, in the middle of the answer.
        """
        return self._aside(f"trap - EXIT; {script}")

    async def ask(self, script: str, *, most: int, timeout_s: float) -> bytes:
        """What a script of ours prints, `most` bytes of it.

        Raises:
            EngineFailed: it took too long.
        """
        try:
            async with asyncio.timeout(timeout_s), self.run_aside(script) as channel:
                return await read_up_to(channel, most)
        except TimeoutError as exc:
            raise EngineFailed("the sandbox does not answer in time") from exc

    async def directory(self) -> str:
        """The working directory that the next command line starts in."""
        said = await self.ask("pwd", most=LONGEST_FOLDER_NAME, timeout_s=SHORT_ANSWER_TIMEOUT_S)
        return said.decode(errors="replace").rstrip("\n").rpartition("\n")[2]

    async def interrupt(self) -> None:
        """Ask all that runs to end, as Ctrl-C would, and give it a moment. `kill` is still needed.

        Raises:
            EngineFailed: that could not be done in time.
        """
        self._waiting = None  # it's one of them
        await self._signal(":docent-interrupt", ORDERLY_END_TIMEOUT_S)

    async def kill(self) -> None:
        """End all that command lines left running; sessions and streams to the engine go on.

        Raises:
            EngineFailed: that could not be done in time.
        """
        self._waiting = None  # it's one of them
        await self._signal(":docent-kill", KILL_TIMEOUT_S)

    async def _signal(self, command: str, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s), self._program(command) as channel:
                await channel.exit_code()
        except TimeoutError as exc:
            raise EngineFailed("what was left running could not be ended") from exc

    def _look_for_life(self, *, every_s: float) -> None:
        if self._connection is not None:
            self._connection.set_keepalive(every_s)

    def _take_waiting(self) -> Channel | None:
        """The shell that waits, if it still does."""
        waiting, self._waiting = self._waiting, None
        return None if waiting is None or waiting.is_closed else waiting

    @asynccontextmanager
    async def _aside(self, command: str) -> AsyncGenerator[Channel]:
        await self.connect()
        channel = await self._open_channel(command, only_output=True)
        try:
            yield channel
        finally:
            channel.close()

    @asynccontextmanager
    async def _program(
        self, command: str, waiting: Channel | None = None, screen: Screen | None = None
    ) -> AsyncGenerator[Channel]:
        if waiting is None:
            await self.connect()
        channel = waiting or await self._open_channel(command, screen)
        try:
            yield channel
        finally:
            channel.close()

    async def _open_channel(
        self, command: str, screen: Screen | None = None, *, only_output: bool = False
    ) -> Channel:
        if self._connection is None:
            raise SandboxGone("not connected")
        with shell_errors():
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                _, session = await self._connection.create_session(
                    partial(Channel, only_output=only_output),
                    command,
                    encoding=None,
                    window=WINDOW_BYTES,
                    term_type=None if screen is None else screen.term,
                    term_size=None if screen is None else (screen.columns, screen.rows),
                )
        return cast(Channel, session)

    async def _connect(self) -> asyncssh.SSHClientConnection:
        with shell_errors():
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                sock = await connect_to_socket(self._folder / SOCKET_NAME)
                try:
                    return await asyncssh.connect(sock=sock, options=_options(self._key))
                except BaseException:
                    sock.close()
                    raise


async def connect_to_socket(path: Path) -> socket.socket:
    """Connect to a unix socket that may have been put there by somebody hostile.

    The file is opened without following a link and looked at before it is used; then we connect
    to what was opened, whatever has the name by now. This also takes paths of any length.

    Raises:
        OSError: it is not there, not a socket, or nobody listens.
    """
    descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(f"{path.name} is not a socket")
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, f"/proc/self/fd/{descriptor}")
        except BaseException:
            sock.close()
            raise
        return sock
    finally:
        os.close(descriptor)


def _options(key: Key) -> asyncssh.SSHClientConnectionOptions:
    return asyncssh.SSHClientConnectionOptions(
        # Nothing of the operator's own SSH settings, keys or agent.
        config=None,
        agent_path=None,
        client_keys=[key.private],
        username=USER,
        preferred_auth="publickey",
        # The host key is new at each start. Who answers is known by the folder: only this
        # sandbox's keeper can make a socket there.
        known_hosts=None,
        keepalive_interval=KEEPALIVE_S,
        keepalive_count_max=KEEPALIVES_MISSED,
    )


def _is_short(script: bytes) -> bool:
    """Whether it fits the shell that waits: that one reads a single line, byte by byte."""
    return b"\n" not in script and len(script) <= SHORT_SCRIPT_BYTES
