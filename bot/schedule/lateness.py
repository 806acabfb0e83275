"""Whether a lesson was done in time."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Lateness = Literal["in_time", "late", "overdue"]
"""Done until it was due, done afterwards, or still to be done although it was due."""


def lateness(
    due_at: datetime | None,
    finished_at: datetime | None,
    *,
    joined_at: datetime,
    now: datetime,
) -> Lateness | None:
    """How somebody stands who finished it for the first time then, or not yet.

    None: there is no due date, it is still to come, or it was over before they joined.
    """
    if due_at is None:
        return None
    if finished_at is not None and finished_at <= due_at:
        return "in_time"
    if joined_at > due_at or now <= due_at:
        return None
    return "overdue" if finished_at is None else "late"
