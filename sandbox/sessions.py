"""Learners' sessions: terminals that stay when nobody looks at them.

They live as long as the service does: its connection is what their programs hang on. A session
counts as a use of its sandbox, which therefore outlives it; an idle session ends.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable

import structlog

from sandbox.contract import (
    MOST_SESSIONS,
    RunFailed,
    SessionLimits,
    SessionRequest,
    SessionView,
)
from sandbox.errors import (
    ERRORS_BY_CODE,
    BadRequest,
    EngineFailed,
    NoCapacity,
    SandboxError,
    SessionGone,
)
from sandbox.lifecycle import Lifecycle
from sandbox.session import Attachment, Session
from sandbox.shell import Screen
from sandbox.watching import SessionWatch

REMEMBERED_S = 600.0
"""How long an ended session tells how it ended, to whoever comes back."""
MOST_REMEMBERED = 100
END_TIMEOUT_S = 45.0
"""Compose has its time, then all is killed."""

log = structlog.get_logger(__name__)


class Sessions:
    """The sessions of all learners. Raises `SandboxError` of every kind."""

    def __init__(
        self,
        lifecycle: Lifecycle,
        limits: SessionLimits,
        watch: SessionWatch,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifecycle = lifecycle
        self._limits = limits
        self._watch = watch
        self._clock = clock
        self._sessions: dict[str, dict[str, Session]] = defaultdict(dict)
        self._lives: dict[Session, asyncio.Task[None]] = {}

    @property
    def running(self) -> int:
        """How many there are now."""
        return len(self._lives)

    def of(self, learner: str) -> list[SessionView]:
        """Those of a learner that run, the oldest first."""
        return [session.view for session in self._running_of(learner)]

    async def attach(self, learner: str, name: str, request: SessionRequest) -> Attachment:
        """Start a session, or take hold of one; see `SessionRequest`.

        Raises:
            SessionGone: there is none of this name.
            BadRequest: there is one already, and a line to start another.
            NoCapacity: the learner has too many, or there is no room for their sandbox.
            SandboxError: the sandbox could not be opened.
        """
        self._forget_old()
        session = (
            self._found(learner, name)
            if request.line is None
            else self._start(learner, name, request.line, request)
        )
        await session.ready.wait()
        if not session.ran:
            self._forget(learner, session)
            raise _as_error(session)
        if session.last is not None and request.line is None:
            self._forget(learner, session)  # told once
        return session.attach(request.columns, request.rows)

    async def end(self, learner: str, name: str) -> None:
        """End a session, and wait until nothing of it runs; gone is not an error."""
        session = self._sessions.get(learner, {}).get(name)
        if session is None:
            return
        session.end()
        if life := self._lives.get(session):
            _, living = await asyncio.wait({life}, timeout=END_TIMEOUT_S)
            if living:
                raise EngineFailed("the session could not be ended in time")
        else:
            self._forget(learner, session)

    async def close(self) -> None:
        """End all of them, at once."""
        lives = set(self._lives.values())
        for life in lives:
            life.cancel()
        if lives:
            await asyncio.wait(lives, timeout=END_TIMEOUT_S)

    def _found(self, learner: str, name: str) -> Session:
        session = self._sessions.get(learner, {}).get(name)
        if session is None:
            raise SessionGone("there is no session of this name, or it ended with the service")
        return session

    def _start(self, learner: str, name: str, line: str, request: SessionRequest) -> Session:
        there = self._sessions.get(learner, {}).get(name)
        if there is not None and there in self._lives:
            raise BadRequest("a session of this name runs")
        if len(self._running_of(learner)) >= MOST_SESSIONS:
            raise NoCapacity(f"this learner has {MOST_SESSIONS} sessions already")
        screen = Screen(request.columns, request.rows, request.term)
        session = Session(name, line, screen, self._lowered_to(request), clock=self._clock)
        self._sessions[learner][name] = session
        self._lives[session] = asyncio.create_task(self._live(learner, session))
        return session

    async def _live(self, learner: str, session: Session) -> None:
        """The boundary: nobody waits for this task but `close`."""
        self._watch.start()
        try:
            await session.live(self._lifecycle, learner)
        except Exception:
            log.exception("session_crashed", learner=learner)
        finally:
            del self._lives[session]
            self._watch.end(learner, session.line, session.last, ran_s=session.age_s)

    def _lowered_to(self, request: SessionRequest) -> SessionLimits:
        ours = self._limits
        return SessionLimits(
            time_s=min(request.time_limit_s or ours.time_s, ours.time_s),
            idle_s=min(request.idle_limit_s or ours.idle_s, ours.idle_s),
        )

    def _running_of(self, learner: str) -> list[Session]:
        sessions = self._sessions.get(learner, {}).values()
        return [session for session in sessions if session in self._lives]

    def _forget(self, learner: str, session: Session) -> None:
        ours = self._sessions[learner]
        if ours.get(session.name) is session:
            del ours[session.name]
        if not ours:
            del self._sessions[learner]

    def _forget_old(self) -> None:
        """Of those that ended, keep the latest for a while."""
        ended = [
            (session.over_at, learner, session)
            for learner, ours in self._sessions.items()
            for session in ours.values()
            if session not in self._lives
        ]
        ended.sort(key=lambda entry: entry[0])
        too_many = len(ended) - MOST_REMEMBERED
        for number, (over_at, learner, session) in enumerate(ended):
            if number < too_many or self._clock() - over_at > REMEMBERED_S:
                self._forget(learner, session)


def _as_error(session: Session) -> SandboxError:
    """Why it never ran."""
    match session.last:
        case RunFailed(error=code, detail=detail):
            return ERRORS_BY_CODE.get(code, SandboxError)(detail)
        case _:
            return SandboxError("it never ran")
