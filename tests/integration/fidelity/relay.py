"""The API of a learner's engine as a unix socket here, for ordinary Docker clients.

Root of this machine reaches the engine's socket through /proc. The service's own way in ends with
its input, which is right for the requests that it makes; other clients hang up half of a
connection and listen on.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.docker_fixtures import docker

START_LIMIT_S = 10
PIECE_BYTES = 65_536


class _Relay:
    """Runs on a loop of its own: the clients that use it block."""

    def __init__(self, engine: Path, listen: Path) -> None:
        self._engine = engine
        self._listen = listen
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self.is_listening = threading.Event()

    def run(self) -> None:
        """Relay until `stop`."""
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    def stop(self) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self) -> None:
        server = await asyncio.start_unix_server(self._accept, self._listen)
        self.is_listening.set()
        await self._ended.wait()
        server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = self._loop.create_task(self._connect(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        engine_reader, engine_writer = await asyncio.open_unix_connection(self._engine)
        asking = asyncio.create_task(_copy(reader, engine_writer))
        try:
            await _copy(engine_reader, writer)
        finally:
            asking.cancel()
            await asyncio.wait({asking})
            for end in (writer, engine_writer):
                end.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until there is no more, which is passed on too."""
    try:
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()
    except OSError:
        pass  # the other side hung up, which both directions get to see


@contextmanager
def engine_socket(sandbox: str, listen: Path) -> Generator[None]:
    """Have `listen` lead to the engine in this container, while it lasts."""
    relay = _Relay(Path(f"/proc/{_pid_of_engine(sandbox)}/root/run/docker.sock"), listen)
    thread = threading.Thread(target=relay.run, name="relay")
    thread.start()
    try:
        assert relay.is_listening.wait(START_LIMIT_S), "the relay does not listen"
        yield
    finally:
        if thread.is_alive():
            relay.stop()
        thread.join(START_LIMIT_S)


def _pid_of_engine(sandbox: str) -> int:
    processes = [line.split() for line in docker("top", sandbox, "-eo", "pid,comm").splitlines()]
    (pid,) = [int(pid) for pid, name in processes[1:] if name == "dockerd"]
    return pid
