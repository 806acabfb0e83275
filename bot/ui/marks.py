"""Small signs that mean the same everywhere."""

from __future__ import annotations

from typing import Final

OPEN: Final = "⬜"
DONE: Final = "✅"
BEGUN: Final = "🔷"

BAR_LENGTH: Final = 10


def mark(*, done: bool) -> str:
    """The box before a task."""
    return DONE if done else OPEN


def lesson_mark(*, opened: bool, finished: bool) -> str:
    """The sign before a lesson: finished, begun or not yet opened."""
    if finished:
        return DONE
    return BEGUN if opened else OPEN


def bar(done: int, total: int) -> str:
    """How much of the total is done, as ten small blocks; only a full bar means all of it."""
    filled = 0 if total == 0 else done * BAR_LENGTH // total
    if done and not filled:
        filled = 1  # the first task counts for the eye, too
    return "▰" * filled + "▱" * (BAR_LENGTH - filled)
