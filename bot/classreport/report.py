"""The whole report of a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.classreport.heat import HeatMap, heat_map
from bot.classreport.help import QUIET_AFTER, NeedsHelp, Quiet, needs_help, quiet
from bot.classreport.open import OpenTask, open_tasks
from bot.classreport.rows import Rows
from bot.classreport.work import TaskFigures, TaskTime, spreads, task_figures, task_times
from db.classreport import LessonState, Pupil
from lessons.model import Catalogue


@dataclass(frozen=True, slots=True)
class ErrorFigures:
    """A known error in the class: how many members met it since they joined, and how often."""

    error: str
    learners: int
    times: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that an instructor sees of a class; see `bot.classreport` for what the numbers mean."""

    made_at: datetime
    pupils: tuple[Pupil, ...]
    lessons: tuple[LessonState, ...]
    heat: HeatMap
    open_tasks: dict[int, OpenTask]
    needs_help: tuple[NeedsHelp, ...]
    quiet: tuple[Quiet, ...]
    errors: tuple[ErrorFigures, ...]
    tasks: tuple[TaskFigures, ...]
    times: tuple[TaskTime, ...]

    @property
    def active(self) -> int:
        """Members who did something in the last week."""
        return sum(
            pupil.last_at is not None and self.made_at - pupil.last_at < QUIET_AFTER
            for pupil in self.pupils
        )

    @property
    def timed(self) -> tuple[TaskFigures, ...]:
        """Tasks of which a time was measured."""
        return tuple(task for task in self.tasks if task.time is not None)


def build(rows: Rows, catalogue: Catalogue, now: datetime) -> Report:
    """The report of these rows."""
    times = task_times(rows)
    by_task = spreads(times)
    tasks = open_tasks(rows, catalogue)
    pupils = {pupil.learner_id: pupil for pupil in rows.pupils}
    return Report(
        made_at=now,
        pupils=tuple(rows.pupils),
        lessons=tuple(rows.lessons),
        heat=heat_map(rows, catalogue),
        open_tasks=tasks,
        needs_help=tuple(needs_help(pupils, tasks, by_task)),
        quiet=tuple(quiet(pupils, now)),
        errors=tuple(error_figures(rows)),
        tasks=tuple(task_figures(rows, catalogue, by_task)),
        times=tuple(times),
    )


def error_figures(rows: Rows) -> Sequence[ErrorFigures]:
    """The errors of the class: those of most members first, then those met most often."""
    learners = Counter(count.error for count in rows.errors)
    times: Counter[str] = Counter()
    for count in rows.errors:
        times[count.error] += count.times
    found = [ErrorFigures(error, learners[error], times[error]) for error in learners]
    return sorted(found, key=lambda one: (-one.learners, -one.times, one.error))
