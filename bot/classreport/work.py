"""How long tasks took, as working time; see the package for what that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from typing import Final

from bot.classreport.rows import Rows, TaskKey, task_ids
from db.classreport import Pupil
from db.working_time import Mark
from lessons.model import Catalogue

TOGETHER: Final = timedelta(seconds=3)
"""Ticks that are nearer than this to the one before were made by one check."""


@dataclass(frozen=True, slots=True)
class TaskTime:
    """How long a learner worked on a task that they have done."""

    learner_id: int
    lesson_id: str
    task_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a task took those who have done it: all times in seconds, the shortest first."""

    values: tuple[float, ...]

    @property
    def count(self) -> int:
        """How many were measured."""
        return len(self.values)

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The lower quartile, the median, the upper quartile; between two values in proportion."""
        if len(self.values) == 1:
            return (self.values[0],) * 3
        first, second, third = quantiles(self.values, n=4, method="inclusive")
        return first, second, third

    @property
    def median(self) -> float:
        """Half of them took no longer."""
        return self.quartiles[1]


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """A task in the class. `still_open` counts those who opened the lesson and have not done it.

    `refused` is how often somebody was told that it is not right yet; `time` is None while nobody
    was measured.
    """

    lesson_id: str
    task_id: str
    done: int
    still_open: int
    refused: int
    hints: int
    time: Spread | None


def task_times(rows: Rows) -> list[TaskTime]:
    """The time of every task that a member has done, as far as it can be measured."""
    pupils = {pupil.learner_id: pupil for pupil in rows.pupils}
    return [
        time
        for learner_id, marks in rows.marks_by_learner().items()
        for time in _of_learner(marks, pupils.get(learner_id))
    ]


def spreads(times: Sequence[TaskTime]) -> dict[TaskKey, Spread]:
    """The same by task."""
    found: dict[TaskKey, list[float]] = defaultdict(list)
    for time in times:
        found[time.lesson_id, time.task_id].append(time.seconds)
    return {key: Spread(tuple(sorted(values))) for key, values in found.items()}


def task_figures(
    rows: Rows, catalogue: Catalogue, times: Mapping[TaskKey, Spread]
) -> list[TaskFigures]:
    """Every task that somebody in the class can have met, in the order of the lessons."""
    ticked = rows.ticked()
    done = Counter((lesson_id, task_id) for _, lesson_id, task_id in ticked)
    still_open = Counter(
        (state.lesson_id, task_id)
        for state in rows.lessons
        for task_id in task_ids(catalogue, state.lesson_id, state.variant)
        if (state.learner_id, state.lesson_id, task_id) not in ticked
    )
    refused: Counter[TaskKey] = Counter()
    hints: Counter[TaskKey] = Counter()
    for each in rows.judged:
        refused[each.lesson_id, each.task_id] += each.refused
        hints[each.lesson_id, each.task_id] += each.hints
    keys = ((lesson.id, task.id) for lesson in catalogue.lessons for task in lesson.every_task)
    return [
        TaskFigures(*key, done[key], still_open[key], refused[key], hints[key], times.get(key))
        for key in keys
        if done[key] or still_open[key]
    ]


def _of_learner(marks: Sequence[Mark], pupil: Pupil | None) -> Iterator[TaskTime]:
    before: Mark | None = None
    for group in _groups(marks):
        last = group[-1]
        if last.kind == "ticked" and before is not None and _is_kept(before, pupil):
            seconds = (last.work_s - before.work_s) / len(group)
            for mark in group:
                yield TaskTime(mark.learner_id, mark.lesson_id, mark.task_id, seconds)
        if last.kind != "last":
            before = last


def _groups(marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    """Ticks of one check together, everything else alone."""
    group: list[Mark] = []
    for mark in marks:
        together = (
            group and mark.kind == "ticked" == group[-1].kind and mark.at - group[-1].at < TOGETHER
        )
        if not together and group:
            yield group
            group = []
        group.append(mark)
    if group:
        yield group


def _is_kept(mark: Mark, pupil: Pupil | None) -> bool:
    """Whether everything that the learner did since then is still in the history."""
    return pupil is None or pupil.kept_since is None or mark.at >= pupil.kept_since
