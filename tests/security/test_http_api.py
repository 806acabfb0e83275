"""Strangers, and callers who don't behave, at the door of the sandbox service."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

import pytest

import sandbox.contract
from sandbox.__main__ import CONNECTION_IDLE_S
from sandbox.http.requests import BODY_TIMEOUT_S
from tests.security.door import GROWS_AT_MOST, MIB, Door, statuses
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

MANY = 300
PATIENCE_S = max(CONNECTION_IDLE_S, BODY_TIMEOUT_S * 2) + 10
LAST = b"Connection: close"
ENDLESS = b"Content-Length: 209715200"


def _requests() -> list[tuple[str, str]]:
    """Method and path of every request that the contract names."""
    lines = re.findall(
        r"^    (GET|PUT|POST|DELETE) +(/\S*)", sandbox.contract.__doc__ or "", re.MULTILINE
    )
    return [(method, re.sub(r"\{\w+\}", "102", path)) for method, path in lines]


@pytest.mark.parametrize(("method", "path"), _requests())
async def test_nothing_is_done_without_a_token(
    live: Stage, neighbour: str, door: Door, method: str, path: str
) -> None:
    """Every request of the contract asks for the token before anything else."""
    async with live.serving(neighbour):
        answer = await door.say(
            f"{method} {path} HTTP/1.1\r\nHost: docent\r\nConnection: close\r\n\r\n".encode()
        )

    assert statuses(answer) == [401]


WRONG_KEYS: dict[str, Callable[[str], bytes]] = {
    "none": lambda _: b"X: y",
    "empty": lambda _: b"Authorization:",
    "empty bearer": lambda _: b"Authorization: Bearer ",
    "prefix": lambda token: b"Authorization: Bearer " + token[:-1].encode(),
    "longer": lambda token: b"Authorization: Bearer " + token.encode() + b"A",
    "other case": lambda token: b"Authorization: Bearer " + token.swapcase().encode(),
    "bare": lambda token: b"Authorization: " + token.encode(),
    "basic": lambda token: b"Authorization: Basic " + token.encode(),
    "two spaces": lambda token: b"Authorization: Bearer  " + token.encode(),
    "twice": lambda token: (b"Authorization: Bearer " + token.encode() + b"\r\n") * 2 + b"X: y",
    "wrong and right": lambda token: (
        b"Authorization: Bearer wrong\r\nAuthorization: Bearer " + token.encode()
    ),
    "right and wrong": lambda token: (
        b"Authorization: Bearer " + token.encode() + b"\r\nAuthorization: Bearer wrong"
    ),
    "list": lambda token: b"Authorization: Bearer wrong, Bearer " + token.encode(),
    "cookie": lambda token: b"Cookie: Authorization=Bearer " + token.encode(),
    "other header": lambda token: b"X-Authorization: Bearer " + token.encode(),
    "underscore": lambda token: b"Authorization_: Bearer " + token.encode(),
    "not text": lambda token: b"Authorization: Bearer \xff" + token.encode(),
    "proxy": lambda token: b"Proxy-Authorization: Bearer " + token.encode(),
}


@pytest.mark.parametrize("kind", WRONG_KEYS)
async def test_only_the_token_opens(door: Door, kind: str) -> None:
    """What is nearly the token, or the token in the wrong place, opens nothing."""
    header = WRONG_KEYS[kind](door.token)
    answer = await door.say(
        b"GET /health HTTP/1.1\r\nHost: docent\r\nConnection: close\r\n" + header + b"\r\n\r\n"
    )

    assert statuses(answer) in ([401], [400])


async def test_who_has_no_token_learns_nothing_about_learners(door: Door, attacker: str) -> None:
    """A learner who is there and one who never was get the same answer."""
    answers = [
        await door.say(
            f"GET /sandboxes/{learner} HTTP/1.1\r\nHost: x\r\nX-Request-ID: 1\r\n"
            f"Connection: close\r\n\r\n".encode()
        )
        for learner in (attacker, "99999999")
    ]
    without_date = [re.sub(rb"Date: [^\r]*", b"", answer) for answer in answers]

    assert without_date[0] == without_date[1]


NAMES = (
    "", "..", "%2e%2e", "102%2f..%2f103", "102/../103", "102%5c..%5c103", "..%2f..%2fetc%2fpasswd",
    "102%00", "102%0a", "102%0d%0aX:%20y", "%20102", "102%20", "-102", "+102", "0x66", "1e3",
    "102.img", "102.new", "*", "102;103", "102,103", "%EF%BC%91%EF%BC%90",
    "%D9%A1%D9%A2",
    "123456789012345678901", "102%252f103", "$(id)", "%24%7Bid%7D", "@102", "102@103", "docent-102",
)  # fmt: skip


ASKED = (
    "GET /sandboxes/{}",
    "GET /sandboxes/{}/facts",
    "DELETE /sandboxes/{}",
    "POST /sandboxes/{}/reset",
    "POST /sandboxes/{}/forget",
)


@pytest.mark.parametrize("name", NAMES)
async def test_a_learner_is_a_number_and_nothing_else(live: Stage, door: Door, name: str) -> None:
    """No file, container or label is ever made from any other name; nothing of others changes."""
    before = _things(live)
    answers = [await door.say(door.request(start.format(name).encode(), LAST)) for start in ASKED]

    for answer in answers:
        assert statuses(answer)[:1] in ([400], [404], [405], [410]), answer
    assert _things(live) == before


def _things(live: Stage) -> set[str]:
    """Names of all disks and sockets."""
    folders = (live.home.disks, live.home.sockets)
    return {str(path) for folder in folders for path in folder.iterdir()}


HIDDEN = b"DELETE /sandboxes/102 HTTP/1.1\r\nHost: x\r\n"
MALFORMED: dict[str, Callable[[Door], bytes]] = {
    "length and chunks": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Content-Length: 6", b"Transfer-Encoding: chunked",
        body=b"0\r\n\r\n" + HIDDEN + door.key + b"\r\n",
    ),
    "two lengths": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Content-Length: 5", b"Content-Length: 60", body=b"{}{}{}"
    ),
    "length of words": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Content-Length: +5", body=b"12345"
    ),
    "chunks of words": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Transfer-Encoding: chunked", body=b"zz\r\n\r\n"
    ),
    "chunks that are not": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Transfer-Encoding: xchunked", body=b"5\r\n12345\r\n0\r\n\r\n"
    ),
    "chunks below zero": lambda door: door.request(
        b"POST /sandboxes/102/page", b"Transfer-Encoding: chunked", body=b"-1\r\nx\r\n0\r\n\r\n"
    ),
    "space before a colon": lambda door: door.request(b"GET /health", b"X-A : y"),
    "folded header": lambda door: door.request(b"GET /health", b"X-A: y\r\n z: q"),
    "zero byte in a header": lambda door: door.request(b"GET /health", b"X-A: \0"),
    "newlines alone": lambda door: (
        b"GET /health HTTP/1.1\nHost: x\n" + door.key.replace(b"\r\n", b"\n") + b"\n"
    ),
    "no version": lambda _: b"GET /health\r\n\r\n",
    "another version": lambda door: door.request(b"GET /health").replace(b"HTTP/1.1", b"HTTP/3.7"),
    "the newer protocol": lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 64,
    "encryption": lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "spaces in the path": lambda door: door.request(b"GET /health /x"),
    "bytes in the path": lambda door: door.request(b"GET /health\xff\x00\x01"),
    "tunnel": lambda door: door.request(b"CONNECT 169.254.169.254:80"),
    "trace": lambda door: door.request(b"TRACE /health"),
    "method without end": lambda door: door.request(b"G" * 100_000 + b" /health"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MALFORMED)
async def test_what_is_no_proper_request_is_refused_whole(
    live: Stage, attacker: str, neighbour: str, door: Door, kind: str
) -> None:
    """One refusal and the end of the connection: nothing hidden in it is taken for a request."""
    container = live.container(neighbour)
    async with live.serving(neighbour):
        answer = await door.say(MALFORMED[kind](door), wait_s=1)

    assert statuses(answer) in ([], [400], [404], [405], [411], [413], [501]), answer
    assert live.container(neighbour) == container


async def test_an_address_in_the_request_changes_nothing(door: Door) -> None:
    """The host that a caller names is of no importance; paths are compared as they are."""
    proper = await door.say(door.request(b"GET http://169.254.169.254/health", LAST))
    crooked = [
        await door.say(door.request(b"GET " + path, LAST))
        for path in (b"//health", b"/./health", b"/health/../x", b"/health%2flive", b"/HEALTH")
    ]  # fmt: skip

    assert statuses(proper)[0] in {200, 400, 503}
    assert {statuses(answer)[0] for answer in crooked} <= {400, 404}


LARGE: dict[str, Callable[[Door], list[bytes]]] = {
    "path": lambda door: [door.request(b"GET /" + b"x" * 2 * MIB)],
    "header": lambda door: [door.request(b"GET /health", b"X: " + b"x" * 2 * MIB)],
    "name of a header": lambda door: [door.request(b"GET /health", b"x" * 2 * MIB + b": y")],
    "many headers": lambda door: [
        door.request(b"GET /health", *(b"X-%d: y" % number for number in range(100_000)))
    ],
    "body": lambda door: [
        door.request(b"POST /sandboxes/102/page", ENDLESS),
        *[b"x" * MIB] * 200,
    ],
    "body in chunks": lambda door: [
        door.request(b"POST /sandboxes/102/page", b"Transfer-Encoding: chunked"),
        *[b"100000\r\n" + b"x" * MIB + b"\r\n"] * 200,
    ],
    "packed body": lambda door: [
        door.request(b"POST /sandboxes/102/page", b"Content-Encoding: gzip", ENDLESS),
        *[b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\0" * MIB] * 200,
    ],
    "body without a token": lambda _: [
        b"POST /sandboxes/102/page HTTP/1.1\r\nHost: x\r\nContent-Length: 209715200\r\n\r\n",
        *[b"x" * MIB] * 200,
    ],
    "nested body": lambda door: [
        door.request(b"POST /sandboxes/102/page", b"Content-Length: 60000", LAST,
                     body=b"[" * 60_000)
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", LARGE)
async def test_what_is_too_large_is_refused_and_not_kept(
    live: Stage, neighbour: str, door: Door, kind: str
) -> None:
    """Whoever sends without end is cut off, and costs the service hardly any memory."""
    before = door.memory()
    async with live.serving(neighbour):
        answer = await door.say(*LARGE[kind](door), wait_s=3)

    assert set(statuses(answer)) <= {400, 401, 413, 414, 431}, answer
    assert door.memory() - before < GROWS_AT_MOST


async def test_callers_who_dawdle_are_sent_away(live: Stage, neighbour: str, door: Door) -> None:
    """Hundreds who never end their request leave the door free, and are gone after a while.

    Sending a little again and again does not help: it is the whole request that counts.
    """
    before = door.descriptors()
    started = [
        b"",
        b"GET /health HT",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        door.request(b"POST /sandboxes/102/page", b"Content-Length: 500", body=b"{"),
    ]
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE_S):
        held = []
        for number in range(MANY):
            reader, writer = await stack.enter_async_context(door.connection())
            writer.write(started[number % len(started)])
            held.append(asyncio.create_task(_until_end(reader)))
        reader, writer = await stack.enter_async_context(door.connection())
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        held.append(asyncio.create_task(_until_end(reader, writer)))
        async with live.serving(neighbour), live.client() as client:
            assert (await client.health()).engine
        await asyncio.gather(*held)
    await asyncio.sleep(0.5)

    assert door.descriptors() <= before + 10


async def _until_end(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None = None
) -> None:
    """Wait for the end of a connection; with a writer, send one more header each second."""
    with suppress(OSError):  # however the kernel says that the other side closed it
        while True:
            try:
                if not await asyncio.wait_for(reader.read(4096), 1):
                    return
            except TimeoutError:
                if writer is not None:
                    writer.write(b"X: y\r\n")
