"""The service's HTTP face and the bot's client of it, on a service of fakes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest
import structlog
from aiohttp import web

from sandbox.client import SandboxClient
from sandbox.contract import Ended, Output, RunLimits, RunRequest, Started
from sandbox.errors import (
    ERRORS_BY_CODE,
    BadRequest,
    SandboxError,
    SandboxGone,
    ServiceDown,
    Unauthorized,
)
from sandbox.http import requests
from sandbox.http.app import LARGEST_BODY_BYTES
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.scrape import samples
from tests.unit.sandbox.serving import TOKEN, serving
from tests.unit.sandbox.stage import Stage

STARTED = Started(limits=RunLimits(time_s=5, output_bytes=4096, output_lines=100))


async def test_a_sandbox_through_client_and_service(client: SandboxClient, stage: Stage) -> None:
    """Health, open, facts, page, reset, close, forget: each does what it says."""
    assert (await client.health()).engine
    assert (await client.open("1")).fresh
    assert (await client.facts("1")).containers == []
    assert (await client.page("1", 80)).problem == "refused"
    assert (await client.reset("1")).fresh
    await client.close("1")
    assert stage.engine.running == set()
    assert (await client.health()).running == 0
    await client.forget("1")
    with pytest.raises(SandboxGone):
        await client.view("1")


async def test_health_answers_while_the_host_engine_is_down(
    client: SandboxClient, stage: Stage
) -> None:
    """So that one can tell which of the two it is."""
    stage.engine.down = True
    health = await client.health()

    assert (health.engine, health.engine_version) == (False, None)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ключ"])
async def test_without_the_token_nothing_is_done(url: str, token: str, stage: Stage) -> None:
    """Not even health; a command is refused as well."""
    async with SandboxClient.connect(url, token) as stranger:
        for call in (stranger.health(), stranger.open("1"), stranger.reset("1")):
            with pytest.raises(Unauthorized):
                await call
        with pytest.raises(Unauthorized):
            async with stranger.run("1", RunRequest(line="ls")):
                pass

    assert stage.engine.specs == []


@pytest.mark.parametrize("learner", ["x", "1" * 21, "..", "1%2F2", "-1"])
async def test_a_learner_is_a_number(client: SandboxClient, learner: str, stage: Stage) -> None:
    """Nothing else gets into names and paths."""
    with pytest.raises((BadRequest, SandboxError)):
        await client.open(learner)

    assert stage.engine.specs == []


@pytest.mark.parametrize("path", ["", "no-slash", "/" + "x" * 2000, "/\n", "/한글"])
async def test_a_page_needs_a_port_and_a_path(client: SandboxClient, path: str) -> None:
    """What is none is refused before it is sent."""
    with pytest.raises(BadRequest):
        await client.page("1", 80, path)
    with pytest.raises(BadRequest):
        await client.page("1", 0)


async def test_bodies_that_are_not_ours_are_refused(
    raw: aiohttp.ClientSession, stage: Stage
) -> None:
    """Unknown fields, no JSON, far too much, unknown paths: a code, never a traceback."""
    bodies = [b"", b"{", b'{"port": 80, "more": 1}', b'{"port": 99999}',
              b"x" * (LARGEST_BODY_BYTES + 1)]  # fmt: skip
    for body in bodies:
        async with raw.post("/sandboxes/1/page", data=body) as answer:
            assert 400 <= answer.status < 500
            assert (await answer.json())["error"] == "bad_request"
    async with raw.get("/nothing") as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "bad_request")


@pytest.mark.parametrize("path", ["/sandboxes/1/page", "/sandboxes/1/screenshot"])
async def test_who_dawdles_with_a_request_is_not_waited_for(
    raw: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Its beginning is here, and the rest may never come."""
    monkeypatch.setattr(requests, "BODY_TIMEOUT_S", 0.1)
    let_go = asyncio.Event()

    async def body() -> AsyncGenerator[bytes]:
        yield b"{"
        await let_go.wait()

    async with asyncio.timeout(5), raw.post(path, data=body()) as answer:
        assert answer.status == 408
        let_go.set()


async def test_a_bug_is_a_code_without_details(
    raw: aiohttp.ClientSession, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong inside is for the log."""

    async def explode(learner: str) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(type(stage.lifecycle), "open", lambda _self, learner: explode(learner))
    async with raw.put("/sandboxes/1") as answer:
        text = await answer.text()

    assert answer.status == 500
    assert "secret" not in text


@pytest.mark.parametrize("error", ERRORS_BY_CODE.values())
async def test_every_failure_arrives_as_what_it_was(
    client: SandboxClient, stage: Stage, error: type[SandboxError]
) -> None:
    """By its code; the detail with it."""
    await client.open("1")
    await client.close("1")
    stage.engine.start_error = error("the reason")
    with pytest.raises(error, match="the reason"):
        await client.facts("1")


async def test_a_service_that_is_down_is_said(tmp_path: Path) -> None:
    """For every call, and at once."""
    async with SandboxClient.connect(f"unix:{tmp_path}/no.sock", TOKEN) as client:
        for call in (client.health(), client.open("1"), client.facts("1"), client.close("1")):
            with pytest.raises(ServiceDown):
                await call
        with pytest.raises(ServiceDown):
            async with client.run("1", RunRequest(line="ls")):
                pass


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_an_answer_that_is_not_ours_is_a_service_that_is_down(
    tmp_path: Path, status: int
) -> None:
    """Somebody else listens there."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>hello</html>")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with (
        serving(app, tmp_path / "x.sock") as url,
        SandboxClient.connect(url, TOKEN) as client,
    ):
        with pytest.raises(ServiceDown):
            await client.health()
        with pytest.raises(ServiceDown):
            async with client.run("1", RunRequest(line="ls")):
                pass


async def test_a_service_that_ends_in_the_middle_is_said(tmp_path: Path) -> None:
    """The events stop with a reason instead of silence."""

    async def end(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        await socket.send_str(STARTED.model_dump_json())
        await socket.send_str('{"type": "surprise"}')
        return socket

    app = web.Application()
    app.router.add_get("/sandboxes/1/run", end)
    async with (
        serving(app, tmp_path / "x.sock") as url,
        SandboxClient.connect(url, TOKEN) as client,
        client.run("1", RunRequest(line="ls")) as running,
    ):
        events = aiter(running)
        assert await anext(events) == STARTED
        with pytest.raises(ServiceDown):
            await anext(events)


async def test_a_command_streams_and_can_be_cancelled(client: SandboxClient, stage: Stage) -> None:
    """Output comes while it runs; cancel ends it, and may be repeated."""
    await client.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram((b"begun\n",), hangs=True)
    events = []
    async with client.run("1", RunRequest(line="slow")) as running:
        async for event in running:
            events.append(event)
            if isinstance(event, Output):
                await running.cancel()
                await running.cancel()

    assert [type(event) for event in events] == [Started, Output, Ended]
    last = events[-1]
    assert isinstance(last, Ended)
    assert last.cancelled


async def test_leaving_a_command_ends_it(client: SandboxClient, stage: Stage) -> None:
    """Without a word; so does a bot that crashes."""
    await client.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    async with client.run("1", RunRequest(line="slow")) as running:
        async for _ in running:
            break
    async with asyncio.timeout(3):
        await stage.insides["1"].was_killed.wait()


async def test_a_reader_that_takes_nothing_stops_the_flood(url: str, stage: Stage) -> None:
    """What is not read is not produced: nothing piles up in the service."""
    reads = 0

    class Flood(FakeProgram):
        async def read(self, most: int = 32_768) -> bytes:
            nonlocal reads
            reads += 1
            await asyncio.sleep(0)
            return b"x" * most

    stage.commands._limits = type(stage.commands._limits)(30, 1_000_000_000, 1_000_000)
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["yes"] = Flood()
    reader, writer = await asyncio.open_unix_connection(url.removeprefix("unix:"))
    writer.write(_handshake("/sandboxes/1/run") + _frame(b'{"line": "yes"}'))
    await writer.drain()
    transport = writer.transport
    assert isinstance(transport, asyncio.ReadTransport)
    transport.pause_reading()
    await asyncio.sleep(0.5)
    before = reads
    await asyncio.sleep(0.3)
    writer.close()
    del reader

    assert 0 < before == reads


@pytest.mark.parametrize("first", ["", "{", '{"line": ""}', '{"line": "ls", "x": 1}', "null"])
async def test_a_run_needs_a_request(raw: aiohttp.ClientSession, first: str) -> None:
    """Anything else is answered with a failure, and that is all."""
    async with raw.ws_connect("/sandboxes/1/run") as socket:
        await socket.send_str(first)
        answer = await socket.receive_json(timeout=2)
        end = await socket.receive(timeout=2)

    assert (answer["type"], answer["error"]) == ("failed", "bad_request")
    assert end.type is aiohttp.WSMsgType.CLOSE


async def test_a_sandbox_that_never_was_is_gone(client: SandboxClient) -> None:
    """Looking does not make one."""
    for call in (client.facts("1"), client.page("1", 80)):
        with pytest.raises(SandboxGone):
            await call


def _handshake(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n"
    ).encode()


def _frame(text: bytes) -> bytes:
    """A short text frame, masked with zeros."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


async def test_alive_is_not_able(raw: aiohttp.ClientSession, stage: Stage) -> None:
    """The service answers for itself while what it needs is missing, and says what that is."""
    stage.engine.down = True
    async with raw.get("/health/live") as live, raw.get("/health") as health:
        problems = (await health.json())["problems"]

    assert (live.status, health.status) == (200, 503)
    assert "engine" in [problem["part"] for problem in problems]


async def test_the_client_tells_alive_from_able(
    client: SandboxClient, stage: Stage, tmp_path: Path
) -> None:
    """Without a mirror it is alive and not able; without a socket it is neither."""
    assert await client.is_alive()
    assert not (await client.health()).able
    async with SandboxClient.connect(f"unix:{tmp_path}/no.sock", TOKEN) as nobody:
        assert not await nobody.is_alive()


@pytest.mark.parametrize("path", ["/metrics", "/health", "/health/live"])
async def test_operators_show_the_token_too(url: str, path: str) -> None:
    """Numbers tell strangers enough: when a class meets, and how full the machine is."""
    connector = aiohttp.UnixConnector(path=url.removeprefix("unix:"))
    async with (
        aiohttp.ClientSession(base_url="http://service/", connector=connector) as stranger,
        stranger.get(path) as answer,
    ):
        assert answer.status == 401


async def test_prometheus_can_read_the_metrics(
    client: SandboxClient, raw: aiohttp.ClientSession
) -> None:
    """In its format; requests are counted by name and status, never by path."""
    await client.open("1")
    await client.facts("1")
    async with raw.get("/nothing/987654321"):
        pass
    async with raw.get("/metrics") as answer:
        text = await answer.text()
    numbers = samples(text)

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert numbers['docent_request_seconds_count{request="facts",status="200"}'] == 1
    assert numbers['docent_request_seconds_count{request="unknown",status="404"}'] == 1
    assert "987654321" not in text
    assert numbers.keys() <= samples(await client.metrics()).keys()


async def test_an_id_goes_from_the_caller_into_log_and_answer(
    client: SandboxClient, raw: aiohttp.ClientSession, stage: Stage
) -> None:
    """The caller's own; one failure can be followed through every log."""
    with structlog.contextvars.bound_contextvars(request_id="m42"):
        async with client.run("1", RunRequest(line="docker ps")) as running:
            _ = [event async for event in running]
    async with raw.get("/health/live", headers={"X-Request-ID": "i7"}) as answer:
        pass

    assert json.loads(stage.home.audit.read_text())["request_id"] == "m42"
    assert answer.headers["X-Request-ID"] == "i7"


@pytest.mark.parametrize("shown", [None, "", "x" * 65, "a b", "<script>", "한"])
async def test_a_bad_id_is_replaced(raw: aiohttp.ClientSession, shown: str | None) -> None:
    """It goes into logs and headers: only what can't break out of them is taken over."""
    headers = {} if shown is None else {"X-Request-ID": shown}
    async with raw.get("/health/live", headers=headers) as answer:
        made = answer.headers["X-Request-ID"]

    assert re.fullmatch("[0-9a-f]{16}", made)


async def test_each_request_on_a_connection_has_its_own_id(raw: aiohttp.ClientSession) -> None:
    """A kept connection is one task: nothing of the last request may stay bound."""
    ids = set()
    for _ in range(3):
        async with raw.get("/health/live") as answer:
            ids.add(answer.headers["X-Request-ID"])

    assert len(ids) == 3
