"""The way to the host's engine, in our hands: it can be slow, stuck or broken, or lose a right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import Any

PIECE_BYTES = 65_536
SLOW_S = 0.3
HEAD_END = b"\r\n\r\n"

Config = dict[str, Any]


class Traffic(Enum):
    """What becomes of an answer of the engine's."""

    FLOWS = auto()
    SLOW = auto()
    """It comes late."""
    STUCK = auto()
    """It doesn't come, but nobody hangs up."""
    BROKEN = auto()
    """The line is cut instead."""


class Way:
    """A unix socket that leads to another one."""

    def __init__(self, listen: Path, engine: Path) -> None:
        self.url = f"unix://{listen}"
        self.change_config: Callable[[Config], None] | None = None
        """Changes the configuration of each container that is made."""
        self._engine = engine
        self._flows = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()
        self.set(Traffic.FLOWS)

    def set(self, traffic: Traffic) -> None:
        """From now on, for connections that are open too; what was held back comes then."""
        self._traffic = traffic
        if traffic is Traffic.STUCK:
            self._flows.clear()
        else:
            self._flows.set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection of the service's."""
        connection = asyncio.create_task(self._connect(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def close(self) -> None:
        """Cut all lines."""
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        engine_reader, engine_writer = await asyncio.open_unix_connection(self._engine)
        copies = {
            asyncio.create_task(self._ask(reader, engine_writer)),
            asyncio.create_task(self._answer(engine_reader, writer)),
        }
        try:
            await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for copy in copies:
                copy.cancel()
            await asyncio.gather(*copies, return_exceptions=True)
            for end in (writer, engine_writer):
                end.close()

    async def _ask(self, reader: asyncio.StreamReader, engine: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE_BYTES):
                if self.change_config and b"/containers/create" in piece.split(b"\r\n")[0]:
                    piece = await _changed(piece, reader, self.change_config)
                engine.write(piece)
                await engine.drain()

    async def _answer(self, engine: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await engine.read(PIECE_BYTES):
                if self._traffic is Traffic.BROKEN:
                    return
                if self._traffic is Traffic.SLOW:
                    await asyncio.sleep(SLOW_S)
                await self._flows.wait()
                writer.write(piece)
                await writer.drain()


async def _changed(
    piece: bytes, reader: asyncio.StreamReader, change: Callable[[Config], None]
) -> bytes:
    """A request whose body is a container's configuration, with that changed."""
    while HEAD_END not in piece:
        piece += await reader.read(PIECE_BYTES)
    head, _, body = piece.partition(HEAD_END)
    lines = head.split(b"\r\n")
    (length,) = (line for line in lines if line.lower().startswith(b"content-length:"))
    while len(body) < int(length.partition(b":")[2]):
        body += await reader.read(PIECE_BYTES)
    config: Config = json.loads(body)
    change(config)
    body = json.dumps(config).encode()
    lines[lines.index(length)] = b"Content-Length: %d" % len(body)
    return b"\r\n".join(lines) + HEAD_END + body


@asynccontextmanager
async def way_to(engine: Path, listen: Path) -> AsyncGenerator[Way]:
    """The way from `listen` to the engine's socket, while it lasts."""
    way = Way(listen, engine)
    server = await asyncio.start_unix_server(way.accept, listen)
    try:
        yield way
    finally:
        way.set(Traffic.FLOWS)
        server.close()
        await way.close()
