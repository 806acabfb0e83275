"""Sessions without terminals: they print what was scripted, and then what is typed.

sandboxes.answer("bash", "$ ", never_ends=True)     # waits for Ctrl-C, or for `exit`
sandboxes.answer("vi", "~\\n", exit_code=0)          # prints, and ends by itself
sandboxes.terminals[learner, "name"].say("…")        # something is printed
sandboxes.terminals[learner, "name"].finish(3)       # the program ends by itself
sandboxes.terminals[learner, "name"].end_by("idle")  # a limit ends it
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

from sandbox.contract import (
    Output,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionLimits,
    SessionRequest,
    SessionStarted,
    SessionView,
    SignalName,
)
from sandbox.errors import SandboxError

CTRL_C = "\x03"
INTERRUPTED = 130
ENDED_BY: dict[SignalName, int] = {"INT": 130, "TERM": 143, "KILL": 137, "QUIT": 131, "HUP": 129}


class FakeTerminal:
    """A session; `typed`, `sizes` and `signals` are what came from whoever was attached."""

    def __init__(self, name: str, line: str, limits: SessionLimits) -> None:
        self.name = name
        self.line = line
        self.limits = limits
        self.printed = ""
        self.typed = ""
        self.sizes: list[tuple[int, int]] = []
        self.signals: list[SignalName] = []
        self.attached: FakeAttached | None = None
        self.last: SessionEvent | None = None

    @property
    def view(self) -> SessionView:
        """As a list shows it."""
        return SessionView(
            id=self.name, line=self.line, age_s=1, idle_s=0,
            attached=self.attached is not None, limits=self.limits,
        )  # fmt: skip

    def say(self, text: str) -> None:
        """Print something."""
        self.printed += text
        self._tell()

    def finish(self, exit_code: int) -> None:
        """End by itself."""
        self._end(SessionEnded(exit_code=exit_code))

    def end_by(self, limit: Literal["time", "idle"]) -> None:
        """Reach a limit."""
        self._end(SessionEnded(exit_code=None, limit=limit))

    def cancel(self) -> None:
        """Be ended by somebody."""
        self._end(SessionEnded(exit_code=None, cancelled=True))

    def attach(self, request: SessionRequest) -> FakeAttached:
        """Take hold of it, or take it over."""
        if self.attached is not None:
            self.attached.leave(taken_over=True)
        self.sizes.append((request.columns, request.rows))
        self.attached = FakeAttached(self)
        return self.attached

    def typed_in(self, text: str) -> None:
        """Show it, and end by Ctrl-C or `exit`."""
        self.typed += text
        self.say(text)
        if CTRL_C in text:
            self.finish(INTERRUPTED)
        elif self.typed.endswith("exit\r"):
            self.finish(0)

    def _end(self, last: SessionEvent) -> None:
        self.last = self.last or last
        self._tell()

    def _tell(self) -> None:
        if self.attached is not None:
            self.attached.news.set()


class FakeAttached:
    """`sandbox.client.Terminal` on a fake one."""

    def __init__(self, terminal: FakeTerminal) -> None:
        self.news = asyncio.Event()
        self._terminal = terminal
        self._shown = 0
        self._left: SessionDetached | None = None

    async def __aiter__(self) -> AsyncIterator[SessionEvent]:
        yield SessionStarted(limits=self._terminal.limits)
        while self._left is None:
            self.news.clear()
            if text := self._terminal.printed[self._shown :]:
                self._shown += len(text)
                yield Output(text=text)
            elif self._terminal.last is not None:
                yield self._terminal.last
                return
            else:
                await self.news.wait()
        yield self._left

    async def type(self, text: str) -> None:
        """See `sandbox.client.Terminal`."""
        if self._is_on:
            self._terminal.typed_in(text)

    async def resize(self, columns: int, rows: int) -> None:
        """See `sandbox.client.Terminal`."""
        if self._is_on:
            self._terminal.sizes.append((columns, rows))

    async def signal(self, name: SignalName) -> None:
        """End it, unless the signal is one of those that only stop or go on."""
        if self._is_on:
            self._terminal.signals.append(name)
            if name in ENDED_BY:
                self._terminal.finish(ENDED_BY[name])

    async def detach(self) -> None:
        """See `sandbox.client.Terminal`."""
        self.leave(taken_over=False)

    def leave(self, *, taken_over: bool) -> None:
        """Be the one who is attached no more."""
        self._left = self._left or SessionDetached(taken_over=taken_over)
        if self._terminal.attached is self:
            self._terminal.attached = None
        self.news.set()

    @property
    def _is_on(self) -> bool:
        return self._left is None and self._terminal.last is None


class RefusedTerminal:
    """One that never came to be: its only event says why."""

    def __init__(self, why: SandboxError) -> None:
        self._why = why

    async def __aiter__(self) -> AsyncIterator[SessionEvent]:
        yield RunFailed(error=self._why.code, detail=str(self._why))

    async def type(self, text: str) -> None:
        """Nobody reads it."""

    async def resize(self, columns: int, rows: int) -> None:
        """There is nothing to resize."""

    async def signal(self, name: SignalName) -> None:
        """There is nobody to tell."""

    async def detach(self) -> None:
        """Nobody is attached."""
