"""Terminals of learners that keep going: begun, left, come back to, ended, cleared away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from bot.classroom.commands import GRACE_S, OPENING_S, RunningCommand
from bot.classroom.recording import Recorder
from bot.errors import LearnerError, for_sandbox_error
from sandbox.client import Sandboxes, Terminal
from sandbox.contract import (
    MAX_SESSION_LINE_BYTES,
    MOST_SESSIONS,
    InputDropped,
    Output,
    RunFailed,
    RunRequest,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionLimits,
    SessionRequest,
    SessionStarted,
)
from sandbox.errors import ERRORS_BY_CODE, EngineFailed, SandboxError, ServiceDown

__all__ = [
    "MOST_SESSIONS",
    "AttachedSession",
    "InputDropped",
    "Output",
    "SessionDetached",
    "SessionEnded",
    "SessionLimits",
    "SessionStarted",
    "Sessions",
]

log = structlog.get_logger(__name__)

PREFIX: Final = "chat-"
"""Names of the sessions that the bot began."""

_NOTHING: Final = ":"
"""A command line that does nothing: it waits for the learner's turn and for a sandbox."""


class AttachedSession:
    """A session that somebody is attached to: iterate over what it does.

    The last event is `SessionEnded` or `SessionDetached`.

    Raises while iterating:
        LearnerError: It could not run, or broke off.
        SandboxError: The service broke off.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    async def __aiter__(
        self,
    ) -> AsyncIterator[SessionStarted | Output | InputDropped | SessionEnded | SessionDetached]:
        events = aiter(self._terminal)
        limit_s: float | None = OPENING_S
        while True:
            event = await _next(events, limit_s)
            if isinstance(event, RunFailed):
                error = ERRORS_BY_CODE.get(event.error, EngineFailed)(event.detail)
                raise for_sandbox_error(error) from error
            if isinstance(event, SessionStarted):
                limit_s = event.limits.time_s + GRACE_S
            yield event
            if isinstance(event, SessionEnded | SessionDetached):
                return

    async def type(self, text: str) -> None:
        """Give it input of any length; a session that is over takes none."""
        await self._terminal.type(text)

    async def resize(self, columns: int, rows: int) -> None:
        """The window has another size now."""
        await self._terminal.resize(columns, rows)

    async def detach(self) -> None:
        """Leave it running."""
        await self._terminal.detach()


async def _next(events: AsyncIterator[SessionEvent], limit_s: float | None) -> SessionEvent:
    try:
        async with asyncio.timeout(limit_s):
            return await anext(events)
    except StopAsyncIteration:
        raise ServiceDown("the events ended before the session did") from None
    except TimeoutError as exc:
        raise EngineFailed("a session was silent beyond its limit") from exc


@dataclass(frozen=True, slots=True)
class Sessions:
    """What learners do with their terminals. Methods raise `SandboxError`, too."""

    sandboxes: Sandboxes | None
    recorder: Recorder
    """Where sessions that are over are written down."""

    @asynccontextmanager
    async def ready(
        self, learner_id: int, line: str, *, ahead: str = ""
    ) -> AsyncIterator[RunningCommand]:
        """A command that waits for the learner's turn and for their sandbox.

        A session by itself waits for neither. Begin it when this command has ended. It runs what
        goes `ahead` of the session, whose folder lasts, and else does nothing.

        Raises:
            LearnerError: There is no engine here, or the line is too long.
        """
        if len(line.encode("utf-8", "replace")) > MAX_SESSION_LINE_BYTES:
            raise LearnerError("terminal.too_long")
        request = RunRequest(line=ahead or _NOTHING)
        async with self._engine().run(str(learner_id), request) as running:
            yield RunningCommand(running)

    @asynccontextmanager
    async def begin(
        self, learner_id: int, name: str, line: str, *, columns: int, rows: int
    ) -> AsyncIterator[AttachedSession]:
        """Begin a session and be attached to it; leaving the block leaves it running."""
        request = SessionRequest(line=line, columns=columns, rows=rows)
        async with self._engine().session(str(learner_id), name, request) as terminal:
            yield AttachedSession(terminal)

    @asynccontextmanager
    async def attach(
        self, learner_id: int, name: str, *, columns: int, rows: int
    ) -> AsyncIterator[AttachedSession]:
        """Be attached again; what it printed until now comes first, as far as it is kept."""
        request = SessionRequest(columns=columns, rows=rows)
        async with self._engine().session(str(learner_id), name, request) as terminal:
            yield AttachedSession(terminal)

    async def runs(self, learner_id: int, name: str) -> bool:
        """Whether it still runs."""
        return name in {view.id for view in await self._engine().sessions(str(learner_id))}

    async def end(self, learner_id: int, name: str) -> None:
        """End it and all that it started; safe to repeat."""
        await self._engine().end_session(str(learner_id), name)

    async def end_quietly(self, learner_id: int, name: str) -> None:
        """The same where nobody could do anything about a failure."""
        try:
            await self.end(learner_id, name)
        except SandboxError as exc:
            log.warning("session_not_ended", learner=learner_id, error=exc.code)

    async def end_forgotten(self, learner_id: int, *, shown: frozenset[str]) -> int:
        """End the learner's sessions that the bot began and that are not among `shown`; how many.

        A bot that was killed leaves some behind, which nobody could come back to.
        """
        names = [view.id for view in await self._engine().sessions(str(learner_id))]
        forgotten = [name for name in names if name.startswith(PREFIX) and name not in shown]
        for name in forgotten:
            await self.end(learner_id, name)
        return len(forgotten)

    def _engine(self) -> Sandboxes:
        if self.sandboxes is None:
            raise LearnerError("engine.absent")
        return self.sandboxes
