"""Every lesson says how else it can be done, and what looks right but is not."""

from __future__ import annotations

import pytest

from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson
from lessons.trials import Trials, read_trials

LESSONS = pytest.mark.parametrize("lesson", load_catalogue().lessons, ids=lambda lesson: lesson.id)
FEWEST_WAYS = 2
FEWEST_MISSES_OF_A_TASK = 4


def trials(lesson: Lesson) -> Trials:
    folder = CONTENT / f"{lesson.order:03}-{lesson.id}"
    return read_trials(folder / "trials.yaml", lesson, [])


@LESSONS
def test_there_are_other_ways(lesson: Lesson) -> None:
    """Long options, management commands, several commands: one way proves too little."""
    assert len(trials(lesson).ways) >= FEWEST_WAYS


@LESSONS
def test_every_task_has_near_misses_that_name_the_mistake(lesson: Lesson) -> None:
    """A check that nothing was tried against may pass anything."""
    misses = trials(lesson).misses
    for task in lesson.every_task:
        of_task = [miss for miss in misses if miss.task == task.id]
        assert len(of_task) >= FEWEST_MISSES_OF_A_TASK, task.id
        assert all(miss.finding and miss.lines for miss in of_task), task.id


@LESSONS
def test_each_fault_is_repaired_in_other_ways(lesson: Lesson) -> None:
    """Whatever an attempt draws, more than one repair of it was tried."""
    repaired = [fault for way in trials(lesson).ways for fault in way.faults]
    for fault in () if lesson.faults is None else lesson.faults.ids:
        assert repaired.count(fault) >= FEWEST_WAYS, fault
