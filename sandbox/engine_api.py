"""HTTP to a learner's engine over a stream from its sandbox: one held stream, every answer bounded.

Several requests may be on their way at once (pipelining, RFC 9112, section 9.3.2).

The learner is root where the engine runs, so it may be anything that speaks here: whatever is
malformed, too big or too slow is an `EngineFailed`, and the stream is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Final, Protocol, Self

import h11

from sandbox.errors import EngineFailed, SandboxError, SandboxGone

LARGEST_BODY_BYTES = 1024 * 1024
"""It is taken apart in one go, while everybody else waits."""
MOST_NESTED = 20_000
"""Lists and maps in one answer, by their opening brackets: an honest one has half of them."""
LARGEST_HEAD_BYTES = 16_384
MOST_INTERIM = 8
"""Answers such as 100 Continue before the real one; an engine sends none to what we ask."""
NOT_FOUND = 404
CONFLICT = 409
SUCCESS = range(200, 300)


class EngineRefused(EngineFailed):
    """It answered, and says no; another stream to it would be told the same."""


class ByteStream(Protocol):
    """A stream of bytes in both directions; `sandbox.channel.Channel` is one."""

    async def read(self, most: int = ...) -> bytes:
        """Some bytes; empty when there are no more."""
        ...

    def write(self, data: bytes) -> None:
        """Send a little."""
        ...


OpenStream = Callable[[], AbstractAsyncContextManager[ByteStream]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the engine said to one request."""

    status: int
    body: bytes


class _Exchange:
    """One request and its answer, among others on the same stream."""

    def __init__(self, http: h11.Connection, request: bytes) -> None:
        self.request: Final = request
        self._http = http

    @classmethod
    def of(cls, method: str, path: str) -> Self:
        """A request without a body."""
        http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD_BYTES)
        headers = [("Host", "docker")]
        if method != "GET":
            headers.append(("Content-Length", "0"))
        head = http.send(h11.Request(method=method, target=path, headers=headers))
        return cls(http, (head or b"") + (http.send(h11.EndOfMessage()) or b""))

    @property
    def is_last(self) -> bool:
        """Whether the engine closes the stream after this answer."""
        return self._http.their_state is not h11.DONE

    async def answer(self, stream: ByteStream, begun: bytes) -> tuple[_Answer, bytes]:
        """Read the answer, of which `begun` is here already; also what came after it.

        Raises:
            EngineFailed: the answer is nonsense, too big, or does not come.
        """
        if begun:
            self._http.receive_data(begun)
        answer = _Answer(await self._status(stream), await self._body(stream))
        return answer, self._http.trailing_data[0]

    async def _status(self, stream: ByteStream) -> int:
        for _ in range(MOST_INTERIM + 1):
            event = await self._event(stream)
            if isinstance(event, h11.Response):
                return event.status_code
        raise EngineRefused("the engine never comes to its answer")

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


def _body_of(answer: _Answer) -> bytes | None:
    if answer.status in (NOT_FOUND, CONFLICT):
        return None
    if answer.status not in SUCCESS:
        raise EngineRefused(f"the engine answers {answer.status}")
    if answer.body.count(b"[") + answer.body.count(b"{") > MOST_NESTED:
        raise EngineRefused("the engine's answer is made of too many things")
    return answer.body


class EngineApi:
    """Requests to the engine, one after the other, over a stream that is kept open."""

    def __init__(self, open_stream: OpenStream) -> None:
        self._open_stream = open_stream
        self._turn = asyncio.Lock()
        self._held = AsyncExitStack()
        self._stream: ByteStream | None = None
        self._opened = 0

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
        (body,) = await self.get_all([path])
        return body

    async def get_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """The same for several at once: the way to the engine is long, the answers are short.

        The engine answers in turn, each as it is then.

        Raises:
            EngineFailed: the engine does not answer, or one of the answers is nonsense.
            SandboxGone: the sandbox ended.
        """
        async with self._turn:
            if self._stream is not None:
                try:
                    return await self._exchange("GET", paths)
                except EngineRefused:
                    raise
                except (EngineFailed, SandboxGone):
                    # A kept stream may have ended since it was used; a new one shows the truth.
                    await self._drop()
            return await self._exchange("GET", paths)

    async def post(self, path: str) -> None:
        """Have something done that needs no body. What is gone, or so already, is fine.

        Raises:
            EngineFailed: the engine does not answer, or answers nonsense.
            SandboxGone: the sandbox ended.
        """
        async with self._turn:
            await self._exchange("POST", [path])

    async def close(self) -> None:
        """Let the stream go; the next request opens another."""
        async with self._turn:
            await self._drop()

    async def _exchange(self, method: str, paths: Sequence[str]) -> list[bytes | None]:
        try:
            answers = await self._ask(method, paths)
        except h11.RemoteProtocolError as exc:
            await self._drop()
            raise EngineFailed("the engine's answer is not HTTP") from exc
        except (SandboxError, asyncio.CancelledError):
            # In the middle of an answer, what comes next would be taken for another one.
            await self._drop()
            raise
        return [_body_of(answer) for answer in answers]

    async def _ask(self, method: str, paths: Sequence[str]) -> list[_Answer]:
        """Ask for all of it, then read all of it: no answer is waited for before the last.

        Raises:
            EngineFailed: the engine closes before it has answered all.
        """
        stream = await self._connected()
        asked = [_Exchange.of(method, path) for path in paths]
        stream.write(b"".join(exchange.request for exchange in asked))
        answers, rest = [], b""
        for number, exchange in enumerate(asked, start=1):
            answer, rest = await exchange.answer(stream, rest)
            answers.append(answer)
            if exchange.is_last:
                await self._drop()
                if number < len(asked):
                    raise EngineFailed("the engine closed the connection")
        if rest:
            raise EngineFailed("the engine says more than it was asked")
        return answers

    async def _connected(self) -> ByteStream:
        if self._stream is None:
            self._stream = await self._held.enter_async_context(self._open_stream())
            self._opened += 1
        return self._stream

    async def _drop(self) -> None:
        self._stream = None
        await self._held.aclose()
