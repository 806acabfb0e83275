"""HTTP to a learner's engine over a stream from its sandbox: one held stream, every answer bounded.

The learner is root where the engine runs, so it may be anything that speaks here: whatever is
malformed, too big or too slow is an `EngineFailed`, and the stream is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Protocol

import h11

from sandbox.errors import EngineFailed, SandboxError, SandboxGone

LARGEST_BODY_BYTES = 4 * 1024 * 1024
LARGEST_HEAD_BYTES = 16_384
NOT_FOUND = 404
CONFLICT = 409
SUCCESS = range(200, 300)


class EngineRefused(EngineFailed):
    """It answered, and says no; another stream to it would be told the same."""


class ByteStream(Protocol):
    """A stream of bytes in both directions; `sandbox.shell.Channel` is one."""

    async def read(self, most: int = ...) -> bytes:
        """Some bytes; empty when there are no more."""
        ...

    def write(self, data: bytes) -> None:
        """Send a little."""
        ...


OpenStream = Callable[[], AbstractAsyncContextManager[ByteStream]]


class EngineApi:
    """Requests to the engine, one after the other, over a stream that is kept open."""

    def __init__(self, open_stream: OpenStream) -> None:
        self._open_stream = open_stream
        self._turn = asyncio.Lock()
        self._held = AsyncExitStack()
        self._stream: ByteStream | None = None
        self._opened = 0
        self._http = h11.Connection(h11.CLIENT)

    @property
    def opened(self) -> int:
        """How many streams there were. A stream ends with its engine."""
        return self._opened

    async def get(self, path: str) -> bytes | None:
        """The body of the answer; None when the engine has no such thing.

        Raises:
            EngineFailed: the engine does not answer, or answers nonsense.
            SandboxGone: the sandbox ended.
        """
        async with self._turn:
            if self._stream is not None:
                try:
                    return await self._exchange("GET", path)
                except EngineRefused:
                    raise
                except (EngineFailed, SandboxGone):
                    # A kept stream may have ended since it was used; a new one shows the truth.
                    await self._drop()
            return await self._exchange("GET", path)

    async def post(self, path: str) -> None:
        """Have something done that needs no body. What is gone, or so already, is fine.

        Raises:
            EngineFailed: the engine does not answer, or answers nonsense.
            SandboxGone: the sandbox ended.
        """
        async with self._turn:
            await self._exchange("POST", path)

    async def close(self) -> None:
        """Let the stream go; the next request opens another."""
        async with self._turn:
            await self._drop()

    async def _exchange(self, method: str, path: str) -> bytes | None:
        try:
            status, body = await self._ask(method, path)
        except h11.RemoteProtocolError as exc:
            await self._drop()
            raise EngineFailed("the engine's answer is not HTTP") from exc
        except (SandboxError, asyncio.CancelledError):
            # In the middle of an answer, what comes next would be taken for another one.
            await self._drop()
            raise
        if status in (NOT_FOUND, CONFLICT):
            return None
        if status not in SUCCESS:
            raise EngineRefused(f"the engine answers {status}")
        return body

    async def _ask(self, method: str, path: str) -> tuple[int, bytes]:
        stream = await self._connected()
        headers = [("Host", "docker")]
        if method != "GET":
            headers.append(("Content-Length", "0"))
        request = h11.Request(method=method, target=path, headers=headers)
        for event in (request, h11.EndOfMessage()):
            stream.write(self._http.send(event) or b"")
        status = await self._status(stream)
        body = await self._body(stream)
        if self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:  # the engine wants to close
            await self._drop()
        return status, body

    async def _status(self, stream: ByteStream) -> int:
        while True:
            event = await self._event(stream)
            if isinstance(event, h11.Response):
                return event.status_code

    async def _body(self, stream: ByteStream) -> bytes:
        body = bytearray()
        while True:
            event = await self._event(stream)
            if isinstance(event, h11.EndOfMessage):
                return bytes(body)
            if isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_BODY_BYTES:
                    raise EngineRefused("the engine's answer is too big")

    async def _event(self, stream: ByteStream) -> h11.Event:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                # At the end of the stream this is b"", which h11 knows how to judge.
                self._http.receive_data(await stream.read())
            elif isinstance(event, h11.ConnectionClosed):
                raise EngineFailed("the engine closed the connection")
            elif isinstance(event, h11.Event):
                return event
            else:
                raise EngineFailed("the engine's answers are out of step")

    async def _connected(self) -> ByteStream:
        if self._stream is None:
            self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD_BYTES)
            self._stream = await self._held.enter_async_context(self._open_stream())
            self._opened += 1
        return self._stream

    async def _drop(self) -> None:
        self._stream = None
        await self._held.aclose()
