"""A program in a sandbox, at the other end of an SSH channel: bytes in, bytes out, and how it ends.

What a learner prints need not be text, and what comes out is hostile. A reader that is slow stops
the sandbox from sending; nothing is collected here beyond a few buffers. Besides `sandbox.shell`,
which opens channels, nobody else uses asyncssh.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager

import asyncssh

from sandbox.errors import EngineFailed, SandboxGone

WINDOW_BYTES = 131_072
"""How much a sandbox may send before we have read it."""
MOST_WAITING_INPUT_BYTES = 65_536
"""Input that a program has not read yet."""


class Channel(asyncssh.SSHClientSession[bytes]):
    """A program in the sandbox: read what it prints, then ask how it ended.

    Output and error output come as one stream, in the order in which they arrived; with
    `only_output`, the other is left out.
    """

    def __init__(self, *, only_output: bool = False) -> None:
        self._only_output = only_output
        self._buffer = bytearray()
        self._changed = asyncio.Event()
        self._no_more = False
        self._closed = asyncio.Event()
        self._paused = False
        self._exit_code: int | None = None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    async def read(self, most: int = 32_768) -> bytes:
        """Some bytes, at least one; empty when there are no more."""
        while not self._buffer and not self._no_more:
            self._changed.clear()
            await self._changed.wait()
        piece = bytes(self._buffer[:most])
        del self._buffer[:most]
        if self._paused and len(self._buffer) < WINDOW_BYTES // 2:
            self._paused = False
            self._open_channel.resume_reading()
        return piece

    def write(self, data: bytes) -> None:
        """Give the program input; only for little of it, there is no back-pressure here.

        Raises:
            SandboxGone: it doesn't take any more.
        """
        with shell_errors():
            self._open_channel.write(data)

    def type(self, data: bytes) -> bool:
        """Give it input that was typed; False, and nothing is given, when too much waits already.

        Raises:
            SandboxGone: it doesn't take any more.
        """
        waiting = self._open_channel.get_write_buffer_size()
        if waiting + len(data) > MOST_WAITING_INPUT_BYTES:
            return False
        self.write(data)
        return True

    def resize(self, columns: int, rows: int) -> None:
        """Its terminal has another size now; nothing happens when it ended."""
        if not self.is_closed:
            with shell_errors():
                self._open_channel.change_terminal_size(columns, rows)

    async def exit_code(self) -> int:
        """How the program ended; as a shell would say it, 128 + N after signal N.

        Raises:
            SandboxGone: the sandbox ended first.
        """
        await self._closed.wait()
        if self._exit_code is None:
            raise SandboxGone("the sandbox ended in the middle")
        return self._exit_code

    def close(self) -> None:
        """Stop listening to it. The program itself learns that when it writes; see `Shell.kill`."""
        if self._channel is not None:
            self._channel.abort()

    @property
    def is_closed(self) -> bool:
        """Whether it ended, or the way to it did."""
        return self._closed.is_set()

    @property
    def _open_channel(self) -> asyncssh.SSHClientChannel[bytes]:
        if self._channel is None:
            raise SandboxGone("the channel is not open")
        return self._channel

    # What asyncssh calls.

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """The channel is there."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Some output, or error output."""
        if self._only_output and datatype is not None:
            return
        self._buffer += data
        if len(self._buffer) >= WINDOW_BYTES and not self._paused:
            self._paused = True
            self._open_channel.pause_reading()
        self._changed.set()

    def eof_received(self) -> bool:
        """No more output; the channel stays open for the exit status."""
        self._no_more = True
        self._changed.set()
        return True

    def exit_status_received(self, status: int) -> None:
        """The program ended by itself."""
        self._exit_code = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        """The program was ended by a signal."""
        self._exit_code = 128 + _signal_number(signal)

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel is closed, in order or not."""
        self._no_more = True
        self._changed.set()
        self._closed.set()


@contextmanager
def shell_errors() -> Generator[None]:
    """Let nothing of asyncssh go further under its own name."""
    try:
        yield
    except asyncssh.ChannelOpenError as exc:
        raise EngineFailed("the sandbox can't start another program") from exc
    except TimeoutError as exc:
        raise EngineFailed("the sandbox does not answer in time") from exc
    except (asyncssh.Error, OSError) as exc:
        raise SandboxGone(f"no way into the sandbox ({type(exc).__name__})") from exc


async def read_up_to(channel: Channel, most: int) -> bytes:
    """All that comes, `most` bytes of it at most."""
    said = bytearray()
    while len(said) < most:
        piece = await channel.read(most - len(said))
        if not piece:
            break
        said += piece
    return bytes(said)


def _signal_number(name: str) -> int:
    """The number of a signal that SSH calls `KILL`; 0 when it isn't one of ours."""
    known = signal.Signals.__members__.get(f"SIG{name}")
    return 0 if known is None else int(known)
