"""What goes into a report, read at one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.classreport import ErrorCount, JudgedCount, LessonState, Mark, Pupil
from lessons.model import Catalogue, Lesson

TaskKey = tuple[str, str]
"""The ids of a lesson and of a task in it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """All that is known of the members of a class; marks are in the order of time."""

    pupils: Sequence[Pupil] = ()
    lessons: Sequence[LessonState] = ()
    marks: Sequence[Mark] = ()
    errors: Sequence[ErrorCount] = ()
    judged: Sequence[JudgedCount] = ()

    def marks_by_learner(self) -> Mapping[int, list[Mark]]:
        """Each member's own marks."""
        found: dict[int, list[Mark]] = defaultdict(list)
        for mark in self.marks:
            found[mark.learner_id].append(mark)
        return found

    def ticked(self) -> frozenset[tuple[int, str, str]]:
        """Learner, lesson and task of every tick."""
        return frozenset(
            (mark.learner_id, mark.lesson_id, mark.task_id)
            for mark in self.marks
            if mark.kind == "ticked"
        )


def task_ids(catalogue: Catalogue, lesson_id: str, variant: int) -> tuple[str, ...]:
    """The tasks that this attempt of a lesson asks for, in order; none for a lesson that is gone.

    Only faults differ between attempts: to draw everything else for each learner would take long.
    """
    lesson = catalogue.get(lesson_id)
    if lesson is None:
        return ()
    return _ids(lesson if lesson.faults is None else lesson.at(variant))


def _ids(lesson: Lesson) -> tuple[str, ...]:
    return tuple(task.id for task in lesson.tasks)
