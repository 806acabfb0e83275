"""A bot's Gateway session and the connection it currently uses."""

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from playground.json_types import Json

DISPATCH = 0
KEPT_EVENTS = 4000
SEND_TIMEOUT_S = 15.0


class Connection:
    """One WebSocket to a bot. Frames leave in the order in which they were handed in.

    Attributes:
        url: Where the bot reached the Gateway; it is told to come back there.
    """

    def __init__(self, socket: web.WebSocketResponse, *, url: str, compress: bool) -> None:
        self.url = url
        self._socket = socket
        self._deflate = zlib.compressobj() if compress else None
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self.identified = False

    def send(self, op: int, data: Json | bool | None) -> None:
        """Send a frame that is not an event."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, frame: str) -> None:
        """Send a frame that is already written out."""
        self._outgoing.put_nowait(frame)

    async def write(self) -> None:
        """Write what is handed in, until the socket closes or this is cancelled."""
        while not self._socket.closed:
            frame = await self._outgoing.get()
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._write_frame(frame)
            except TimeoutError:
                # A bot that reads nothing for so long has to come back with a RESUME.
                await self.close(4000, "Too slow.")

    async def _write_frame(self, frame: str) -> None:
        try:
            if self._deflate is None:
                await self._socket.send_str(frame)
            else:
                flushed = self._deflate.compress(frame.encode())
                await self._socket.send_bytes(flushed + self._deflate.flush(zlib.Z_SYNC_FLUSH))
        except ConnectionError:
            # The bot has gone; the session keeps the event for its RESUME.
            return

    async def close(self, code: int, reason: str) -> None:
        """Close the socket with one of Discord's close codes."""
        await self._socket.close(code=code, message=reason.encode())


@dataclass(slots=True)
class Session:
    """What a RESUME needs: the events so far, numbered, and the intents."""

    session_id: str
    intents: int
    connection: Connection | None
    sequence: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    def dispatch(self, name: str, data: Json) -> None:
        """Number the event, keep it, and send it if the bot is connected."""
        self.sequence += 1
        frame = json.dumps({"op": DISPATCH, "t": name, "s": self.sequence, "d": data})
        self.events.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.send_text(frame)

    def can_resume_after(self, sequence: int) -> bool:
        """Say whether every event after this one is still kept."""
        oldest = self.events[0][0] if self.events else self.sequence + 1
        return oldest - 1 <= sequence <= self.sequence

    def replay_after(self, sequence: int) -> None:
        """Send all that the bot has missed."""
        for number, frame in tuple(self.events):
            if number > sequence and self.connection is not None:
                self.connection.send_text(frame)
