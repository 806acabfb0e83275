"""The WebSocket of a session: the real client, and callers that break the contract."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import pytest

from sandbox.client import SandboxClient
from sandbox.contract import (
    MAX_INPUT_BYTES,
    MAX_SESSION_LINE_BYTES,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionRequest,
    SessionStarted,
)
from sandbox.errors import BadRequest, Unauthorized
from tests.terminal_events import last_of, watch
from tests.unit.sandbox.stage import Stage

PATH = "/sandboxes/1/sessions/a"


async def test_a_session_through_client_and_service(client: SandboxClient, stage: Stage) -> None:
    """Typing of any length, sizes and signals arrive; the list shows it; its end is told."""
    typed = "가" * 5000 + "\r"
    async with client.session("1", "a", SessionRequest(line="bash", rows=50)) as terminal:
        assert isinstance(await anext(aiter(terminal)), SessionStarted)
        await terminal.type(typed)
        await terminal.resize(100, 40)
        await terminal.signal("TERM")
        assert await watch(terminal, "\r") == typed
        [view] = await client.sessions("1")
        await asyncio.sleep(0.1)
        fake = stage.insides["1"].terminals["a"]
        fake.finish(3)
        assert await last_of(terminal) == SessionEnded(exit_code=3)

    assert (view.id, view.line, view.attached) == ("a", "bash", True)
    assert (fake.sizes[0], fake.sizes[-1]) == ((80, 50), (100, 40))
    assert fake.signals == ["TERM"]
    assert await client.sessions("1") == []


async def test_typing_arrives_while_the_caller_waits_for_output(client: SandboxClient) -> None:
    """As somebody does whose terminal is always read."""
    async with client.session("1", "a", SessionRequest(line="bash")) as terminal:
        reading = asyncio.create_task(watch(terminal, "typed\r"))
        await asyncio.sleep(0.1)
        await terminal.type("typed\r")
        assert await reading == "typed\r"


async def test_a_caller_that_goes_away_leaves_it_running(client: SandboxClient) -> None:
    """Also without a word; another one finds it, and ends it."""
    async with client.session("1", "a", SessionRequest(line="bash")) as terminal:
        await anext(aiter(terminal))
    for _ in range(100):
        [view] = await client.sessions("1")
        if not view.attached:
            break
        await asyncio.sleep(0.01)
    async with client.session("1", "a", SessionRequest()) as terminal:
        await anext(aiter(terminal))
        await terminal.detach()
        assert await last_of(terminal) == SessionDetached()
    await client.end_session("1", "a")
    await client.end_session("1", "a")

    assert not view.attached
    assert await client.sessions("1") == []


@pytest.mark.parametrize(
    "request_text",
    [
        "not json",
        '{"line": ""}',
        '{"line": "a\\u0000b"}',
        '{"line": "' + "x" * (MAX_SESSION_LINE_BYTES + 1) + '"}',
        '{"line": "sh", "columns": 5000}',
        '{"line": "sh", "rows": 0}',
        '{"line": "sh", "term": "x;rm"}',
        '{"line": "sh", "time_limit_s": -1}',
        '{"line": "sh", "more": 1}',
    ],
)
async def test_a_request_that_breaks_the_contract_starts_nothing(
    raw: aiohttp.ClientSession, stage: Stage, request_text: str
) -> None:
    """It is answered with one event."""
    async with raw.ws_connect(PATH) as socket:
        await socket.send_str(request_text)
        failed = RunFailed.model_validate_json(await socket.receive_str(timeout=5))

    assert failed.error == "bad_request"
    assert stage.engine.specs == []


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        '{"type": "input", "text": "' + "x" * (MAX_INPUT_BYTES + 1) + '"}',
        '{"type": "resize", "columns": 1, "rows": 24}',
        '{"type": "resize", "columns": 80, "rows": 100000}',
        '{"type": "signal", "name": "SEGV"}',
        '{"type": "shutdown"}',
    ],
)
async def test_a_frame_that_breaks_the_contract_ends_the_attachment_alone(
    raw: aiohttp.ClientSession, stage: Stage, frame: str
) -> None:
    """The program runs on."""
    async with raw.ws_connect(PATH) as socket:
        await socket.send_str('{"line": "sh"}')
        SessionStarted.model_validate_json(await socket.receive_str(timeout=5))
        await socket.send_str(frame)
        failed = RunFailed.model_validate_json(await socket.receive_str(timeout=5))

    assert failed.error == "bad_request"
    assert len(stage.sessions.of("1")) == 1


async def test_a_frame_that_is_too_large_ends_the_attachment_alone(
    raw: aiohttp.ClientSession, stage: Stage
) -> None:
    """Nobody reads a megabyte of it."""
    async with raw.ws_connect(PATH) as socket:
        await socket.send_str('{"line": "sh"}')
        await socket.receive_str(timeout=5)
        with suppress(ConnectionError):  # the service has closed it before it was all there
            await socket.send_str('{"type": "input", "text": "' + "x" * 1_000_000 + '"}')
        async with asyncio.timeout(5):
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass

    assert len(stage.sessions.of("1")) == 1


@pytest.mark.parametrize("name", ["A", "a_b", "x" * 41, "a.b", "%2e%2e", "a%20b"])
async def test_names_are_small_letters(raw: aiohttp.ClientSession, stage: Stage, name: str) -> None:
    """They become part of a command inside: nothing else gets there."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await raw.ws_connect(f"/sandboxes/1/sessions/{name}")

    assert refused.value.status in (400, 404)
    assert stage.engine.specs == []


async def test_frames_are_not_taken_faster_than_anybody_types(
    client: SandboxClient, stage: Stage
) -> None:
    """Whoever sends more of them waits."""
    async with client.session("1", "a", SessionRequest(line="bash")) as terminal:
        await anext(aiter(terminal))
        for _ in range(200):
            await terminal.type("x")
        await asyncio.sleep(0.5)

        assert 1 <= len(stage.insides["1"].terminals["a"].typed) <= 40


async def test_strangers_reach_no_session(url: str) -> None:
    """Not to start, see or end one."""
    async with SandboxClient.connect(url, "wrong") as stranger:
        for call in (stranger.sessions("1"), stranger.end_session("1", "a")):
            with pytest.raises(Unauthorized):
                await call
        with pytest.raises(Unauthorized):
            async with stranger.session("1", "a", SessionRequest(line="sh")):
                pass


async def test_a_size_that_no_terminal_has_is_refused_before_it_is_sent(
    client: SandboxClient,
) -> None:
    """By the client."""
    async with client.session("1", "a", SessionRequest(line="sh")) as terminal:
        with pytest.raises(BadRequest):
            await terminal.resize(1, 1)
