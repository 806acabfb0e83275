"""What goes into a report, read within a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db.assignments import Assignment
from db.classreport import ErrorCount, JudgedCount, LessonState, Pupil
from db.working_time import Mark
from lessons.model import Catalogue, Step

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
    assigned: Sequence[Assignment] = ()

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

    Only faults differ between attempts: to draw all the rest for each learner would take seconds.
    """
    lesson = next((each for each in catalogue.lessons if each.id == lesson_id), None)
    if lesson is None:
        return ()
    return tuple(task_id for step in lesson.steps for task_id in _asked(lesson.id, step, variant))


def _asked(lesson_id: str, step: Step, variant: int) -> Iterator[str]:
    broken = () if step.faults is None else step.faults.drawn(lesson_id, variant)
    return (t.id for t in step.every_task if not step.is_fault(t) or t.id in broken)
