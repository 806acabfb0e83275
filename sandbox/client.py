"""The bot's way to the sandbox service: `SandboxClient` asks for what `Sandboxes` offers.

Whatever goes wrong, a caller sees a `SandboxError` and nothing else; `ServiceDown` when the service
can't be reached, breaks off or answers what we don't understand.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import TypeVar
from urllib.parse import urlencode

import aiohttp
import structlog

from sandbox.client_errors import failure, our_errors, valid
from sandbox.client_sockets import SocketRunning, SocketTerminal
from sandbox.contract import (
    REQUEST_ID,
    REQUEST_ID_HEADER,
    AllExpiring,
    AllSeats,
    EngineFacts,
    Expiring,
    ExtendRequest,
    FileList,
    FileListRequest,
    FileRequest,
    FileWritten,
    Health,
    LoadFact,
    Page,
    PageRequest,
    RestoreRequest,
    RunRequest,
    SandboxView,
    ScreenshotRequest,
    SeatsRequest,
    SeatsView,
    SessionList,
    SessionRequest,
    SessionView,
    SnapshotFact,
    SnapshotList,
    Wire,
)
from sandbox.errors import ServiceDown
from sandbox.sandboxes import Running, Sandboxes, Terminal

__all__ = ["Running", "SandboxClient", "Sandboxes", "Terminal"]

CONNECT_TIMEOUT_S = 3.0
HEALTH_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 30.0
"""For facts and pages; the service has shorter time-outs of its own and says which one it was."""
FILE_TIMEOUT_S = 90.0
"""For a file or a picture, which may have to wait for others."""
LIFECYCLE_TIMEOUT_S = 90.0
"""For open, close and reset: a sandbox that stops slowly and one that starts slowly."""
HEARTBEAT_S = 40.0
"""A silent command is fine, a silent service is not: it has half of this to answer a ping. Not
shorter, since a caller who reads slowly also sees the answer late."""
LARGEST_ANSWER_BYTES = 8 * 1024 * 1024

FIRST_FAILURE = 400
HEALTH_STATUSES = (200, 503)
"""Able and not able: a `Health` either way."""

_Answer = TypeVar("_Answer", bound=Wire)


class SandboxClient:
    """`Sandboxes` over HTTP; make one with `SandboxClient.connect` and keep it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, token: str) -> AsyncGenerator[SandboxClient]:
        """A client of the service at `unix:<path>` or `http://host:port`.

        Nothing is sent yet: a service that is down shows in the first call.
        """
        connector, base = _connector(url)
        async with aiohttp.ClientSession(
            base_url=base,
            connector=connector,
            headers={"Authorization": f"Bearer {token}"},
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        ) as session:
            yield cls(session)

    async def health(self) -> Health:
        """See `Sandboxes.health`."""
        content, status = await self._exchange("GET", "/health", timeout_s=HEALTH_TIMEOUT_S)
        if status not in HEALTH_STATUSES:
            raise failure(content, status)
        with our_errors():
            return Health.model_validate_json(content)

    async def is_alive(self) -> bool:
        """Whether the service answers at all; raises nothing but `Unauthorized`."""
        try:
            await self._send("GET", "/health/live", timeout_s=HEALTH_TIMEOUT_S)
        except ServiceDown:
            return False
        return True

    async def metrics(self) -> str:
        """The service's metrics, in the text format of Prometheus."""
        content = await self._send("GET", "/metrics", timeout_s=HEALTH_TIMEOUT_S)
        return content.decode(errors="replace")

    async def open(self, learner: str) -> SandboxView:
        """See `Sandboxes.open`."""
        return await self._ask(
            "PUT", f"/sandboxes/{learner}", SandboxView, timeout_s=LIFECYCLE_TIMEOUT_S
        )

    async def view(self, learner: str) -> SandboxView:
        """See `Sandboxes.view`."""
        return await self._ask("GET", f"/sandboxes/{learner}", SandboxView)

    async def extend(self, learner: str, minutes: int) -> SandboxView:
        """See `Sandboxes.extend`."""
        with valid("not a number of minutes"):
            request = ExtendRequest(minutes=minutes)
        return await self._ask("POST", f"/sandboxes/{learner}/extend", SandboxView, body=request)

    async def expiring(self) -> list[Expiring]:
        """See `Sandboxes.expiring`."""
        return (await self._ask("GET", "/expiring", AllExpiring)).disks

    async def warned(self, learner: str) -> None:
        """See `Sandboxes.warned`."""
        await self._send("POST", f"/sandboxes/{learner}/warned", timeout_s=ANSWER_TIMEOUT_S)

    async def keep_seats(self, name: str, request: SeatsRequest) -> SeatsView:
        """See `Sandboxes.keep_seats`."""
        return await self._ask("PUT", f"/seats/{name}", SeatsView, body=request)

    async def seats(self) -> list[SeatsView]:
        """See `Sandboxes.seats`."""
        return (await self._ask("GET", "/seats", AllSeats)).seats

    async def give_back_seats(self, name: str) -> None:
        """See `Sandboxes.give_back_seats`."""
        await self._send("DELETE", f"/seats/{name}", timeout_s=ANSWER_TIMEOUT_S)

    async def close(self, learner: str) -> None:
        """See `Sandboxes.close`."""
        await self._send("DELETE", f"/sandboxes/{learner}", timeout_s=LIFECYCLE_TIMEOUT_S)

    async def reset(self, learner: str) -> SandboxView:
        """See `Sandboxes.reset`."""
        return await self._ask(
            "POST", f"/sandboxes/{learner}/reset", SandboxView, timeout_s=LIFECYCLE_TIMEOUT_S
        )

    async def forget(self, learner: str) -> None:
        """See `Sandboxes.forget`."""
        path = f"/sandboxes/{learner}/forget"
        await self._send("POST", path, timeout_s=LIFECYCLE_TIMEOUT_S)

    async def snapshots(self, learner: str) -> list[SnapshotFact]:
        """See `Sandboxes.snapshots`."""
        kept = await self._ask("GET", f"/sandboxes/{learner}/snapshots", SnapshotList)
        return kept.snapshots

    async def take_snapshot(self, learner: str, name: str) -> SnapshotFact:
        """See `Sandboxes.take_snapshot`."""
        path = f"/sandboxes/{learner}/snapshots/{name}"
        return await self._ask("PUT", path, SnapshotFact, timeout_s=LIFECYCLE_TIMEOUT_S)

    async def remove_snapshot(self, learner: str, name: str) -> None:
        """See `Sandboxes.remove_snapshot`."""
        path = f"/sandboxes/{learner}/snapshots/{name}"
        await self._send("DELETE", path, timeout_s=ANSWER_TIMEOUT_S)

    async def restore(self, learner: str, name: str, *, of: str | None = None) -> SandboxView:
        """See `Sandboxes.restore`."""
        with valid("not a snapshot's name"):
            request = RestoreRequest(name=name, of=of)
        return await self._ask(
            "POST",
            f"/sandboxes/{learner}/restore",
            SandboxView,
            body=request,
            timeout_s=LIFECYCLE_TIMEOUT_S,
        )

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        """See `Sandboxes.facts`."""
        query = "?usage=1" if usage else ""
        return await self._ask("GET", f"/sandboxes/{learner}/facts{query}", EngineFacts)

    async def load(self, learner: str) -> LoadFact:
        """See `Sandboxes.load`."""
        return await self._ask("GET", f"/sandboxes/{learner}/load", LoadFact)

    async def page(self, learner: str, port: int, path: str = "/") -> Page:
        """See `Sandboxes.page`."""
        with valid("not a port and a path"):
            request = PageRequest(port=port, path=path)
        return await self._ask("POST", f"/sandboxes/{learner}/page", Page, body=request)

    async def screenshot(
        self,
        learner: str,
        port: int,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1,
    ) -> bytes:
        """See `Sandboxes.screenshot`."""
        with valid("not a page, or not a size of a picture"):
            request = ScreenshotRequest(
                port=port, path=path, width=width, height=height, scale=scale
            )
        return await self._send(
            "POST", f"/sandboxes/{learner}/screenshot", body=request, timeout_s=FILE_TIMEOUT_S
        )

    async def read_file(self, learner: str, path: str) -> bytes:
        """See `Sandboxes.read_file`."""
        return await self._send("GET", _file_url(learner, path), timeout_s=FILE_TIMEOUT_S)

    async def write_file(self, learner: str, path: str, content: bytes) -> FileWritten:
        """See `Sandboxes.write_file`."""
        url = _file_url(learner, path)
        return await self._ask("PUT", url, FileWritten, body=content, timeout_s=FILE_TIMEOUT_S)

    async def list_files(self, learner: str, path: str = ".", *, depth: int = 1) -> FileList:
        """See `Sandboxes.list_files`."""
        with valid("not a path and a depth"):
            asked = FileListRequest(path=path, depth=depth)
        query = urlencode({"path": asked.path, "depth": asked.depth})
        return await self._ask("GET", f"/sandboxes/{learner}/files?{query}", FileList)

    @asynccontextmanager
    async def run(self, learner: str, request: RunRequest) -> AsyncGenerator[Running]:
        """See `Sandboxes.run`."""
        async with self._socket(f"/sandboxes/{learner}/run", request) as socket:
            yield SocketRunning(socket)

    @asynccontextmanager
    async def session(
        self, learner: str, name: str, request: SessionRequest
    ) -> AsyncGenerator[Terminal]:
        """See `Sandboxes.session`."""
        async with self._socket(f"/sandboxes/{learner}/sessions/{name}", request) as socket:
            yield SocketTerminal(socket)

    async def sessions(self, learner: str) -> list[SessionView]:
        """See `Sandboxes.sessions`."""
        return (await self._ask("GET", f"/sandboxes/{learner}/sessions", SessionList)).sessions

    async def end_session(self, learner: str, name: str) -> None:
        """See `Sandboxes.end_session`."""
        path = f"/sandboxes/{learner}/sessions/{name}"
        await self._send("DELETE", path, timeout_s=LIFECYCLE_TIMEOUT_S)

    @asynccontextmanager
    async def _socket(
        self, path: str, request: Wire
    ) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
        with our_errors():
            socket = await self._session.ws_connect(
                path,
                headers=_request_headers(),
                heartbeat=HEARTBEAT_S,
                timeout=aiohttp.ClientWSTimeout(ws_close=CONNECT_TIMEOUT_S),
                max_msg_size=LARGEST_ANSWER_BYTES,
            )
        try:
            with our_errors():
                await socket.send_str(request.model_dump_json())
            yield socket
        finally:
            await socket.close()

    async def _ask(
        self,
        method: str,
        path: str,
        answer: type[_Answer],
        *,
        body: Wire | bytes | None = None,
        timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> _Answer:
        content = await self._send(method, path, body=body, timeout_s=timeout_s)
        with our_errors():
            return answer.model_validate_json(content)

    async def _send(
        self, method: str, path: str, *, body: Wire | bytes | None = None, timeout_s: float
    ) -> bytes:
        content, status = await self._exchange(method, path, body=body, timeout_s=timeout_s)
        if status >= FIRST_FAILURE:
            raise failure(content, status)
        return content

    async def _exchange(
        self, method: str, path: str, *, body: Wire | bytes | None = None, timeout_s: float
    ) -> tuple[bytes, int]:
        headers = _request_headers()
        if isinstance(body, Wire):
            headers["Content-Type"] = "application/json"
        with our_errors():
            async with self._session.request(
                method,
                path,
                data=_payload(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s, connect=CONNECT_TIMEOUT_S),
            ) as response:
                return await response.read(), response.status


def _payload(body: Wire | bytes | None) -> str | BytesIO | None:
    if isinstance(body, Wire):
        return body.model_dump_json()
    # As a stream, so that a big one doesn't hold up everybody else.
    return None if body is None else BytesIO(body)


def _file_url(learner: str, path: str) -> str:
    with valid("not a path"):
        asked = FileRequest(path=path)
    return f"/sandboxes/{learner}/file?{urlencode({'path': asked.path})}"


def _request_headers() -> dict[str, str]:
    """The id under which the caller logs what it does now, so that both logs have the same."""
    bound = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    return {} if bound is None else {REQUEST_ID_HEADER: str(bound)}


def _connector(url: str) -> tuple[aiohttp.BaseConnector, str]:
    if url.startswith("unix:"):
        path = "/" + url.removeprefix("unix:").lstrip("/")
        # The name is only there to fill the Host header.
        return aiohttp.UnixConnector(path=path, limit=0), "http://sandbox-service/"
    # No limit: every running command holds a connection, and learners never wait for each other.
    return aiohttp.TCPConnector(limit=0), url
