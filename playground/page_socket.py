"""The WebSocket to a person's page: HELLO, then all that happens."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

import structlog
from aiohttp import web

from playground.events import Event, Events
from playground.json_types import Json
from playground.page_view import PageView

WAITING_FRAMES = 2000
SEND_TIMEOUT_S = 15.0
PING_EVERY_S = 20.0
log = structlog.get_logger()


class PageSocket:
    """One open page."""

    def __init__(self, view: PageView, events: Events, online: Callable[[], bool]) -> None:
        self._view = view
        self._events = events
        self._online = online
        self._waiting: asyncio.Queue[str] = asyncio.Queue(WAITING_FRAMES)
        self._socket = web.WebSocketResponse(heartbeat=PING_EVERY_S, max_msg_size=64 * 1024)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the page until it goes away."""
        await self._socket.prepare(request)
        self._put(self._view.hello(bot_online=self._online()))
        self._events.listen(self._tell)
        writer = asyncio.create_task(self._write())
        try:
            # A page has nothing to say here; reading notices that it has gone (pings do the rest).
            async for _ in self._socket:
                pass
        finally:
            self._events.stop_listening(self._tell)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        return self._socket

    async def close(self) -> None:
        """Close because the playground ends."""
        await self._socket.close(code=1001, message=b"The playground ends.")

    def _tell(self, event: Event) -> None:
        frame = self._view.frame(event)
        if frame is not None:
            self._put(frame)

    def _put(self, frame: Json) -> None:
        try:
            self._waiting.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            # The page comes back and draws itself anew, which is quicker than catching up.
            self._events.stop_listening(self._tell)
            log.warning("page_too_slow")

    async def _write(self) -> None:
        while not self._socket.closed:
            frame = await self._waiting.get()
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._socket.send_str(frame)
            except (ConnectionError, TimeoutError):
                break
            if self._waiting.full():
                break
        await self._socket.close()
