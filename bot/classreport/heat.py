"""Learners × lessons: which share of the tasks is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.classreport.rows import Rows, task_ids
from db.classreport import LessonState
from lessons.model import Catalogue


@dataclass(frozen=True, slots=True)
class Cell:
    """A learner in a lesson, as this attempt stands; `opened` is False for one never opened."""

    done: int = 0
    total: int = 0
    opened: bool = False
    finished: bool = False

    @property
    def share(self) -> float:
        """From 0 to 1; a lesson without tasks is done when it is finished."""
        return self.done / self.total if self.total else float(self.finished)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A learner, with a cell for every lesson."""

    learner_id: int
    name: str
    cells: tuple[Cell, ...]

    @property
    def done(self) -> int:
        """Tasks done in all lessons."""
        return sum(cell.done for cell in self.cells)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Every member and every lesson; `lesson_ids` are the columns."""

    lesson_ids: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    @property
    def average(self) -> tuple[float, ...]:
        """Of each lesson the share that the whole class has done; who never opened it has 0."""
        count = max(1, len(self.rows))
        return tuple(
            sum(row.cells[column].share for row in self.rows) / count
            for column in range(len(self.lesson_ids))
        )


def heat_map(rows: Rows, catalogue: Catalogue) -> HeatMap:
    """The map of the class, members in the order that they have, lessons in theirs."""
    ids = tuple(lesson.id for lesson in catalogue.lessons)
    states = {(state.learner_id, state.lesson_id): state for state in rows.lessons}
    done = _done(rows, catalogue)
    empty = {lesson_id: len(task_ids(catalogue, lesson_id, 0)) for lesson_id in ids}

    def cell(learner_id: int, lesson_id: str) -> Cell:
        state = states.get((learner_id, lesson_id))
        if state is None:
            return Cell(total=empty[lesson_id])
        total = len(task_ids(catalogue, lesson_id, state.variant))
        count = done[learner_id, lesson_id]
        return Cell(count, total, opened=True, finished=state.finished_at is not None)

    return HeatMap(
        ids,
        tuple(
            HeatRow(
                pupil.learner_id,
                pupil.name,
                tuple(cell(pupil.learner_id, lesson_id) for lesson_id in ids),
            )
            for pupil in rows.pupils
        ),
    )


def _done(rows: Rows, catalogue: Catalogue) -> Counter[tuple[int, str]]:
    """Ticks of tasks that the attempt asks for; one that its lesson has no more does not count."""
    asked = {
        (state.learner_id, state.lesson_id): frozenset(_asked(state, catalogue))
        for state in rows.lessons
    }
    return Counter(
        (learner_id, lesson_id)
        for learner_id, lesson_id, task_id in rows.ticked()
        if task_id in asked.get((learner_id, lesson_id), frozenset())
    )


def _asked(state: LessonState, catalogue: Catalogue) -> tuple[str, ...]:
    return task_ids(catalogue, state.lesson_id, state.variant)
