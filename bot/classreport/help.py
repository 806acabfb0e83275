"""Who may need help, and why: nobody is named without a reason, and to be away is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.classreport.open import OpenTask
from bot.classreport.rows import TaskKey
from bot.classreport.work import Spread
from db.classreport import Pupil

STUCK_WORK_S: Final = 15 * 60
STUCK_COMMANDS: Final = 5
TIMES_THE_MEDIAN: Final = 2
MEDIAN_OF: Final = 5
"""With fewer who have done a task, its median says little."""
SAME_ERROR: Final = 4
REFUSED: Final = 4
QUIET_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Worked on one task for long; `median_s` is what the class needs, None while nobody knows."""

    work_s: int
    commands: int
    failed: int
    median_s: float | None


@dataclass(frozen=True, slots=True)
class SameError:
    """Met one error again and again on this task."""

    error: str
    times: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Was told several times that the task is not right yet."""

    times: int


Reason = Stuck | SameError | Refused


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """Somebody who may need help with their open task; there is at least one reason."""

    pupil: Pupil
    task: OpenTask
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody who has done nothing for a while: that says nothing about how they fare."""

    pupil: Pupil
    kind: Literal["never", "away"]


def reasons_of(task: OpenTask, times: Mapping[TaskKey, Spread]) -> tuple[Reason, ...]:
    """Why this learner may need help with their open task; empty when there is no reason."""
    found: list[Reason] = []
    spread = times.get(task.key)
    median = spread.median if spread is not None and spread.count >= MEDIAN_OF else None
    if task.commands >= STUCK_COMMANDS and task.work_s >= _long(median):
        found.append(Stuck(task.work_s, task.commands, task.failed, median))
    repeated = [(times, error) for error, times in task.errors.items() if times >= SAME_ERROR]
    if repeated:
        most, error = max(repeated)
        found.append(SameError(error, most))
    if task.refused >= REFUSED:
        found.append(Refused(task.refused))
    return tuple(found)


def needs_help(
    pupils: Mapping[int, Pupil], tasks: Mapping[int, OpenTask], times: Mapping[TaskKey, Spread]
) -> list[NeedsHelp]:
    """Everybody with a reason: those with most reasons first, then those who worked longest."""
    found = []
    for learner_id, task in tasks.items():
        reasons = reasons_of(task, times)
        if reasons:
            found.append(NeedsHelp(pupils[learner_id], task, reasons))
    return sorted(
        found, key=lambda one: (-len(one.reasons), -one.task.work_s, one.pupil.name.casefold())
    )


def quiet(pupils: Mapping[int, Pupil], now: datetime) -> list[Quiet]:
    """Those who have done nothing since they joined, or nothing for a week; the longest first."""
    found = []
    for pupil in pupils.values():
        if pupil.last_at is None:
            found.append(Quiet(pupil, "never"))
        elif now - pupil.last_at >= QUIET_AFTER:
            found.append(Quiet(pupil, "away"))
    return sorted(found, key=lambda one: (one.pupil.last_at is not None, one.pupil.last_at or now))


def _long(median: float | None) -> float:
    return max(STUCK_WORK_S, TIMES_THE_MEDIAN * (median or 0))
