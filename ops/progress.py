"""Says what a long step of the set-up does and how long it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

QUICK_S = 0.3
"""A step that took less is not worth a line once it is done."""


class Said(Protocol):
    """Where single lines go."""

    def say(self, line: str) -> None:
        """Show one line."""
        ...


class Progress(Said, Protocol):
    """Where the set-up reports to."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Announce a step; at its end, say how long it took."""
        ...


class TerminalProgress:
    """Progress for a person at a terminal, or for a log: one line a step."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()

    @contextmanager
    def step(self, name: str) -> Generator[None, None, None]:
        """Show `name ...` at once on a terminal, and `name (1.2 s)` when the step took a while."""
        started = time.monotonic()
        if self._live:
            print(f"  {name} ...", end="\r", flush=True)
        try:
            yield
        except BaseException as error:
            self._finish(f"  {name}: {_how_it_ended(error)}")
            raise
        took = time.monotonic() - started
        self._finish(f"  {name} ({took:.1f} s)" if took >= QUICK_S else None)

    def say(self, line: str) -> None:
        """Show one line."""
        self._finish(f"  {line}")

    def _finish(self, line: str | None) -> None:
        if self._live:
            print("\r\033[K", end="")  # the announcement gives way
        if line is not None:
            print(line, flush=True)


def _how_it_ended(error: BaseException) -> str:
    """Cancelled or interrupted is not the step's fault."""
    return "failed" if isinstance(error, Exception) else "broken off"
