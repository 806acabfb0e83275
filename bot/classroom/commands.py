"""Running a learner's command line, looking at a page of theirs, starting anew: on their engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.classroom.recording import Recorder
from bot.errors import LearnerError, for_sandbox_error
from db import history
from db.engine import Database
from sandbox.client import Running, Sandboxes
from sandbox.contract import (
    LONGEST_COMMAND_S,
    LONGEST_WAIT_S,
    MAX_LINE_BYTES,
    Ended,
    Output,
    Page,
    Queued,
    RunEvent,
    RunFailed,
    RunLimits,
    RunRequest,
    Started,
    Waiting,
)
from sandbox.errors import ERRORS_BY_CODE, EngineFailed, ServiceDown

__all__ = [
    "CommandEnded",
    "Commands",
    "Ended",
    "Output",
    "Page",
    "Queued",
    "RunLimits",
    "RunningCommand",
    "Started",
    "Waiting",
]

log = structlog.get_logger(__name__)

OPENING_S: Final = 90.0
"""The slowest start of a sandbox that we wait for."""

GRACE_S: Final = 20.0
"""How much later than a time limit the service may tell of the end."""


@dataclass(frozen=True, slots=True)
class CommandEnded:
    """A command that ran; `exit_code` is None when a limit, the learner or a failure ended it.

    `started_at` is in seconds since 1970, where it is known; `printed` is the end of its output,
    `error` the id of the known error that it met.
    """

    learner_id: int
    line: str
    exit_code: int | None
    took_ms: int
    started_at: int | None = None
    printed: str = ""
    error: str | None = None


class RunningCommand:
    """A command on its way: iterate over its events, which end with `Ended` or raise.

    Raises while iterating:
        LearnerError: The command could not run, or its end did not come in time.
        SandboxError: The service broke off.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self._deadline = asyncio.get_running_loop().time() + OPENING_S
        self.started = False
        self.ended: Ended | None = None
        self.error: str | None = None
        """The id of the known error that it met, told by whoever reads its output."""

    async def __aiter__(self) -> AsyncIterator[Queued | Waiting | Started | Output | Ended]:
        events = aiter(self._running)
        while self.ended is None:
            event = await self._next(events)
            if isinstance(event, RunFailed):
                error = ERRORS_BY_CODE.get(event.error, EngineFailed)(event.detail)
                raise for_sandbox_error(error) from error
            self._note(event)
            yield event

    async def cancel(self) -> None:
        """End the command and all it started; its events still end with `Ended`. Repeatable."""
        await self._running.cancel()

    async def _next(self, events: AsyncIterator[RunEvent]) -> RunEvent:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await anext(events)
        except StopAsyncIteration:
            raise ServiceDown("the events ended before the command did") from None
        except TimeoutError as exc:
            raise EngineFailed("the end of a command did not come in time") from exc

    def _note(self, event: Queued | Waiting | Started | Output | Ended) -> None:
        now = asyncio.get_running_loop().time()
        match event:
            case Queued(ahead=ahead):
                longest = LONGEST_WAIT_S + LONGEST_COMMAND_S + GRACE_S
                self._deadline = now + ahead * longest + OPENING_S
            case Waiting():
                self._deadline = now + OPENING_S  # it is told again and again
            case Started(limits=limits):
                self.started = True
                self._deadline = now + limits.time_s + GRACE_S
            case Ended():
                self.ended = event
            case Output():
                pass


class Commands:
    """What learners do with their engine. Methods raise `SandboxError` and `DatabaseError`, too."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._clock = clock
        self._recorder = Recorder(database, clock)

    @asynccontextmanager
    async def run(self, learner_id: int, line: str) -> AsyncIterator[RunningCommand]:
        """Run a line in the learner's sandbox, which is opened when needed; leaving cancels it.

        A command that began is in the history when the block is left, whatever ended it.

        Raises:
            LearnerError: There is no engine here, or the line is too long.
        """
        sandboxes = self._engine()
        request = self._request(line)
        begun = self._clock()
        command: RunningCommand | None = None
        try:
            async with sandboxes.run(str(learner_id), request) as running:
                command = RunningCommand(running)
                yield command
        except BaseException:
            if command is not None and command.started:
                await self._recorder.record_quietly(self._ended(learner_id, line, command, begun))
            raise
        if command.started:
            await self._recorder.record(self._ended(learner_id, line, command, begun))

    async def look_at_page(self, learner_id: int, port: int, path: str = "/") -> Page:
        """What a published port of the learner's answers; the look is in the history.

        Raises:
            LearnerError: There is no engine here.
        """
        begun = self._clock()
        page = await self._engine().page(str(learner_id), port, path)
        async with self._database.transaction() as session:
            await history.record(
                session,
                learner_id,
                kind="page",
                line=path,
                exit_code=None,
                took_ms=_milliseconds(self._clock(), begun),
                at=begun,
                port=port,
                status=page.status,
            )
        return page

    async def active_since(self, at: datetime) -> list[int]:
        """Ids of the learners who ran a command or looked at a page since then."""
        async with self._database.transaction() as session:
            return await history.learners_since(session, at)

    async def reset(self, learner_id: int) -> bool:
        """Throw the learner's disk away, with every container and image; progress stays.

        Whether the new one runs: when every place is taken, it starts later.

        Raises:
            LearnerError: There is no engine here.
        """
        return (await self._engine().reset(str(learner_id))).state != "waiting"

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes

    def _request(self, line: str) -> RunRequest:
        if len(line.encode("utf-8", "replace")) > MAX_LINE_BYTES:
            raise LearnerError("terminal.too_long")
        return RunRequest(line=line)  # the service's own limits hold; `Started` tells them

    def _ended(
        self, learner_id: int, line: str, command: RunningCommand, begun: datetime
    ) -> CommandEnded:
        if command.ended is None:
            return CommandEnded(learner_id, line, None, _milliseconds(self._clock(), begun))
        return CommandEnded(
            learner_id,
            line,
            command.ended.exit_code,
            command.ended.took_ms,
            error=command.error,
        )


def _milliseconds(now: datetime, begun: datetime) -> int:
    return round((now - begun).total_seconds() * 1000)
