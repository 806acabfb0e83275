"""Guessing when it is somebody's turn, from who may leave and how often places came free lately."""

from __future__ import annotations

import math
from collections import deque

from sandbox.moment import Moment

REMEMBERED_S = 1800.0
"""Places that came free so long ago say nothing about how long it takes today."""
MOST_REMEMBERED = 20
START_S = 1.5
"""About how long a start takes while others go on."""


class Estimates:
    """What is known of how long it takes. A guess: a learner may come back, or leave early."""

    def __init__(self, *, starts_at_once: float) -> None:
        self._starts_at_once = starts_at_once
        self._freed: deque[float] = deque(maxlen=MOST_REMEMBERED)

    def freed(self, at: float) -> None:
        """A place came free."""
        self._freed.append(at)

    def until_turn(self, place: int, moment: Moment) -> float | None:
        """Seconds until it is the turn of who stands there; None: nobody knows.

        Where there are places, after the starts in front. Else when the place-th sandbox gives up
        its place: those that nobody uses leave first, after their two minutes; after those, as
        often as places came free lately.
        """
        if not moment.lacks(place):
            return START_S * math.ceil(place / self._starts_at_once)
        if place <= len(moment.free_at):
            return max(0.0, moment.free_at[place - 1] - moment.at)
        interval = self._interval(moment.at)
        if interval is None:
            return None
        last = max(0.0, moment.free_at[-1] - moment.at) if moment.free_at else 0.0
        return max(last, interval * (place - len(moment.free_at)))

    def _interval(self, now: float) -> float | None:
        """Seconds between two places that come free, from the last half hour."""
        while self._freed and now - self._freed[0] > REMEMBERED_S:
            self._freed.popleft()
        if len(self._freed) < 2:  # noqa: PLR2004 - one of them is no interval
            return None
        # Up to now rather than up to the last: when none comes free any more, it takes longer.
        return (now - self._freed[0]) / (len(self._freed) - 1)
