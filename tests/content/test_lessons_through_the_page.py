"""Which lessons are played through the page when all tests run together."""

from __future__ import annotations

from collections.abc import Iterable

from lessons.model import Lesson
from tests.e2e.lesson_player import CATALOGUE
from tests.e2e.test_every_lesson import IN_BOTH, KINDS


def test_every_kind_of_check_is_among_them() -> None:
    """A kind that only other lessons use would meet the page in no test."""
    chosen = [lesson for lesson in CATALOGUE.lessons if lesson.id in {*IN_BOTH, *KINDS}]
    assert len(chosen) == len(IN_BOTH) + len(KINDS)
    assert kinds(chosen) == kinds(CATALOGUE.lessons)


def kinds(lessons: Iterable[Lesson]) -> set[str]:
    """The kinds of checks that they use."""
    return {
        type(check).__name__ for each in lessons for task in each.tasks for check in task.checks
    }
