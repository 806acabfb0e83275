"""The whole report of a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.classreport.heat import HeatMap, heat_map
from bot.classreport.help import QUIET_AFTER, NeedsHelp, Quiet, needs_help, quiet
from bot.classreport.open import OpenTask, open_tasks
from bot.classreport.rows import Rows
from bot.classreport.work import TaskFigures, TaskTime, spreads, task_figures, task_times
from bot.schedule.lateness import Lateness, lateness
from db.classreport import LessonState, Pupil
from lessons.model import Catalogue

LearnerLesson = tuple[int, str]


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
    due: Mapping[str, datetime] = field(default_factory=dict)
    """Until when the class has to do which lesson."""
    late: Mapping[LearnerLesson, Lateness] = field(default_factory=dict)
    """Who did what is due in time, and who did not; who need not yet is left out."""

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
    due = _due(rows, catalogue)
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
        due=due,
        late=_late(rows, due, now),
    )


def _due(rows: Rows, catalogue: Catalogue) -> dict[str, datetime]:
    """Of lessons that are still there."""
    due = {each.lesson_id: each.due_at for each in rows.assigned if each.due_at is not None}
    return {lesson.id: due[lesson.id] for lesson in catalogue.lessons if lesson.id in due}


def _late(rows: Rows, due: Mapping[str, datetime], now: datetime) -> dict[LearnerLesson, Lateness]:
    finished = {
        (state.learner_id, state.lesson_id): state.first_finished_at for state in rows.lessons
    }
    found: dict[LearnerLesson, Lateness] = {}
    for lesson_id, due_at in due.items():
        for pupil in rows.pupils:
            key = (pupil.learner_id, lesson_id)
            how = lateness(due_at, finished.get(key), joined_at=pupil.joined_at, now=now)
            if how is not None:
                found[key] = how
    return found


def error_figures(rows: Rows) -> Sequence[ErrorFigures]:
    """The errors of the class: those of most members first, then those met most often."""
    learners = Counter(count.error for count in rows.errors)
    times: Counter[str] = Counter()
    for count in rows.errors:
        times[count.error] += count.times
    found = [ErrorFigures(error, learners[error], times[error]) for error in learners]
    return sorted(found, key=lambda one: (-one.learners, -one.times, one.error))
