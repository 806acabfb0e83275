"""Points and places.

A right answer earns all points at once and half of them at the last moment; a wrong one earns
none. A practice has no points. Whoever has more points stands higher; of equal points the one who
needed less time in all; who is equal in both shares a place, and the next place is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

FULL: Final = 1000
HALF: Final = FULL // 2
PODIUM: Final = 3
TO_RACE: Final = 2
"""Participants."""


def points(*, right: bool, elapsed_ms: int, limit_ms: int, practice: bool = False) -> int:
    """What an answer earns, after so much of the time."""
    if not right or practice:
        return 0
    if limit_ms <= 0:
        return HALF
    used = min(max(elapsed_ms, 0), limit_ms)
    return FULL - (FULL - HALF) * used // limit_ms


@dataclass(frozen=True, slots=True)
class Tally:
    """What one participant has until now; `elapsed_ms` is the time of their right answers."""

    learner_id: int
    name: str
    points: int = 0
    right: int = 0
    answered: int = 0
    elapsed_ms: int = 0
    gained: int = 0
    """Points of the newest question."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A participant at their place; equal ones share it."""

    place: int
    tally: Tally


def standings(tallies: Iterable[Tally]) -> tuple[Standing, ...]:
    """Everybody at their place, the first first; equal ones by name, then by id."""
    ordered = sorted(tallies, key=lambda tally: (_merit(tally), tally.name, tally.learner_id))
    placed: list[Standing] = []
    for _, equal in groupby(ordered, key=_merit):
        place = len(placed) + 1
        placed += [Standing(place, tally) for tally in equal]
    return tuple(placed)


def newcomer(placed: Sequence[Standing], learner_id: int, name: str) -> Standing:
    """Where somebody stands who came after the others were placed, and has answered nothing."""
    tally = Tally(learner_id, name)
    return Standing(1 + sum(_merit(one.tally) < _merit(tally) for one in placed), tally)


def podium(placed: Sequence[Standing]) -> tuple[Standing, ...]:
    """Who stands on the three highest places and has points; more than three when places tie."""
    return tuple(one for one in placed if one.place <= PODIUM and one.tally.points > 0)


def _merit(tally: Tally) -> tuple[int, int, int]:
    return -tally.points, -tally.right, tally.elapsed_ms


@dataclass(frozen=True, slots=True)
class Scored:
    """A judged answer."""

    learner_id: int
    right: bool
    points: int
    elapsed_ms: int
    newest: bool = False
    position: int = 0
    """Of its question in the quiz, counted from 0."""


def tallied(names: Iterable[tuple[int, str]], answers: Iterable[Scored]) -> tuple[Tally, ...]:
    """What each participant (id, name) has by these answers, which may come in any order."""
    ordered = sorted(answers, key=attrgetter("learner_id"))
    of = {learner: list(some) for learner, some in groupby(ordered, key=attrgetter("learner_id"))}
    return tuple(_tally(learner, name, of.get(learner, [])) for learner, name in names)


def fastest(answers: Iterable[Scored]) -> Scored | None:
    """The right answer that took the least time.

    None when only one participant answered anything: that is no race; and when two were as fast.
    """
    judged = list(answers)
    if len({one.learner_id for one in judged}) < TO_RACE:
        return None
    right = sorted((one for one in judged if one.right), key=attrgetter("elapsed_ms"))
    if not right:
        return None
    best = [one for one in right if one.elapsed_ms == right[0].elapsed_ms]
    return best[0] if len(best) == 1 else None


def _tally(learner_id: int, name: str, answers: Sequence[Scored]) -> Tally:
    return Tally(
        learner_id,
        name,
        points=sum(one.points for one in answers),
        right=sum(one.right for one in answers),
        answered=len(answers),
        elapsed_ms=sum(one.elapsed_ms for one in answers if one.right),
        gained=sum(one.points for one in answers if one.newest),
    )
