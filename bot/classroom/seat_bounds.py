"""How many places a class, and all classes together, may keep: the others need some, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from db.assignments import SeatsPlan

AHEAD: Final = timedelta(minutes=15)
"""So long before the lesson the places are kept: time to start the engines, one after the other."""

EXTRA_PERCENT: Final = 20
EXTRA: Final = 5
"""A class may keep so much more than it has learners, for those who join late."""

SHARE_PERCENT: Final = 80
"""Of all places: the rest is for whoever learns without a class."""


def most_for_class(members: int) -> int:
    """How many places a class of so many learners may keep."""
    return max(-(-members * (100 + EXTRA_PERCENT) // 100), members + EXTRA)


def most_for_classes(capacity: int) -> int:
    """How many of these places all classes may keep at one time."""
    return max(min(1, capacity), capacity * SHARE_PERCENT // 100)


def most_at_once(plans: Iterable[SeatsPlan], begins_at: datetime, ends_at: datetime) -> int:
    """How many places these lessons keep at the fullest moment of another one from then to then."""
    first = begins_at - AHEAD
    spans = [
        (plan.begins_at - AHEAD, plan.ends_at, plan.seats)
        for plan in plans
        if plan.begins_at - AHEAD < ends_at and plan.ends_at > first
    ]
    # It gets fuller only when a lesson begins.
    moments = [first, *(begin for begin, _, _ in spans if begin > first)]
    return max(
        sum(seats for begin, end, seats in spans if begin <= moment < end) for moment in moments
    )
