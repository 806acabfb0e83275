"""Titles of lessons and tasks, errors and times, as reports name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.classreport.rows import TaskKey
from bot.terminal.error_help import ALL_IDS, entry
from bot.texts import Speech
from lessons.model import Catalogue

_KNOWN = frozenset(ALL_IDS)


@dataclass(frozen=True, slots=True)
class Titles:
    """What lessons and tasks are called in one language; lessons are numbered from 1.

    Titles are those of no particular attempt, without marks of code: pictures, tables and what is
    quoted would show them. One that was removed has its id.
    """

    numbers: Mapping[str, int]
    lessons: Mapping[str, str]
    tasks: Mapping[TaskKey, str]

    def lesson(self, lesson_id: str) -> str:
        """The title of a lesson."""
        return self.lessons.get(lesson_id, lesson_id)

    def task(self, key: TaskKey) -> str:
        """The title of a task."""
        return self.tasks.get(key, key[1])

    def number(self, lesson_id: str) -> int:
        """The number of a lesson; 0 for one that was removed."""
        return self.numbers.get(lesson_id, 0)


def titles(catalogue: Catalogue, say: Speech) -> Titles:
    """All of them."""
    texts = {lesson.id: catalogue.text(lesson, say.language) for lesson in catalogue.lessons}
    return Titles(
        {lesson.id: number for number, lesson in enumerate(catalogue.lessons, 1)},
        {lesson_id: text.title.replace("`", "") for lesson_id, text in texts.items()},
        {
            (lesson_id, task_id): task.title.replace("`", "")
            for lesson_id, text in texts.items()
            for task_id, task in text.tasks.items()
        },
    )


def error_message(error: str, say: Speech) -> str:
    """The error as docker prints it, without anybody's names; without a wording, what it is."""
    if error not in _KNOWN:
        return error
    known = entry(error, say)
    return known.message or known.text.why


def duration(seconds: float, say: Speech) -> str:
    """A time as people say it: seconds, minutes, or hours and minutes."""
    minutes = round(seconds / 60)
    if seconds < 60:  # noqa: PLR2004 - a minute
        return say("class_report.seconds", n=round(seconds))
    if minutes < 90:  # noqa: PLR2004 - hours say more from here on
        return say("class_report.minutes", n=minutes)
    return say("class_report.hours", hours=minutes // 60, minutes=minutes % 60)
