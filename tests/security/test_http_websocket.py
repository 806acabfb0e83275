"""Callers who break the WebSocket of a command, frame by frame."""

from __future__ import annotations

import asyncio
import struct

import pytest

from sandbox.contract import MAX_LINE_BYTES
from sandbox.http.run import LARGEST_MESSAGE_BYTES
from tests.security.door import GROWS_AT_MOST, MIB, Door, statuses
from tests.security.stage import Stage

pytestmark = pytest.mark.docker


def _frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A frame as clients send it; masked with zeros, which is a mask too."""
    head = bytes([(0x80 if final else 0) | opcode])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    elif len(payload) < 65_536:
        head += bytes([0x80 | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", len(payload))
    return head + b"\0" * 4 + payload


TEXT, BINARY, CONTINUED, CLOSE, PING = 1, 2, 0, 8, 9
LONG_LINE = b'{"line":"' + b"x" * (MAX_LINE_BYTES + 1) + b'"}'
FRAMES: dict[str, list[bytes]] = {
    "frame of a terabyte": [
        b"\x81\xff" + struct.pack(">Q", 1 << 40) + b"\0" * 4,
        *[b"x" * MIB] * 64,
    ],
    "frame of a negative length": [b"\x81\xff" + b"\xff" * 8 + b"\0" * 4 + b"x" * 1000],
    "message too large": [_frame(TEXT, b"x" * (LARGEST_MESSAGE_BYTES + 1))],
    "message without end": [
        _frame(TEXT, b"{", final=False),
        *[_frame(CONTINUED, b"x" * 65_000, final=False)] * 500,
    ],
    "bytes for text": [_frame(BINARY, b'{"line":"true"}')],
    "text that is none": [_frame(TEXT, b'{"line":"\xff\xfe"}')],
    "reserved bits": [b"\xf1" + _frame(TEXT, b'{"line":"true"}')[1:]],
    "reserved kind": [_frame(0xB, b"x")],
    "continuation of nothing": [_frame(CONTINUED, b"x")],
    "long ping": [_frame(PING, b"x" * 5000)],
    "no JSON": [_frame(TEXT, b"docker ps")],
    "nested JSON": [_frame(TEXT, b"[" * 100_000)],
    "number without end": [
        _frame(TEXT, b'{"line":"true","time_limit_s":1' + b"0" * 100_000 + b"}")
    ],
    "limit that is no number": [_frame(TEXT, b'{"line":"true","time_limit_s":NaN}')],
    "limit below zero": [_frame(TEXT, b'{"line":"true","output_limit_bytes":-1}')],
    "field of one's own": [_frame(TEXT, b'{"line":"true","learner":"102","user":"root"}')],
    "line too long": [_frame(TEXT, LONG_LINE)],
    "line with zero byte": [_frame(TEXT, b'{"line":"echo a\\u0000b"}')],
    "half of a letter": [_frame(TEXT, b'{"line":"echo \\ud800"}')],
    "close of a bad kind": [_frame(CLOSE, b"\x00\x01")],
    "close that goes on": [_frame(CLOSE, b""), _frame(TEXT, b'{"line":"true"}')],
}  # fmt: skip


def _upgrade(door: Door, learner: str) -> bytes:
    return door.request(
        f"GET /sandboxes/{learner}/run".encode(),
        b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        b"Sec-WebSocket-Extensions: permessage-deflate",
    )  # fmt: skip


@pytest.mark.parametrize("kind", FRAMES)
async def test_frames_that_break_the_rules_end_their_connection(
    live: Stage, attacker: str, neighbour: str, door: Door, kind: str
) -> None:
    """A caller who breaks the WebSocket or the contract gets nothing run, and is let go."""
    before = door.memory()
    async with live.serving(neighbour):
        answer = await door.say(_upgrade(door, attacker), *FRAMES[kind], wait_s=1.5)

    # A connection that is reset takes the answer with it.
    assert statuses(answer) in ([], [101])
    assert b'"started"' not in answer
    assert b"permessage-deflate" not in answer
    assert door.memory() - before < GROWS_AT_MOST


async def test_pings_without_end_delay_nobody(
    live: Stage, attacker: str, neighbour: str, door: Door
) -> None:
    """A flood of pings, whose answers nobody takes, costs bounded memory."""
    before = door.memory()
    async with live.serving(neighbour):
        await door.say(_upgrade(door, attacker), *[_frame(PING, b"x" * 100) * 1000] * 60, wait_s=3)

    assert door.memory() - before < GROWS_AT_MOST


async def test_a_caller_who_takes_nothing_holds_only_their_own_command(
    live: Stage, attacker: str, neighbour: str, door: Door
) -> None:
    """Output that a caller does not read waits in the sandbox, not in the service."""
    before = door.memory()
    line = _frame(TEXT, b'{"line":"yes","output_limit_bytes":1048576}')
    async with live.serving(neighbour), door.connection() as (_, writer):
        writer.write(_upgrade(door, attacker) + line)
        await writer.drain()
        await asyncio.sleep(3)
        grown = door.memory() - before

    assert grown < GROWS_AT_MOST
    assert (await live.run(attacker, "echo works")).output == "works\n"
