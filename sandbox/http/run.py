"""The WebSocket of one command: its request comes in, its events go out, `cancel` may follow.

The next event is taken only when the last one is on its way, so a flood of output meets a reader
that is slow, and stops.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import structlog
from aiohttp import WSMsgType, web
from pydantic import ValidationError

from sandbox.contract import MAX_LINE_BYTES, Cancel, RunEvent, RunFailed, RunRequest
from sandbox.errors import BadRequest, SandboxError
from sandbox.watching import WatchedCommands

REQUEST_TIMEOUT_S = 10.0
SEND_TIMEOUT_S = 60.0
"""A caller that takes nothing for this long is gone; one that waits for Discord takes its time."""
HEARTBEAT_S = 40.0
"""A caller has half of this to answer a ping."""
LARGEST_MESSAGE_BYTES = 8 * MAX_LINE_BYTES
"""JSON may need six characters for one of a command line."""

log = structlog.get_logger(__name__)


async def run_command(
    request: web.Request, commands: WatchedCommands, learner: str
) -> web.StreamResponse:
    """Serve one command. When the caller goes away, the command ends."""
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE_BYTES, compress=False
    )
    await socket.prepare(request)
    try:
        await _serve(socket, commands, learner)
    except (ConnectionError, TimeoutError):
        log.info("caller_gone", learner=learner)
    except Exception:  # the boundary: once it is a WebSocket, HTTP can't say it any more
        log.exception("run_crashed", learner=learner)
        with suppress(ConnectionError, TimeoutError):
            await _send(socket, RunFailed(error=SandboxError.code, detail="see the service's log"))
    finally:
        await socket.close()
    return socket


async def _serve(socket: web.WebSocketResponse, commands: WatchedCommands, learner: str) -> None:
    asked = await _read_request(socket)
    if asked is None:
        await _send(socket, RunFailed(error=BadRequest.code, detail="not a run request"))
        return
    cancelled = asyncio.Event()
    listening = asyncio.create_task(_listen(socket, cancelled))
    try:
        async with aclosing(commands.run(learner, asked, cancelled)) as events:
            async for event in events:
                await _send(socket, event)
    finally:
        listening.cancel()
        await asyncio.wait({listening})


async def _read_request(socket: web.WebSocketResponse) -> RunRequest | None:
    message = await socket.receive(timeout=REQUEST_TIMEOUT_S)
    if message.type is not WSMsgType.TEXT:
        return None
    try:
        return RunRequest.model_validate_json(message.data)
    except ValidationError:
        return None


async def _listen(socket: web.WebSocketResponse, cancelled: asyncio.Event) -> None:
    """Set `cancelled` when the caller asks for it or goes away."""
    async for message in socket:
        if message.type is WSMsgType.TEXT and _is_cancel(message.data):
            break
    cancelled.set()


def _is_cancel(text: str) -> bool:
    try:
        Cancel.model_validate_json(text)
    except ValidationError:
        return False
    return True


async def _send(socket: web.WebSocketResponse, event: RunEvent) -> None:
    async with asyncio.timeout(SEND_TIMEOUT_S):
        await socket.send_str(event.model_dump_json())
