"""Engines that nobody may use for a while: prepared for a challenge, or being given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from bot.errors import HeldBack
from sandbox.client import Sandboxes

KEPT_FROM: Final = frozenset(
    {
        "facts",
        "list_files",
        "load",
        "page",
        "read_file",
        "reset",
        "restore",
        "run",
        "screenshot",
        "session",
        "take_snapshot",
        "write_file",
    }
)
"""What would look into an engine, or change it."""


class Holding:
    """Whose engine is held back just now."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def hold(self, learner_id: int) -> None:
        """Nobody uses this engine until it is released; safe to repeat."""
        self._held.add(str(learner_id))

    def release(self, learner_id: int) -> None:
        """It can be used again; safe to repeat."""
        self._held.discard(str(learner_id))

    def holds(self, learner_id: int | str) -> bool:
        """Whether it is held back."""
        return str(learner_id) in self._held

    def guard(self, sandboxes: Sandboxes | None) -> Sandboxes | None:
        """The same sandboxes, which raise `HeldBack` where an engine is held back."""
        return None if sandboxes is None else cast("Sandboxes", _Guarded(sandboxes, self))


class _Guarded:
    """Passes on what is asked, unless it is about an engine that is held back."""

    def __init__(self, sandboxes: Sandboxes, holding: Holding) -> None:
        self._sandboxes = sandboxes
        self._holding = holding

    def __getattr__(self, name: str) -> Any:
        asked: Callable[..., Any] = getattr(self._sandboxes, name)
        if name not in KEPT_FROM:
            return asked

        def ask(learner: str, *args: Any, **values: Any) -> Any:
            if self._holding.holds(learner):
                raise HeldBack("the engine is prepared for a challenge, or given back")
            return asked(learner, *args, **values)

        return ask
