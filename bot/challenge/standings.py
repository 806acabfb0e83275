"""Who is where: places, ties, first solvers, and what a frozen board shows.

More tasks come first; of equally many, the smaller time: from the common start to the last task
done, in whole seconds, and two minutes more for each hint. Who is equal in both shares the place;
who joined earlier has no advantage. The next place counts everybody before it: 1, 1, 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.challenge.rules import HINT_PENALTY_S

MarkKind = Literal["solve", "hint"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A task that somebody did, or the `number`-th hint that they took for it."""

    who: int
    kind: MarkKind
    task_id: str
    at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody, or a side, stands. `first` are the tasks that nobody did before them."""

    who: int
    place: int
    done: frozenset[str]
    hints: int
    time_s: int
    first: frozenset[str] = field(default_factory=frozenset)


def standings(
    who: Iterable[int],
    marks: Iterable[Mark],
    *,
    start: datetime,
    until: datetime | None = None,
) -> tuple[Standing, ...]:
    """Everybody in the order of their places; of equal ones the lower id is shown first.

    `until` is the last moment that counts: what came later is not shown.
    """
    people = sorted(set(who))
    solved, hints = _sorted_out(people, marks, until)
    firsts = first_solvers(solved)
    rows = sorted(
        (
            Standing(
                who=one,
                place=0,
                done=frozenset(solved[one]),
                hints=hints[one],
                time_s=_time_s(solved[one], hints[one], start),
                first=frozenset(task for task, by in firsts.items() if one in by),
            )
            for one in people
        ),
        key=_order,
    )
    return _placed(rows)


def first_solvers(solved: Mapping[int, Mapping[str, datetime]]) -> dict[str, frozenset[int]]:
    """Who did each task first; several, when that was at the very same moment."""
    earliest: dict[str, datetime] = {}
    for tasks in solved.values():
        for task, at in tasks.items():
            earliest[task] = min(at, earliest.get(task, at))
    return {
        task: frozenset(one for one, tasks in solved.items() if tasks.get(task) == at)
        for task, at in earliest.items()
    }


def of_sides(marks: Iterable[Mark], sides: Mapping[int, int]) -> list[Mark]:
    """The same marks as those of sides: what one did, their side did. `sides` are by person.

    A task counts for a side once, when the first of them does it; everybody's hints count.
    """
    found: list[Mark] = []
    seen: set[tuple[int, str]] = set()
    number = 0
    for mark in sorted(marks, key=lambda each: each.at):
        side = sides.get(mark.who)
        if side is None:
            continue
        number += 1
        if mark.kind == "solve" and (side, mark.task_id) in seen:
            continue
        if mark.kind == "solve":
            seen.add((side, mark.task_id))
        found.append(
            Mark(side, mark.kind, mark.task_id, mark.at, number if mark.kind == "hint" else 0)
        )
    return found


def winners(rows: Sequence[Standing]) -> tuple[int, ...]:
    """Those at the first place, if they did anything; several are equal."""
    return tuple(row.who for row in rows if row.place == 1 and row.done)


def _sorted_out(
    people: Sequence[int], marks: Iterable[Mark], until: datetime | None
) -> tuple[dict[int, dict[str, datetime]], dict[int, int]]:
    solved: dict[int, dict[str, datetime]] = {one: {} for one in people}
    hints: dict[int, set[tuple[str, int]]] = {one: set() for one in people}
    for mark in marks:
        if mark.who not in solved or (until is not None and mark.at > until):
            continue
        if mark.kind == "hint":
            hints[mark.who].add((mark.task_id, mark.number))
        else:
            tasks = solved[mark.who]
            tasks[mark.task_id] = min(mark.at, tasks.get(mark.task_id, mark.at))
    return solved, {one: len(taken) for one, taken in hints.items()}


def _time_s(tasks: Mapping[str, datetime], hints: int, start: datetime) -> int:
    last = max(tasks.values(), default=start)
    # A clock that was set back makes nobody faster than the start.
    return max(0, int((last - start).total_seconds())) + hints * HINT_PENALTY_S


def _order(row: Standing) -> tuple[int, int, int]:
    return (-len(row.done), row.time_s, row.who)


def _placed(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    placed: list[Standing] = []
    for number, row in enumerate(rows, start=1):
        before = placed[-1] if placed else None
        equal = before is not None and _order(before)[:2] == _order(row)[:2]
        place = before.place if before is not None and equal else number
        placed.append(Standing(row.who, place, row.done, row.hints, row.time_s, row.first))
    return tuple(placed)
