"""The score of a timed lesson: what is left of the most after time and hints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST_POINTS: Final = 1_000
POINTS_OF_A_MINUTE: Final = 10
POINTS_OF_A_HINT: Final = 50
MOST_LOST: Final = 500
"""By time, and as much by hints: whoever needs long but no hint still keeps half of the points."""


@dataclass(frozen=True, slots=True)
class Score:
    """What an attempt is worth; `minutes` are whole ones."""

    minutes: int
    hints: int

    @classmethod
    def of(cls, began: datetime, ended: datetime, hints: int) -> Score:
        """The score of an attempt; a clock that was set back costs nothing."""
        return cls(max(0, int((ended - began).total_seconds() // 60)), hints)

    @property
    def lost_by_time(self) -> int:
        """Points that the minutes cost."""
        return min(MOST_LOST, self.minutes * POINTS_OF_A_MINUTE)

    @property
    def lost_by_hints(self) -> int:
        """Points that the hints cost."""
        return min(MOST_LOST, self.hints * POINTS_OF_A_HINT)

    @property
    def points(self) -> int:
        """What is left; never below zero."""
        return MOST_POINTS - self.lost_by_time - self.lost_by_hints
