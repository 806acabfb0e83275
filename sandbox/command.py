"""One command line in its sandbox: from its start to its end, with nothing of it left running."""

from __future__ import annotations

import asyncio
import codecs
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any, Literal, TypeVar

import structlog

from sandbox.contract import Ended, Output, RunEvent, RunLimits
from sandbox.errors import SandboxError
from sandbox.held import Sandbox
from sandbox.inside import Inside, Program

PIECE_BYTES = 16_384
WAY_IN_S = 0.3
"""A line is in its cgroup by then, from where `kill` ends it."""
_CHANGES_DIRECTORY = re.compile(r"\bcd\b")
_IN_THE_BACKGROUND = re.compile(r"(?<![&>])&(?![&>0-9])")
_NO_MORE_PROCESSES = re.compile(r"Cannot fork|Resource temporarily unavailable")

_Result = TypeVar("_Result")
Limit = Literal["time", "output", "lines"]

log = structlog.get_logger(__name__)


class Cancelled(Exception):  # not a failure: somebody asked for it
    """The learner, or the bot, wants the command line to end."""


class OverLimit(Exception):  # not a failure either
    """The command line reached one of its limits."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit: Limit = limit


class Command:
    """One command line; `events` is all of its life."""

    def __init__(
        self,
        sandbox: Sandbox,
        line: str,
        limits: RunLimits,
        cancelled: asyncio.Event,
        clock: Callable[[], float],
    ) -> None:
        self._sandbox = sandbox
        self._line = line
        self._cancelled = cancelled
        self._clock = clock
        self._started_at = clock()
        self._begun = time.time()
        self._ends_at = self._started_at + limits.time_s
        self._bytes_left = limits.output_bytes
        self._lines_left = limits.output_lines
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._last_text = ""
        self._is_over = False

    @property
    def took_ms(self) -> int:
        """How long it runs by now."""
        return round((self._clock() - self._started_at) * 1000)

    async def events(self) -> AsyncGenerator[RunEvent]:
        """`Output` as it comes, then `Ended`. However it is left, nothing of it runs on."""
        inside = self._sandbox.inside
        try:
            async with inside.run(self._line) as program:
                try:
                    async with aclosing(self._texts(program)) as texts:
                        async for text in texts:
                            yield Output(text=text)
                    exit_code = await self._in_time(program.exit_code())
                except (Cancelled, OverLimit) as reason:
                    took_ms = self.took_ms
                    await self._sandbox.until_awake()
                    # While it can still write: a program that can't dies before it tidied up.
                    async with aclosing(self._last_texts(program, reason)) as texts:
                        async for text in texts:
                            yield Output(text=text)
                    raise
            took_ms = self.took_ms
            if self._may_have_left_something():
                await self._end(inside)
            self._is_over = True
            self._must_not_be_stopped()
            yield await self._ended(exit_code, took_ms)
        except OverLimit as over:
            await self._end(inside)
            yield Ended(exit_code=None, took_ms=took_ms, limit=over.limit)
        except Cancelled:
            await self._end(inside)
            yield Ended(exit_code=None, took_ms=took_ms, cancelled=True)
        finally:
            await self._end(inside)
            with suppress(SandboxError):
                await inside.prepare()

    async def _texts(self, program: Program) -> AsyncGenerator[str]:
        """The output as text, up to the limits. Raises `OverLimit` after the last of it."""
        while piece := await self._in_time(program.read(PIECE_BYTES)):
            over = self._over_limit(piece)
            if over is not None:
                piece = self._cut(piece, over)
            if text := self._decoder.decode(piece):
                self._last_text = text
                yield text
            if over is not None:
                raise OverLimit(over)
            self._bytes_left -= len(piece)
            self._lines_left -= piece.count(b"\n")
        if text := self._decoder.decode(b"", final=True):
            yield text

    def _over_limit(self, piece: bytes) -> Limit | None:
        if len(piece) > self._bytes_left:
            return "output"
        return "lines" if piece.count(b"\n") > self._lines_left else None

    def _cut(self, piece: bytes, over: Limit) -> bytes:
        if over == "output":
            return piece[: self._bytes_left]
        end = 0
        for _ in range(self._lines_left):
            end = piece.index(b"\n", end) + 1
        return piece[:end]

    async def _in_time(self, awaited: Coroutine[Any, Any, _Result]) -> _Result:
        """Wait for it as long as the command line may take, unless it's cancelled."""
        try:
            async with asyncio.timeout(self._ends_at - self._clock()):
                return await unless_cancelled(awaited, self._cancelled)
        except TimeoutError as exc:
            raise OverLimit("time") from exc

    async def _ended(self, exit_code: int, took_ms: int) -> Ended:
        directory = self._sandbox.directory
        if directory is None or _CHANGES_DIRECTORY.search(self._line):
            directory = self._sandbox.directory = await self._look_where_we_are()
        return Ended(exit_code=exit_code, took_ms=took_ms, directory=directory)

    def _must_not_be_stopped(self) -> None:
        """A program that ends because its sandbox is being stopped has no result of its own."""
        if (why := self._sandbox.stopped_because) is not None:
            raise why

    async def _look_where_we_are(self) -> str | None:
        """Nice to know: not worth losing the result of the command for."""
        try:
            return await self._sandbox.inside.directory()
        except SandboxError:
            return None

    def _may_have_left_something(self) -> bool:
        """Whether what ended by itself may have left programs behind.

        Ending them costs the next command and the held stream to the engine some time, so it is
        done only when there is a sign of them.
        """
        return bool(
            _IN_THE_BACKGROUND.search(self._line) or _NO_MORE_PROCESSES.search(self._last_text)
        )

    async def _last_texts(
        self, program: Program, reason: Cancelled | OverLimit
    ) -> AsyncGenerator[str]:
        """Let it end as on a terminal, and what it says meanwhile; unless it floods us."""
        if isinstance(reason, OverLimit) and reason.limit != "time":
            return
        asked = asyncio.create_task(self._sandbox.inside.interrupt())
        try:
            while (text := await self._text_until(asked, program)) is not None:
                if text:
                    yield text
            with suppress(SandboxError):  # what is still there is killed now
                await asked
        finally:
            asked.cancel()
            await _settle(asked)

    async def _text_until(self, asked: asyncio.Task[None], program: Program) -> str | None:
        """Some output that comes before that is done; None when there is none, or too much."""
        reading = asyncio.ensure_future(program.read(PIECE_BYTES))
        try:
            await asyncio.wait({reading, asked}, return_when=asyncio.FIRST_COMPLETED)
            piece = reading.result() if reading.done() else b""
        except SandboxError:
            return None
        finally:
            reading.cancel()
            await _settle(reading)
        if not piece or self._over_limit(piece) is not None:
            return None
        self._bytes_left -= len(piece)
        self._lines_left -= piece.count(b"\n")
        return self._decoder.decode(piece)

    async def _end(self, inside: Inside) -> None:
        """End all that it started; once."""
        if self._is_over:
            return
        self._is_over = True
        # What was only just asked for is on its way in, where nothing finds it to end it.
        await asyncio.sleep(max(0.0, self._started_at + WAY_IN_S - self._clock()))
        await self._sandbox.until_awake()
        try:
            await inside.kill(since=self._begun)
        except SandboxError as exc:
            # Then the sandbox is gone, or so ill that the next command will say so.
            log.warning(
                "kill_failed", learner=self._sandbox.learner, error=exc.code, detail=str(exc)
            )


async def unless_cancelled(
    awaited: Coroutine[Any, Any, _Result] | asyncio.Future[_Result], cancelled: asyncio.Event
) -> _Result:
    """Wait for it; raises `Cancelled` as soon as the event is set. It never goes on afterwards."""
    work = asyncio.ensure_future(awaited)
    stop = asyncio.ensure_future(cancelled.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise Cancelled
    finally:
        for task in (work, stop):
            task.cancel()
        await _settle(work, stop)


async def _settle(*tasks: Awaitable[Any]) -> None:
    """Let cancelled tasks come to their end; how they end is of no interest."""
    await asyncio.gather(*tasks, return_exceptions=True)
