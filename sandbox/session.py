"""One session: a program on a terminal, what is kept of its output, and who is attached to it.

While somebody is attached, the program waits for them when they are slow; while nobody is, its
oldest output gives way. Either way it can produce only so much in a second.
"""

from __future__ import annotations

import asyncio
import codecs
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Literal

import structlog

from sandbox.contract import (
    KEPT_OUTPUT_BYTES,
    Detach,
    Input,
    InputDropped,
    Output,
    Resize,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionFrame,
    SessionLimits,
    SessionStarted,
    SessionView,
    Signal,
)
from sandbox.errors import SandboxError
from sandbox.held import Opened
from sandbox.inside import Inside, Terminal
from sandbox.kept_output import KeptOutput, Pace
from sandbox.lifecycle import Lifecycle
from sandbox.shell import Screen

PIECE_BYTES = 16_384
OUTPUT_BYTES_PER_S = 1_048_576
"""More than anybody reads, and little for us to carry."""
LAST_OUTPUT_S = 2.0
"""For what is still on its way when a program has ended."""

_Last = SessionEnded | RunFailed
_Over = Literal["itself", "asked", "time", "idle"]

log = structlog.get_logger(__name__)


class Session:
    """A program on a terminal, from its start to its end; `live` is all of its life."""

    def __init__(
        self,
        name: str,
        line: str,
        screen: Screen,
        limits: SessionLimits,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.line = line
        self.limits = limits
        self.ran = False
        """Whether it ever ran."""
        self.last: _Last | None = None
        """How it ended, once it did."""
        self.ready = asyncio.Event()
        """It runs, or failed to: see `last`."""
        self.over_at = 0.0
        self._screen = screen
        self._news_of_opening: Opened | None = None
        self._clock = clock
        self._begun_at = self._active_at = clock()
        self._begun = time.time()
        self._kept = KeptOutput(KEPT_OUTPUT_BYTES)
        self._pace = Pace(OUTPUT_BYTES_PER_S)
        self._seen = 0
        """The place up to which somebody was given the output."""
        self._attached: Attachment | None = None
        self._room = asyncio.Event()
        self._end_asked = asyncio.Event()
        self._is_ending = False
        self._inside: Inside | None = None
        self._terminal: Terminal | None = None

    @property
    def age_s(self) -> float:
        """Since when it was asked for."""
        return self._clock() - self._begun_at

    @property
    def view(self) -> SessionView:
        """The same as the bot sees it."""
        return SessionView(
            id=self.name,
            line=self.line,
            age_s=self.age_s,
            idle_s=self._clock() - self._active_at,
            attached=self._attached is not None,
            limits=self.limits,
        )

    async def live(self, lifecycle: Lifecycle, learner: str) -> None:
        """Run it to its end. Afterwards nothing of it runs, however this is left."""
        try:
            async with lifecycle.use(learner) as opened:
                self.last = await self._run(opened)
        except SandboxError as exc:
            log.warning("session_failed", learner=learner, error=exc.code, detail=str(exc))
            self.last = RunFailed(error=exc.code, detail=str(exc))
        finally:
            if self.last is None:
                self.last = RunFailed(error="service_down", detail="the service stops")
            self.over_at = self._clock()
            self._terminal = None
            self.ready.set()
            self._tell()

    def end(self) -> None:
        """Ask it to end; safe to repeat."""
        self._end_asked.set()

    # Who is attached.

    def attach(self, columns: int, rows: int) -> Attachment:
        """A new reader and writer, from now on the only one."""
        if self._attached is not None:
            self._attached.leave(SessionDetached(taken_over=True))
        self._attached = Attachment(self, self._started())
        self.resize(columns, rows)
        self._room.set()
        return self._attached

    def detach(self, attachment: Attachment) -> None:
        """Nobody is there any more, if this one was; safe to repeat."""
        if self._attached is attachment:
            self._attached = None
            self._active()
            self._room.set()

    def output(self, place: int) -> tuple[bytes, int]:
        """Some output from this place on, and the place after it."""
        place = max(place, self._kept.start)
        piece = self._kept.after(place, PIECE_BYTES)
        self._seen = max(self._seen, place + len(piece))
        self._room.set()
        return piece, place + len(piece)

    def type(self, text: str) -> bool:
        """Give the program input; False when it does not read what it has."""
        self._active()
        return self._terminal is None or self._terminal.type(text.encode(errors="replace"))

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size now."""
        self._active()
        if self._terminal is not None:
            self._terminal.resize(columns, rows)

    async def signal(self, name: str) -> None:
        """A signal to what is in the foreground."""
        self._active()
        if self._inside is not None and self.last is None:
            await self._inside.signal_session(self.name, name)

    def _started(self) -> SessionStarted:
        opened, self._news_of_opening = self._news_of_opening, None
        return SessionStarted(
            limits=self.limits,
            opened_in_ms=(opened and opened.opened_in_ms) or None,
            lost=opened.sandbox.take_lost() if opened else [],
            missed_bytes=max(self._kept.start - self._seen, 0),
        )

    def _active(self) -> None:
        self._active_at = self._clock()

    def _tell(self) -> None:
        if self._attached is not None:
            self._attached.news.set()

    # Its life.

    async def _run(self, opened: Opened) -> SessionEnded:
        inside = opened.sandbox.inside
        over: _Over = "asked"
        try:
            async with inside.session(self.name, self.line, self._screen) as terminal:
                self._news_of_opening, self.ran = opened, True
                self._inside, self._terminal = inside, terminal
                self.ready.set()
                reading = asyncio.create_task(self._read(terminal))
                try:
                    over = await self._until_over(reading)
                    if over != "itself":
                        await opened.sandbox.until_awake()
                        await self._end_in_order(inside)
                        return SessionEnded(
                            exit_code=None,
                            limit=None if over == "asked" else over,
                            cancelled=over == "asked",
                        )
                    await reading
                    exit_code = await terminal.exit_code()
                    # What ends because its sandbox is being stopped has no result of its own.
                    if (why := opened.sandbox.stopped_because) is not None:
                        raise why
                    return SessionEnded(exit_code=exit_code)
                finally:
                    await self._stop_reading(reading)
        finally:
            await opened.sandbox.until_awake()
            await self._clear_away(inside, over)

    async def _until_over(self, reading: asyncio.Task[None]) -> _Over:
        asked = asyncio.create_task(self._end_asked.wait())
        try:
            while True:
                left_s, limit = self._next_limit()
                if left_s <= 0:
                    return limit
                await asyncio.wait(
                    {reading, asked}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED
                )
                if reading.done():
                    return "itself"
                if asked.done():
                    return "asked"
        finally:
            asked.cancel()

    def _next_limit(self) -> tuple[float, Literal["time", "idle"]]:
        now = self._clock()
        time_left_s = self._begun_at + self.limits.time_s - now
        idle_left_s = self._active_at + self.limits.idle_s - now
        return (time_left_s, "time") if time_left_s <= idle_left_s else (idle_left_s, "idle")

    async def _read(self, terminal: Terminal) -> None:
        """Keep what it prints, as fast as that is wanted."""
        while piece := await terminal.read(PIECE_BYTES):
            await self._pace.let_through(len(piece))
            await self._until_room(len(piece))
            self._kept.add(piece)
            if self._attached is not None:
                self._active()
                self._tell()

    async def _until_room(self, count: int) -> None:
        """Wait for who is attached to take what they have; the last output waits for nobody."""
        while (attached := self._attached) is not None and not self._is_ending:
            if self._kept.end + count - max(attached.place, self._kept.start) <= KEPT_OUTPUT_BYTES:
                return
            self._room.clear()
            await self._room.wait()

    async def _end_in_order(self, inside: Inside) -> None:
        """As on a terminal that is closed by somebody polite; what it says is still read."""
        self._is_ending = True
        self._room.set()
        with suppress(SandboxError):  # what is still there is killed now
            await inside.interrupt_session(self.name)

    async def _stop_reading(self, reading: asyncio.Task[None]) -> None:
        if self._is_ending:
            await asyncio.wait({reading}, timeout=LAST_OUTPUT_S)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    async def _clear_away(self, inside: Inside, over: _Over) -> None:
        """What is left of it ends; what runs in containers too, when it was ended."""
        try:
            await inside.end_session(self.name, since=None if over == "itself" else self._begun)
        except SandboxError as exc:
            # Then the sandbox is gone, or so ill that the next command will say so.
            log.warning("session_not_cleared", error=exc.code, detail=str(exc))


class Attachment:
    """Somebody's hold on a session: read its `events`, and `take` what they send."""

    def __init__(self, session: Session, started: SessionStarted) -> None:
        self.place = 0
        """The place in the output up to which it was read."""
        self.news = asyncio.Event()
        self._session = session
        self._started = started
        self._dropped = 0
        self._last: SessionEvent | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    async def events(self) -> AsyncGenerator[SessionEvent]:
        """What the program does; see `sandbox.contract.sessions`. Closing this detaches."""
        try:
            yield self._started
            while True:
                self.news.clear()
                event = self._next()
                if event is None:
                    await self.news.wait()
                    continue
                yield event
                if isinstance(event, SessionEnded | SessionDetached | RunFailed):
                    return
        finally:
            self._session.detach(self)

    async def take(self, frame: SessionFrame) -> None:
        """Do what they want. Raises `SandboxError` when that can't be done any more."""
        match frame:
            case Input(text=text):
                if not self._session.type(text):
                    self._dropped += len(text.encode(errors="replace"))
                    self.news.set()
            case Resize(columns=columns, rows=rows):
                self._session.resize(columns, rows)
            case Signal(name=name):
                await self._session.signal(name)
            case Detach():
                self.leave(SessionDetached())

    def leave(self, last: SessionEvent) -> None:
        """Let this be the last event. The session goes on; the first call counts."""
        self._last = self._last or last
        self._session.detach(self)
        self.news.set()

    def _next(self) -> SessionEvent | None:
        """What is to be told now, None when there is nothing new."""
        if self._last is not None:
            return self._last
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            return InputDropped(bytes=dropped)
        while True:
            piece, self.place = self._session.output(self.place)
            if text := self._decoder.decode(piece):
                return Output(text=text)
            if not piece:
                break
        if self._session.last is None:
            return None
        rest = self._decoder.decode(b"", final=True)
        return Output(text=rest) if rest else self._session.last
