"""A person at a session's terminal, for tests on the real engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sandbox.client import SandboxClient, Terminal
from sandbox.contract import (
    Output,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionRequest,
    SessionStarted,
)

PATIENCE_S = 40.0
_LAST = (SessionEnded, SessionDetached, RunFailed)


class Person:
    """Types, and reads what comes; `shown` is all of it, `events` those that are no output."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.shown = ""
        self.events: list[SessionEvent] = []
        self._coming = aiter(terminal)
        self._looked_at = 0

    @property
    def started(self) -> SessionStarted:
        """The first event."""
        assert isinstance(self.events[0], SessionStarted), self.events
        return self.events[0]

    async def sees(self, text: str, *, patience_s: float = PATIENCE_S) -> None:
        """Wait until this is shown, after what was waited for before."""
        async with asyncio.timeout(patience_s):
            while (at := self.shown.find(text, self._looked_at)) < 0:
                assert await self._read(), (text, self.shown, self.events)
        self._looked_at = at + len(text)

    async def types(self, text: str) -> None:
        """Type it, with control characters."""
        await self.terminal.type(text)

    async def until_over(self, *, patience_s: float = PATIENCE_S) -> SessionEvent:
        """The last event."""
        async with asyncio.timeout(patience_s):
            while not (self.events and isinstance(self.events[-1], _LAST)):
                assert await self._read(), self.events
        return self.events[-1]

    async def exit_code(self, *, patience_s: float = PATIENCE_S) -> int | None:
        """How the program ends."""
        last = await self.until_over(patience_s=patience_s)
        assert isinstance(last, SessionEnded), last
        return last.exit_code

    async def _read(self) -> bool:
        try:
            event = await anext(self._coming)
        except StopAsyncIteration:
            return False
        if isinstance(event, Output):
            self.shown += event.text
        else:
            self.events.append(event)
        return True


@asynccontextmanager
async def at_terminal(
    client: SandboxClient, learner: str, line: str | None, *, name: str = "t", **how: Any
) -> AsyncGenerator[Person]:
    """Somebody at a terminal; at the end they go away without a word."""
    request = SessionRequest.model_validate({"line": line, **how})
    async with client.session(learner, name, request) as terminal:
        person = Person(terminal)
        async with asyncio.timeout(PATIENCE_S):
            await person._read()
        yield person
