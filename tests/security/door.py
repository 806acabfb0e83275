"""The service's own door, spoken to byte by byte."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1024 * 1024
GROWS_AT_MOST = 48 * MIB
"""Of the service's memory, by one caller who sends too much."""
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Door:
    """The service's socket and what opens it."""

    socket: Path
    token: str
    pid: int

    @property
    def key(self) -> bytes:
        """The header that lets in."""
        return b"Authorization: Bearer " + self.token.encode() + b"\r\n"

    def request(self, start: bytes, *headers: bytes, body: bytes = b"") -> bytes:
        """A request with the right token."""
        head = start + b" HTTP/1.1\r\nHost: docent\r\n" + self.key
        return head + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body

    async def say(self, *pieces: bytes, wait_s: float = 5.0) -> bytes:
        """What is answered to these bytes until the connection ends, or nothing more comes."""
        async with self.connection() as (reader, writer):
            try:
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.wait_for(writer.drain(), wait_s)
            except (ConnectionError, TimeoutError):
                pass  # it was refused before all was said; the answer may be there
            return await _read_all(reader, wait_s)

    @asynccontextmanager
    async def connection(
        self,
    ) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter], None]:
        """A connection that somebody holds."""
        reader, writer = await asyncio.open_unix_connection(str(self.socket))
        try:
            yield reader, writer
        finally:
            writer.close()

    def memory(self) -> int:
        """Of the service, in bytes."""
        found: int = psutil.Process(self.pid).memory_info().rss
        return found

    def descriptors(self) -> int:
        """Open files of the service."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


async def _read_all(reader: asyncio.StreamReader, wait_s: float) -> bytes:
    answer = b""
    try:
        async with asyncio.timeout(wait_s):
            while piece := await reader.read(65_536):
                answer += piece
    except (TimeoutError, ConnectionError):
        pass
    return answer


def statuses(answer: bytes) -> list[int]:
    """The status of each response in it."""
    return [int(number) for number in _STATUS.findall(answer)]
