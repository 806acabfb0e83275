"""When a question is asked again: boxes with growing intervals.

A question that was answered wrong goes to box 1, and comes back after ten minutes. Each right
answer moves it up a box, whose interval is longer: a day, three days, a week, three weeks. One that
is right the first time begins in box 2. What is due comes first, what waits longest before the
rest; after every three of these comes a new question, so that old mistakes never keep anybody from
the new. The question that was just asked is not asked again while there is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

INTERVALS: Final = (
    timedelta(minutes=10),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=21),
)
"""Of box 1, 2, …"""
DUE_BEFORE_NEW: Final = 3


@dataclass(frozen=True, slots=True)
class Boxed:
    """A question that was answered before: its box, and when it comes back."""

    box: int
    due_at: datetime


def moved(before: Boxed | None, *, right: bool, now: datetime) -> Boxed:
    """Where a question is after this answer."""
    if not right:
        box = 1
    elif before is None:
        box = 2
    else:
        box = min(max(before.box, 0) + 1, len(INTERVALS))
    return Boxed(box, now + INTERVALS[box - 1])


def next_key(
    deck: Sequence[str],
    boxes: Mapping[str, Boxed],
    now: datetime,
    *,
    last: str | None = None,
    due_in_a_row: int = 0,
) -> str | None:
    """The question to ask now; None when nothing of the deck is due and nothing is new.

    `due_in_a_row` are those that were asked since the last new one.
    """
    place = {key: number for number, key in enumerate(deck)}
    waiting = sorted(due(deck, boxes, now), key=lambda key: (boxes[key].due_at, place[key]))
    new = [key for key in deck if key not in boxes]
    first, second = (new, waiting) if due_in_a_row >= DUE_BEFORE_NEW else (waiting, new)
    candidates = [*first, *second]
    others = [key for key in candidates if key != last]
    return next(iter(others or candidates), None)


def due(deck: Sequence[str], boxes: Mapping[str, Boxed], now: datetime) -> list[str]:
    """What of the deck is to be asked again by now."""
    return [key for key in deck if key in boxes and boxes[key].due_at <= now]


def comes_back(deck: Sequence[str], boxes: Mapping[str, Boxed]) -> datetime | None:
    """When the next question of the deck is due; None when none was ever answered."""
    return min((boxes[key].due_at for key in deck if key in boxes), default=None)
