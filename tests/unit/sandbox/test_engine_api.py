"""HTTP to an engine that may be anything."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from sandbox.engine_api import LARGEST_BODY_BYTES, EngineApi
from sandbox.errors import EngineFailed, SandboxGone

END = b"\r\n\r\n"


class ScriptedStream:
    """A stream that answers each request with the next of its answers, in pieces."""

    def __init__(self, answers: list[bytes], *, piece: int = 7) -> None:
        self.requests: list[bytes] = []
        self._answers = answers
        self._piece = piece
        self._ready = b""

    def write(self, data: bytes) -> None:
        """One request, or several."""
        for request in data.split(END)[:-1]:
            self.requests.append(request + END)
            self._ready += self._answers.pop(0) if self._answers else b""

    async def read(self, most: int = 32_768) -> bytes:
        """A little of what is ready; the end when nothing is."""
        piece, self._ready = self._ready[: self._piece], self._ready[self._piece :]
        return piece


class Engine:
    """Opens streams; each has its own answers."""

    def __init__(self, *streams: list[bytes], piece: int = 7) -> None:
        self.opened: list[ScriptedStream] = []
        self._streams = list(streams)
        self._piece = piece

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[ScriptedStream]:
        """The next stream."""
        if not self._streams:
            raise SandboxGone("no way in")
        self.opened.append(ScriptedStream(self._streams.pop(0), piece=self._piece))
        yield self.opened[-1]


def answer(body: bytes, status: str = "200 OK", fields: str = "") -> bytes:
    """An ordinary answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
    return head.encode() + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


async def test_one_stream_serves_many_requests() -> None:
    """Opening one costs as much as ten answers."""
    engine = Engine([answer(b"one"), CHUNKED, answer(b"three")])
    api = EngineApi(engine.open)

    assert [await api.get(path) for path in ("/1", "/2", "/3")] == [b"one", b"abcde", b"three"]
    assert len(engine.opened) == 1
    assert engine.opened[0].requests[0].startswith(b"GET /1 HTTP/1.1\r\n")


@pytest.mark.parametrize("piece", [1, 7, 32_768])
async def test_several_are_asked_at_once(piece: int) -> None:
    """Each gets its own answer, however the bytes come."""
    engine = Engine([answer(b"one"), answer(b"", "404 Not Found"), CHUNKED], piece=piece)
    api = EngineApi(engine.open)

    assert await api.get_all(["/1", "/2", "/3"]) == [b"one", None, b"abcde"]
    assert [request[:6] for request in engine.opened[0].requests] == [
        b"GET /1", b"GET /2", b"GET /3",
    ]  # fmt: skip


async def test_all_or_nothing() -> None:
    """An engine that closes too early, or says more than it was asked, gets no answer believed."""
    closing = [answer(b"one", fields="Connection: close\r\n"), answer(b"two")]
    for stream in (closing, [answer(b"one"), answer(b"two") + answer(b"three")]):
        with pytest.raises(EngineFailed):
            await EngineApi(Engine(stream).open).get_all(["/1", "/2"])


async def test_who_never_comes_to_the_answer_is_not_listened_to() -> None:
    """A few interim answers are HTTP, a stream of them is an attack."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    patient = Engine([interim * 3 + answer(b"fine")])
    assert await EngineApi(patient.open).get("/1") == b"fine"

    endless = Engine([interim * 100_000])
    with pytest.raises(EngineFailed, match="never comes"):
        await EngineApi(endless.open).get("/1")
    assert len(endless.opened) == 1


async def test_what_is_not_there_is_none() -> None:
    """A container that went away since it was listed."""
    api = EngineApi(Engine([answer(b"{}", "404 Not Found"), answer(b"next")]).open)

    assert await api.get("/containers/x/json") is None
    assert await api.get("/2") == b"next"


async def test_an_ended_stream_is_replaced_once() -> None:
    """An engine that was restarted since closes the kept stream."""
    engine = Engine([answer(b"one")], [answer(b"two")])
    api = EngineApi(engine.open)
    await api.get("/1")

    assert await api.get("/2") == b"two"
    assert len(engine.opened) == 2


async def test_a_stream_that_the_engine_wants_closed_is_not_used_again() -> None:
    """It says so with Connection: close."""
    engine = Engine([answer(b"one", fields="Connection: close\r\n")], [answer(b"two")])
    api = EngineApi(engine.open)

    assert [await api.get("/1"), await api.get("/2")] == [b"one", b"two"]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"", b"SSH-2.0-what\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"\x00" * 100,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    ],
)  # fmt: skip
async def test_nonsense_is_the_engines_failure(nonsense: bytes) -> None:
    """And the next request starts on a clean stream."""
    engine = Engine([nonsense], [answer(b"fine")], piece=4096)
    api = EngineApi(engine.open)
    with pytest.raises(EngineFailed):
        await api.get("/1")

    assert await api.get("/2") == b"fine"


async def test_an_answer_without_end_is_cut_off() -> None:
    """Before it takes our memory."""
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST_BODY_BYTES + 100_000)
    with pytest.raises(EngineFailed, match="too big"):
        await EngineApi(Engine([endless], piece=65_536).open).get("/1")


async def test_no_way_in_is_said() -> None:
    """A sandbox that ended is not an engine that failed."""
    with pytest.raises(SandboxGone):
        await EngineApi(Engine().open).get("/1")


async def test_posting_to_what_is_gone_is_fine() -> None:
    """Ended already, or never there: that is what was wanted."""
    engine = Engine([answer(b"", "204 No Content"), answer(b"{}", "409 Conflict"),
                     answer(b"{}", "404 Not Found")])  # fmt: skip
    api = EngineApi(engine.open)
    for _ in range(3):
        await api.post("/containers/x/kill")

    assert engine.opened[0].requests[0].startswith(b"POST /containers/x/kill HTTP/1.1\r\n")
