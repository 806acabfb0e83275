"""Who has a place and who waits for one, at one moment: worked out once for all who ask."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from sandbox.seats import Kept


@dataclass(frozen=True, slots=True)
class Moment:
    """What `sandbox.places` finds when it looks."""

    at: float
    held: frozenset[str]
    free: int
    turns: float
    """How many more sandboxes may start just now."""
    kept: tuple[Kept, ...]
    seated: tuple[str, ...]
    """Waiting learners whose class has a seat for them, in the order of service."""
    others: tuple[str, ...]
    free_at: tuple[float, ...]
    """When sandboxes that nobody uses now may give up their places."""
    positions: dict[str, int] = field(default_factory=dict)
    to_start: dict[str, int] = field(default_factory=dict)
    """Who has a place to go to, in the order of their starts: seats come no sooner in that."""

    @property
    def open_to_all(self) -> int:
        """Free places that are kept for nobody."""
        return self.free - sum(kept.unused for kept in self.kept)

    @property
    def may_leave(self) -> int:
        """How many sandboxes nobody used for long enough."""
        return bisect_right(self.free_at, self.at)

    def place_of(self, learner: str) -> int:
        """Where the learner stands; who is not in line, at its end."""
        return self.positions.get(learner, len(self.positions) + 1)

    def lacks(self, place: int) -> int:
        """How many places have to come free for who stands there; 0: none."""
        if place <= len(self.seated):
            return max(0, place - self.free)
        return max(0, place - len(self.seated) - self.open_to_all)

    def admits(self, learner: str) -> bool:
        """Whether it is the learner's turn: a place is free, and not too many start."""
        start = self.to_start.get(learner)
        return start is not None and start <= self.turns
