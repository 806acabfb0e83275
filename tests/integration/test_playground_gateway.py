"""The Gateway spoken by hand: what a well-behaved client never shows."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from playground import Options, Playground
from playground.gateway_events import KNOWN_INTENTS, MESSAGE_CONTENT
from playground.json_types import Json

INTENTS = 1 | 1 << 9 | MESSAGE_CONTENT


class Line:
    """One raw connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def frame(self) -> Json:
        frame: Json = json.loads(await self.socket.receive_str(timeout=5))
        return frame

    async def event(self, name: str) -> Json:
        while (frame := await self.frame())["t"] != name:
            continue
        return frame

    async def closed_with(self) -> int | None:
        while (message := await self.socket.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
            continue
        assert message.type is aiohttp.WSMsgType.CLOSE
        return self.socket.close_code


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    options = Options(granted_intents=KNOWN_INTENTS & ~(1 << 8), heartbeat_ms=30_000)
    async with Playground.start(options) as playground:
        yield playground


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connected(playground: Playground, session: aiohttp.ClientSession) -> Line:
    line = Line(await session.ws_connect(playground.gateway.url))
    assert (await line.frame())["d"]["heartbeat_interval"] == 30_000
    return line


async def identified(
    playground: Playground, session: aiohttp.ClientSession, intents: int = INTENTS
) -> tuple[Line, str]:
    line = await connected(playground, session)
    await line.send(2, {"token": playground.token, "intents": intents, "properties": {}})
    ready = await line.event("READY")
    return line, ready["d"]["session_id"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": "{token}", "intents": -1}}, 4013),
        ({"op": 2, "d": {"token": "{token}", "intents": 1 << 8}}, 4014),
        ({"op": 2, "d": None}, 4002),
        ({"op": 8, "d": {"guild_id": "1"}}, 4003),
        ({"op": 77, "d": {}}, 4001),
        ({"op": "2", "d": {}}, 4001),
        ([], 4002),
        ("{", 4002),
    ],
)
async def test_a_broken_protocol_ends_with_discords_code(
    playground: Playground, session: aiohttp.ClientSession, frame: Any, code: int
) -> None:
    """Wrong tokens, intents, operations and frames each have their close code."""
    line = await connected(playground, session)
    text = frame if isinstance(frame, str) else json.dumps(frame)

    await line.socket.send_str(text.replace("{token}", playground.token))

    assert await line.closed_with() == code


async def test_nobody_identifies_twice(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """The second IDENTIFY on a connection is a 4005."""
    line, _ = await identified(playground, session)

    await line.send(2, {"token": playground.token, "intents": INTENTS})

    assert await line.closed_with() == 4005


async def test_too_many_frames_are_too_many(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """More than 120 in a minute is a 4008."""
    line, _ = await identified(playground, session)
    for _ in range(121):
        await line.send(1, None)

    assert await line.closed_with() == 4008


async def test_heartbeats_are_acknowledged(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Op 11 answers op 1, before and after IDENTIFY."""
    line = await connected(playground, session)
    await line.send(1, None)

    assert (await line.frame())["op"] == 11


async def test_a_resume_brings_what_was_missed_once(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Events after the given number come again in order, then RESUMED, then what is new."""
    line, session_id = await identified(playground, session)
    seen = (await line.event("GUILD_CREATE"))["s"]
    newcomer = playground.person("newcomer")
    await line.socket.close(code=4000)
    for text in ("one", "two"):
        newcomer.say(text)

    again = await connected(playground, session)
    data = {"token": playground.token, "session_id": session_id, "seq": seen}
    await again.send(6, data)
    frames = [await again.frame() for _ in range(3)]

    assert [(f["t"], f["s"]) for f in frames] == [
        ("MESSAGE_CREATE", seen + 1),
        ("MESSAGE_CREATE", seen + 2),
        ("RESUMED", seen + 3),
    ]
    assert [f["d"].get("content") for f in frames] == ["one", "two", None]


@pytest.mark.parametrize("change", [{"session_id": "unknown"}, {"seq": 10_000}, {"seq": None}])
async def test_what_cannot_be_resumed_must_identify(
    playground: Playground, session: aiohttp.ClientSession, change: Json
) -> None:
    """Unknown sessions and numbers are answered with op 9."""
    line, session_id = await identified(playground, session)
    await line.socket.close(code=4000)

    again = await connected(playground, session)
    data = {"token": playground.token, "session_id": session_id, "seq": 1}
    await again.send(6, data | change)

    assert await again.frame() == {"op": 9, "d": False, "s": None, "t": None}


async def test_events_come_only_with_their_intent(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """A session without GUILD_MESSAGES hears of threads, not of messages."""
    line, _ = await identified(playground, session, intents=1)
    newcomer = playground.person("newcomer")
    newcomer.say("hello")
    playground.world.ids.next()
    await line.event("GUILD_CREATE")
    playground.gateway.ask_to_reconnect()

    assert (await line.frame())["op"] == 7


async def test_members_are_sent_on_request(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """By id, with those that are not there named; all of them only with the intent."""
    newcomer = playground.person("newcomer")
    line, _ = await identified(playground, session)
    request = {"guild_id": playground.world.guild_id, "limit": 0, "nonce": "n"}

    await line.send(8, request | {"user_ids": [newcomer.user_id, "5"]})
    chunk = (await line.event("GUILD_MEMBERS_CHUNK"))["d"]
    await line.send(8, request | {"query": ""})

    assert [m["user"]["username"] for m in chunk["members"]] == ["newcomer"]
    assert (chunk["not_found"], chunk["nonce"]) == (["5"], "n")
    assert await line.closed_with() == 4014


async def test_a_stream_is_compressed_when_asked(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """zlib-stream: one stream for the whole connection, each frame flushed."""
    url = f"{playground.gateway.url}?v=10&encoding=json&compress=zlib-stream"
    inflate = zlib.decompressobj()
    async with session.ws_connect(url) as socket:
        ops = []
        for _ in range(2):
            data = await socket.receive_bytes(timeout=5)
            assert data.endswith(b"\x00\x00\xff\xff")
            ops.append(json.loads(inflate.decompress(data))["op"])
            await socket.send_json({"op": 1, "d": None})

    assert ops == [10, 11]


async def test_a_silent_bot_is_dropped(session: aiohttp.ClientSession) -> None:
    """Whoever misses its heartbeats loses the connection, not the session."""
    async with Playground.start(Options(heartbeat_ms=50)) as playground:
        playground.gateway.patience_s = 0.1
        line = Line(await session.ws_connect(playground.gateway.url))

        assert await line.closed_with() == 4009
