"""The bot's way to the sandbox service: `Sandboxes` is what it may ask for, `SandboxClient` asks.

Whatever goes wrong, a caller sees a `SandboxError` and nothing else; `ServiceDown` when the service
can't be reached, breaks off or answers what we don't understand.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from io import BytesIO
from typing import Protocol, TypeVar
from urllib.parse import urlencode

import aiohttp
import structlog
from pydantic import TypeAdapter, ValidationError

from sandbox.contract import (
    MAX_INPUT_BYTES,
    REQUEST_ID,
    REQUEST_ID_HEADER,
    AllExpiring,
    AllSeats,
    Cancel,
    Detach,
    Ended,
    EngineFacts,
    Expiring,
    ExtendRequest,
    Failure,
    FileList,
    FileListRequest,
    FileRequest,
    FileWritten,
    Health,
    Input,
    LoadFact,
    Page,
    PageRequest,
    Resize,
    RestoreRequest,
    RunEvent,
    RunFailed,
    RunRequest,
    SandboxView,
    ScreenshotRequest,
    SeatsRequest,
    SeatsView,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionFrame,
    SessionList,
    SessionRequest,
    SessionView,
    Signal,
    SignalName,
    SnapshotFact,
    SnapshotList,
    Wire,
)
from sandbox.errors import ERRORS_BY_CODE, BadRequest, SandboxError, ServiceDown, Unauthorized

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

_EVENTS: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
_SESSION_EVENTS: TypeAdapter[SessionEvent] = TypeAdapter(SessionEvent)
_Answer = TypeVar("_Answer", bound=Wire)
_Event = TypeVar("_Event")


class Running(Protocol):
    """A command on its way: iterate over its events; the last one is `Ended` or `RunFailed`."""

    def __aiter__(self) -> AsyncIterator[RunEvent]:
        """The events as they come; raises `ServiceDown` when the service breaks off."""
        ...

    async def cancel(self) -> None:
        """End the command and all it started; the events still end with `Ended`. Repeatable."""
        ...


class Terminal(Protocol):
    """A session that the caller is attached to: iterate over its events, and send it something.

    The last event is `SessionEnded`, `SessionDetached` or `RunFailed`. What is sent after it, or
    to a session that ended meanwhile, does nothing.
    """

    def __aiter__(self) -> AsyncIterator[SessionEvent]:
        """The events as they come; raises `ServiceDown` when the service breaks off."""
        ...

    async def type(self, text: str) -> None:
        """Give it input of any length, control characters included."""
        ...

    async def resize(self, columns: int, rows: int) -> None:
        """Raises `BadRequest` for a size that no terminal of ours has."""
        ...

    async def signal(self, name: SignalName) -> None:
        """A signal to what is in the foreground."""
        ...

    async def detach(self) -> None:
        """Leave it running; the last event is `SessionDetached`."""
        ...


class Sandboxes(Protocol):
    """What the bot can ask of learners' sandboxes. Every call raises `SandboxError` only."""

    async def health(self) -> Health:
        """How the service is, whether or not the host's engine answers."""
        ...

    async def open(self, learner: str) -> SandboxView:
        """Start the learner's sandbox, with a new disk if there is none; safe to repeat.

        When every place is taken it does not wait: the answer's state is `waiting`. Whoever asks
        again within a minute keeps the place in line.
        """
        ...

    async def view(self, learner: str) -> SandboxView:
        """How it is, with its timers; nothing is started or thawed for that.

        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def extend(self, learner: str, minutes: int) -> SandboxView:
        """Keep it running for so long from now, as far as that is allowed.

        Raises `SandboxGone` when it does not run.
        """
        ...

    async def expiring(self) -> list[Expiring]:
        """Disks that nobody used for long, the longest unused first."""
        ...

    async def warned(self, learner: str) -> None:
        """The learner was told that their disk will be deleted; safe to repeat.

        Raises `SandboxGone` when it does not expire any more.
        """
        ...

    async def keep_seats(self, name: str, request: SeatsRequest) -> SeatsView:
        """Keep places for the learners of a class; what it kept before is replaced."""
        ...

    async def seats(self) -> list[SeatsView]:
        """What classes keep now, the first to ask first."""
        ...

    async def give_back_seats(self, name: str) -> None:
        """Keep none for this class any more; safe to repeat."""
        ...

    async def close(self, learner: str) -> None:
        """Stop it and keep the disk; safe to repeat."""
        ...

    async def reset(self, learner: str) -> SandboxView:
        """Throw the disk away and start with a new, empty one."""
        ...

    async def forget(self, learner: str) -> None:
        """Keep nothing of the learner: no sandbox, no disk, no snapshot. Safe to repeat.

        Needs no place, and leaves none taken.
        """
        ...

    async def snapshots(self, learner: str) -> list[SnapshotFact]:
        """The learner's snapshots, the newest first."""
        ...

    async def take_snapshot(self, learner: str, name: str) -> SnapshotFact:
        """Keep the learner's disk as it is now; one of the same name is replaced.

        Raises `TooManySnapshots`, and `SandboxGone` for a learner without a disk.
        """
        ...

    async def remove_snapshot(self, learner: str, name: str) -> None:
        """Forget this one; safe to repeat."""
        ...

    async def restore(self, learner: str, name: str, *, of: str | None = None) -> SandboxView:
        """Give the learner a disk like this snapshot, of theirs or `of` another learner.

        What was on the learner's disk is gone. Raises `NoSnapshot`.
        """
        ...

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        """The state of the learner's engine; a stopped sandbox is started for it.

        With `usage` also what takes room on its disk, which the engine may add up for seconds.
        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def load(self, learner: str) -> LoadFact:
        """What the learner's engine and containers use; a stopped sandbox is started for it.

        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def page(self, learner: str, port: int, path: str = "/") -> Page:
        """What a published port answers; a port that answers nothing is a `Page` too.

        Raises `SandboxGone` when the learner never had a sandbox.
        """
        ...

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
        """A PNG of what a published port answers, as a browser shows it.

        Raises `NoPage` where there is none, and `NoBrowser` where the operator wants it small:
        `page` has the text then.
        """
        ...

    async def read_file(self, learner: str, path: str) -> bytes:
        """A file of the learner's; raises `FileRefused` with a reason.

        A relative path begins in the learner's working directory.
        """
        ...

    async def write_file(self, learner: str, path: str, content: bytes) -> FileWritten:
        """Have a file with this content, all of it or nothing; raises `FileRefused`."""
        ...

    async def list_files(self, learner: str, path: str = ".", *, depth: int = 1) -> FileList:
        """What is in a folder of the learner's, so many levels deep; raises `FileRefused`."""
        ...

    def run(self, learner: str, request: RunRequest) -> AbstractAsyncContextManager[Running]:
        """Run a command line, in a sandbox that is opened when needed; leaving cancels it."""
        ...

    def session(
        self, learner: str, name: str, request: SessionRequest
    ) -> AbstractAsyncContextManager[Terminal]:
        """Start a session or attach to one that runs; leaving detaches. See `SessionRequest`."""
        ...

    async def sessions(self, learner: str) -> list[SessionView]:
        """Those that run, the oldest first; none for a learner who never had a sandbox."""
        ...

    async def end_session(self, learner: str, name: str) -> None:
        """End it and all that it started; safe to repeat."""
        ...


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
            raise _failure(content, status)
        with _our_errors():
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
        with _valid("not a number of minutes"):
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
        with _valid("not a snapshot's name"):
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
        with _valid("not a port and a path"):
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
        try:
            request = ScreenshotRequest(
                port=port, path=path, width=width, height=height, scale=scale
            )
        except ValidationError as exc:
            raise BadRequest("not a page, or not a size of a picture") from exc
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
        try:
            asked = FileListRequest(path=path, depth=depth)
        except ValidationError as exc:
            raise BadRequest("not a path and a depth") from exc
        query = urlencode({"path": asked.path, "depth": asked.depth})
        return await self._ask("GET", f"/sandboxes/{learner}/files?{query}", FileList)

    @asynccontextmanager
    async def run(self, learner: str, request: RunRequest) -> AsyncGenerator[Running]:
        """See `Sandboxes.run`."""
        async with self._socket(f"/sandboxes/{learner}/run", request) as socket:
            yield _SocketRunning(socket)

    @asynccontextmanager
    async def session(
        self, learner: str, name: str, request: SessionRequest
    ) -> AsyncGenerator[Terminal]:
        """See `Sandboxes.session`."""
        async with self._socket(f"/sandboxes/{learner}/sessions/{name}", request) as socket:
            yield _SocketTerminal(socket)

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
        with _our_errors():
            socket = await self._session.ws_connect(
                path,
                headers=_request_headers(),
                heartbeat=HEARTBEAT_S,
                timeout=aiohttp.ClientWSTimeout(ws_close=CONNECT_TIMEOUT_S),
                max_msg_size=LARGEST_ANSWER_BYTES,
            )
        try:
            with _our_errors():
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
        with _our_errors():
            return answer.model_validate_json(content)

    async def _send(
        self, method: str, path: str, *, body: Wire | bytes | None = None, timeout_s: float
    ) -> bytes:
        content, status = await self._exchange(method, path, body=body, timeout_s=timeout_s)
        if status >= FIRST_FAILURE:
            raise _failure(content, status)
        return content

    async def _exchange(
        self, method: str, path: str, *, body: Wire | bytes | None = None, timeout_s: float
    ) -> tuple[bytes, int]:
        headers = _request_headers()
        if isinstance(body, Wire):
            headers["Content-Type"] = "application/json"
        with _our_errors():
            async with self._session.request(
                method,
                path,
                data=_payload(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s, connect=CONNECT_TIMEOUT_S),
            ) as response:
                return await response.read(), response.status


class _SocketRunning:
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
        if self._over or self._socket.closed:
            return
        with _our_errors():
            await self._socket.send_str(Cancel().model_dump_json())

    async def _next_event(self) -> RunEvent:
        try:
            return await _receive(self._socket, _EVENTS)
        except ServiceDown:
            self._over = True
            raise


class _SocketTerminal:
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
        # A character has four bytes at most.
        for begin in range(0, len(text), MAX_INPUT_BYTES // 4):
            await self._send(Input(text=text[begin : begin + MAX_INPUT_BYTES // 4]))

    async def resize(self, columns: int, rows: int) -> None:
        with _valid("not the size of a terminal"):
            frame = Resize(columns=columns, rows=rows)
        await self._send(frame)

    async def signal(self, name: SignalName) -> None:
        await self._send(Signal(name=name))

    async def detach(self) -> None:
        await self._send(Detach())

    async def _send(self, frame: SessionFrame) -> None:
        if self._over or self._socket.closed:
            return
        with _our_errors():
            await self._socket.send_str(frame.model_dump_json())


async def _receive(socket: aiohttp.ClientWebSocketResponse, events: TypeAdapter[_Event]) -> _Event:
    with _our_errors():
        # No time-out here: the heartbeat watches the service, and it watches the command.
        message = await socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return events.validate_json(message.data)
    raise ServiceDown(f"the connection ended in the middle of a command ({message.type.name})")


def _payload(body: Wire | bytes | None) -> str | BytesIO | None:
    if isinstance(body, Wire):
        return body.model_dump_json()
    # As a stream, so that a big one doesn't hold up everybody else.
    return None if body is None else BytesIO(body)


def _file_url(learner: str, path: str) -> str:
    try:
        asked = FileRequest(path=path)
    except ValidationError as exc:
        raise BadRequest("not a path") from exc
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


def _failure(content: bytes, status: int) -> SandboxError:
    try:
        failure = Failure.model_validate_json(content)
    except ValidationError:
        return ServiceDown(f"the service answered HTTP {status}")
    return ERRORS_BY_CODE.get(failure.error, SandboxError)(failure.detail)


@contextmanager
def _our_errors() -> Generator[None]:
    """Let nothing of aiohttp or pydantic leave this module under its own name."""
    try:
        yield
    except aiohttp.WSServerHandshakeError as exc:
        raise _by_status(exc.status) from exc
    except (aiohttp.ClientError, OSError) as exc:
        raise ServiceDown(str(exc) or type(exc).__name__) from exc
    except ValidationError as exc:
        raise ServiceDown(f"not understood: {exc.error_count()} fields") from exc


@contextmanager
def _valid(what: str) -> Generator[None]:
    """A request that breaks the contract is refused before it is sent."""
    try:
        yield
    except ValidationError as exc:
        raise BadRequest(what) from exc


def _by_status(status: int) -> SandboxError:
    """The handshake of a WebSocket that is refused shows its status only."""
    known = {error.status: error for error in (BadRequest, Unauthorized)}
    return known.get(status, ServiceDown)(f"the service answered HTTP {status}")
