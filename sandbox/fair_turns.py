"""Whose turn it is among groups of very different sizes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol


class Waits(Protocol):
    """Somebody who waits; `number` says who of a group came first."""

    @property
    def learner(self) -> str:
        """Who it is."""
        ...

    @property
    def group(self) -> str:
        """With whom they take turns as one."""
        ...

    @property
    def number(self) -> int:
        """The smaller, the earlier; no two have the same."""
        ...


class FairTurns:
    """Start-time fair queueing: each group's next ticket has a number, the smallest is served.

    A group of thirty that comes at once does not make the one behind it wait for all thirty; and a
    group that was away does not save up turns for later.
    """

    def __init__(self) -> None:
        self._of: dict[str, float] = {}
        self._served = 0.0

    def enter(self, group: str) -> None:
        """A group that comes back after a while starts where the others are now."""
        self._of[group] = self._next(group)

    def take(self, group: str) -> None:
        """One of the group is served."""
        self._served = self._next(group)
        self._of[group] = self._served + 1.0

    def around(self, waiting: Iterable[Waits]) -> list[str]:
        """Who is served in which order: one of each group in turn."""
        before: defaultdict[str, int] = defaultdict(int)
        numbered = []
        for one in waiting:
            turn = self._next(one.group) + before[one.group]
            before[one.group] += 1
            numbered.append((turn, one.number, one.learner))
        return [learner for _, _, learner in sorted(numbered)]

    def _next(self, group: str) -> float:
        return max(self._served, self._of.get(group, 0.0))
