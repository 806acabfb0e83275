"""Command lines and sessions as an operator sees them: counted, and in the audit log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import structlog

from sandbox.audit import AuditLog, CommandRecord
from sandbox.commands import Commands
from sandbox.contract import (
    REQUEST_ID,
    Ended,
    RunEvent,
    RunFailed,
    RunRequest,
    SessionEnded,
    Started,
)
from sandbox.metrics import Metrics

REFUSING_LIMITS = {"no_capacity": "capacity", "in_line": "capacity", "disk_full": "disk"}
"""Codes of errors that mean: the machine has no room for this now."""


class WatchedCommands:
    """`Commands` that leave a trace; nothing about what they do is different."""

    def __init__(
        self,
        commands: Commands,
        metrics: Metrics,
        audit: AuditLog,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._commands = commands
        self._metrics = metrics
        self._audit = audit
        self._clock = clock

    async def run(
        self, learner: str, request: RunRequest, cancelled: asyncio.Event
    ) -> AsyncGenerator[RunEvent]:
        """See `Commands.run`."""
        watch = _Watch(self._clock)
        self._metrics.command_waits()
        try:
            async with aclosing(self._commands.run(learner, request, cancelled)) as events:
                async for event in events:
                    self._note(watch, event)
                    yield event
        finally:
            self._close(watch, learner, request)

    def _note(self, watch: _Watch, event: RunEvent) -> None:
        match event:
            case Started():
                watch.start()
                self._metrics.command_starts(watch.waited_s)
            case Ended() | RunFailed():
                watch.end(event)

    def _close(self, watch: _Watch, learner: str, request: RunRequest) -> None:
        watch.end(None)
        self._metrics.command_over(watch.outcome, started=watch.started, ran_s=watch.ran_s)
        if watch.limit is not None:
            self._metrics.limit_hit(watch.limit)
        self._audit.command(
            CommandRecord(
                learner=learner,
                request_id=_request_id(),
                outcome=watch.outcome,
                exit_code=watch.exit_code,
                took_ms=round(watch.ran_s * 1000),
                waited_ms=round(watch.waited_s * 1000),
                limit=watch.limit,
                line=request.line,
            )
        )


class SessionWatch:
    """Lets sessions leave a trace."""

    def __init__(self, metrics: Metrics, audit: AuditLog) -> None:
        self._metrics = metrics
        self._audit = audit

    def start(self) -> None:
        """Somebody asked for a session."""
        self._metrics.session_starts()

    def end(
        self, learner: str, line: str, last: SessionEnded | RunFailed | None, *, ran_s: float
    ) -> None:
        """It is over; None: by a bug of ours."""
        ended = last if isinstance(last, SessionEnded) else None
        outcome = last.error if isinstance(last, RunFailed) else _session_outcome(ended)
        limit = None if ended is None else ended.limit
        self._metrics.session_over(outcome, ran_s=ran_s)
        if limit is not None:
            self._metrics.limit_hit(limit)
        self._audit.command(
            CommandRecord(
                learner=learner,
                request_id=_request_id(),
                outcome=outcome,
                exit_code=None if ended is None else ended.exit_code,
                took_ms=round(ran_s * 1000),
                waited_ms=0,
                limit=limit,
                line=line,
                kind="session",
            )
        )


class _Watch:
    """The times of one command line, and how it ended."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked_at = clock()
        self._started_at: float | None = None
        self._is_over = False
        self.waited_s = 0.0
        self.ran_s = 0.0
        self.outcome = "abandoned"
        self.exit_code: int | None = None
        self.limit: str | None = None

    @property
    def started(self) -> bool:
        """Whether it ever ran."""
        return self._started_at is not None

    def start(self) -> None:
        """It runs from now on."""
        self._started_at = self._clock()
        self.waited_s = self._started_at - self._asked_at

    def end(self, last: Ended | RunFailed | None) -> None:
        """It is over; None: the caller went away. Only the first call counts."""
        if self._is_over:
            return
        self._is_over = True
        now = self._clock()
        if self._started_at is None:
            self.waited_s = now - self._asked_at
        else:
            self.ran_s = now - self._started_at
        if isinstance(last, Ended):
            self._ended(last)
        elif last is not None:
            self.outcome = last.error
            self.limit = REFUSING_LIMITS.get(last.error)

    def _ended(self, last: Ended) -> None:
        # What it took without telling about it: a reader may be slow.
        self.ran_s = last.took_ms / 1000
        self.exit_code, self.limit = last.exit_code, last.limit
        if last.cancelled:
            self.outcome = "cancelled"
        elif last.limit is not None:
            self.outcome = "limit"
        else:
            self.outcome = "ok" if last.exit_code == 0 else "failed"


def _session_outcome(ended: SessionEnded | None) -> str:
    if ended is None:
        return "crashed"
    if ended.cancelled:
        return "cancelled"
    if ended.limit is not None:
        return "limit"
    return "ok" if ended.exit_code == 0 else "failed"


def _request_id() -> str:
    """Of the request that is served just now."""
    return str(structlog.contextvars.get_contextvars().get(REQUEST_ID, ""))
