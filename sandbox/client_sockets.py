"""Commands and sessions over their WebSockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeVar

import aiohttp
from pydantic import TypeAdapter

from sandbox.client_errors import our_errors, valid
from sandbox.contract import (
    MAX_INPUT_BYTES,
    Cancel,
    Detach,
    Ended,
    Input,
    Resize,
    RunEvent,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionFrame,
    Signal,
    SignalName,
)
from sandbox.errors import ServiceDown

_EVENTS: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
_SESSION_EVENTS: TypeAdapter[SessionEvent] = TypeAdapter(SessionEvent)
_Event = TypeVar("_Event")


class SocketRunning:
    """`Running` over the WebSocket of one command."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._over = False

    async def __aiter__(self) -> AsyncIterator[RunEvent]:
        while not self._over:
            event = await self._next_event()
            self._over = isinstance(event, Ended | RunFailed)
            yield event

    async def cancel(self) -> None:
        """See `Running.cancel`."""
        if self._over or self._socket.closed:
            return
        with our_errors():
            await self._socket.send_str(Cancel().model_dump_json())

    async def _next_event(self) -> RunEvent:
        try:
            return await _receive(self._socket, _EVENTS)
        except ServiceDown:
            self._over = True
            raise


class SocketTerminal:
    """`Terminal` over the WebSocket of a session."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._over = False

    async def __aiter__(self) -> AsyncIterator[SessionEvent]:
        while not self._over:
            try:
                # Meanwhile it is not over: people type while nothing comes.
                event = await _receive(self._socket, _SESSION_EVENTS)
            except BaseException:
                self._over = True
                raise
            self._over = isinstance(event, SessionEnded | SessionDetached | RunFailed)
            yield event

    async def type(self, text: str) -> None:
        """See `Terminal.type`."""
        # A character has four bytes at most.
        for begin in range(0, len(text), MAX_INPUT_BYTES // 4):
            await self._send(Input(text=text[begin : begin + MAX_INPUT_BYTES // 4]))

    async def resize(self, columns: int, rows: int) -> None:
        """See `Terminal.resize`."""
        with valid("not the size of a terminal"):
            frame = Resize(columns=columns, rows=rows)
        await self._send(frame)

    async def signal(self, name: SignalName) -> None:
        """See `Terminal.signal`."""
        await self._send(Signal(name=name))

    async def detach(self) -> None:
        """See `Terminal.detach`."""
        await self._send(Detach())

    async def _send(self, frame: SessionFrame) -> None:
        if self._over or self._socket.closed:
            return
        with our_errors():
            await self._socket.send_str(frame.model_dump_json())


async def _receive(socket: aiohttp.ClientWebSocketResponse, events: TypeAdapter[_Event]) -> _Event:
    with our_errors():
        # No time-out here: the heartbeat watches the service, and it watches the command.
        message = await socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return events.validate_json(message.data)
    raise ServiceDown(f"the connection ended in the middle of a command ({message.type.name})")
