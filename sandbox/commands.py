"""Learners' command lines: each waits for its turn and for a place, and runs (`sandbox.command`).

Events are made as they are taken: a reader that is slow slows the command down, and nothing piles
up here.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from sandbox.command import Cancelled, Command, unless_cancelled
from sandbox.contract import (
    MAX_LINE_BYTES,
    Ended,
    Queued,
    RunEvent,
    RunFailed,
    RunLimits,
    RunRequest,
    Started,
    Waiting,
)
from sandbox.errors import BadRequest, InLine, NoCapacity, SandboxError
from sandbox.held import Opened
from sandbox.lifecycle import Lifecycle

MOST_WAITING = 8
"""Command lines of one learner that wait for another one of theirs."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandLimits:
    """The most that any command line gets, whatever its request says."""

    time_s: float
    output_bytes: int
    output_lines: int

    def lowered_to(self, request: RunRequest) -> RunLimits:
        """What holds for this request."""
        return RunLimits(
            time_s=min(request.time_limit_s or self.time_s, self.time_s),
            output_bytes=min(request.output_limit_bytes or self.output_bytes, self.output_bytes),
            output_lines=self.output_lines,
        )


class Commands:
    """Runs learners' command lines in their sandboxes, one at a time for each learner."""

    def __init__(
        self,
        lifecycle: Lifecycle,
        limits: CommandLimits,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifecycle = lifecycle
        self._limits = limits
        self._clock = clock
        self._lines: dict[str, _Line] = defaultdict(_Line)

    async def run(
        self, learner: str, request: RunRequest, cancelled: asyncio.Event
    ) -> AsyncGenerator[RunEvent]:
        """Everything that happens to a command line; the last event is `Ended` or `RunFailed`.

        Set `cancelled` to end it; closing the generator ends it as well.
        """
        try:
            _must_be_runnable(request.line)
            since = self._lifecycle.times_forgotten(learner)
            line = self._lines[learner]
            if line.length:
                yield Queued(ahead=line.length)
            async with AsyncExitStack() as stack:
                turn = await stack.enter_async_context(line.turn(cancelled))
                opened: Opened | None = None
                with self._lifecycle.line.ticket(learner) as ticket:
                    while opened is None:
                        async with aclosing(ticket.until_called(cancelled)) as positions:
                            async for at in positions:
                                yield Waiting(place=at.place, estimate_s=at.estimate_s)
                        _must_be_wanted_still(cancelled)
                        with suppress(InLine):  # it had died: the place is somebody else's by now
                            use = self._lifecycle.use(learner, since=since)
                            opened = await stack.enter_async_context(use)
                _must_be_wanted_still(cancelled)
                limits = self._limits.lowered_to(request)
                yield Started(
                    opened_in_ms=opened.opened_in_ms or None,
                    limits=limits,
                    lost=opened.sandbox.take_lost(),
                    ended_because=opened.sandbox.take_end(),
                    hard_stop_s=self._lifecycle.near_hard_stop_s(opened.sandbox),
                )
                _must_be_wanted_still(cancelled)
                run = Command(opened.sandbox, request.line, limits, cancelled, self._clock)
                async with aclosing(run.events()) as events:
                    async for event in events:
                        if isinstance(event, Ended):
                            turn.step_out()
                        yield event
                log.info("command_ended", learner=learner, took_ms=run.took_ms)
        except Cancelled:
            yield Ended(exit_code=None, took_ms=0, cancelled=True)
        except SandboxError as exc:
            log.warning("command_failed", learner=learner, error=exc.code, detail=str(exc))
            yield RunFailed(error=exc.code, detail=str(exc))


class _Line:
    """A learner's command lines, the running one first."""

    def __init__(self) -> None:
        self.length = 0
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, cancelled: asyncio.Event) -> AsyncGenerator[_Turn]:
        """Wait to be the first. Raises `Cancelled`, and `NoCapacity` when too many wait."""
        if self.length > MOST_WAITING:
            raise NoCapacity(f"{MOST_WAITING} command lines of this learner are waiting already")
        turn = _Turn(self)
        acquiring = asyncio.ensure_future(self._lock.acquire())
        try:
            await unless_cancelled(acquiring, cancelled)
            yield turn
        finally:
            turn.step_out()
            # It may have come true at the very moment at which we gave up waiting.
            if not acquiring.cancelled():
                self._lock.release()


class _Turn:
    """A place in the line."""

    def __init__(self, line: _Line) -> None:
        self._line: _Line | None = line
        line.length += 1

    def step_out(self) -> None:
        """It is over: who comes now need not be told to wait. Safe to repeat."""
        if self._line is not None:
            self._line.length -= 1
            self._line = None


def _must_be_wanted_still(cancelled: asyncio.Event) -> None:
    """Opening a sandbox takes long enough for second thoughts."""
    if cancelled.is_set():
        raise Cancelled


def _must_be_runnable(line: str) -> None:
    if "\0" in line:
        raise BadRequest("a command line has no NUL")
    if len(line.encode(errors="surrogatepass")) > MAX_LINE_BYTES:
        raise BadRequest(f"a command line has at most {MAX_LINE_BYTES} bytes")
