"""The WebSocket of a session: a request comes in, frames and events pass, the caller leaves.

As with a command, the next event is taken only when the last one is on its way. The other way
round, the next frame is read only when the last one was done, and not faster than some pace.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import structlog
from aiohttp import WSMsgType, web
from pydantic import TypeAdapter, ValidationError

from sandbox.contract import (
    MAX_INPUT_BYTES,
    MAX_SESSION_LINE_BYTES,
    RunFailed,
    SessionEvent,
    SessionFrame,
    SessionRequest,
)
from sandbox.errors import BadRequest, SandboxError
from sandbox.http.run import HEARTBEAT_S, REQUEST_TIMEOUT_S, SEND_TIMEOUT_S
from sandbox.session import Attachment
from sandbox.sessions import Sessions

LARGEST_MESSAGE_BYTES = 8 * max(MAX_INPUT_BYTES, MAX_SESSION_LINE_BYTES)
"""JSON may need six characters for one that is typed."""
FRAMES_PER_S = 50
"""Faster than anybody types; a caller who sends more of them waits."""

_FRAMES: TypeAdapter[SessionFrame] = TypeAdapter(SessionFrame)

log = structlog.get_logger(__name__)


async def serve_session(
    request: web.Request, sessions: Sessions, learner: str, name: str
) -> web.StreamResponse:
    """Serve one caller of a session. When they go away, the session runs on without them."""
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE_BYTES, compress=False
    )
    await socket.prepare(request)
    try:
        await _serve(socket, sessions, learner, name)
    except SandboxError as exc:
        await _last_words(socket, RunFailed(error=exc.code, detail=str(exc)))
    except (ConnectionError, TimeoutError):
        log.info("caller_gone", learner=learner, session=name)
    except Exception:  # the boundary: once it is a WebSocket, HTTP can't say it any more
        log.exception("session_crashed", learner=learner, session=name)
        await _last_words(
            socket, RunFailed(error=SandboxError.code, detail="see the service's log")
        )
    finally:
        await socket.close()
    return socket


async def _serve(
    socket: web.WebSocketResponse, sessions: Sessions, learner: str, name: str
) -> None:
    attachment = await sessions.attach(learner, name, await _read_request(socket))
    async with aclosing(attachment.events()) as events:
        listening = asyncio.create_task(_listen(socket, attachment))
        try:
            async for event in events:
                await _send(socket, event)
        finally:
            listening.cancel()
            await asyncio.wait({listening})


async def _read_request(socket: web.WebSocketResponse) -> SessionRequest:
    message = await socket.receive(timeout=REQUEST_TIMEOUT_S)
    if message.type is not WSMsgType.TEXT:
        raise BadRequest("not a session request")
    try:
        return SessionRequest.model_validate_json(message.data)
    except ValidationError as exc:
        raise BadRequest("not a session request") from exc


async def _listen(socket: web.WebSocketResponse, attachment: Attachment) -> None:
    """Do what the caller sends, and leave when they go away."""
    last = RunFailed(error=BadRequest.code, detail="not a frame of a session")
    try:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            await attachment.take(_FRAMES.validate_json(message.data))
            await asyncio.sleep(1 / FRAMES_PER_S)
        else:
            last = RunFailed(error=BadRequest.code, detail="the caller is gone")
    except ValidationError:
        log.info("session_frame_refused")
    except SandboxError as exc:
        last = RunFailed(error=exc.code, detail=str(exc))
    finally:
        attachment.leave(last)


async def _send(socket: web.WebSocketResponse, event: SessionEvent) -> None:
    async with asyncio.timeout(SEND_TIMEOUT_S):
        await socket.send_str(event.model_dump_json())


async def _last_words(socket: web.WebSocketResponse, event: SessionEvent) -> None:
    with suppress(ConnectionError, TimeoutError):
        await _send(socket, event)
