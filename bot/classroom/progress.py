"""How far a learner is, over all lessons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.classroom.badges import NO_STREAK, Badge, Streak, badges_for, streak_of
from bot.classroom.lessons import LessonDesk
from bot.classroom.open_lessons import LessonRow
from db import progress
from db.engine import Database


@dataclass(frozen=True, slots=True)
class Overview:
    """Every lesson with what is done of it; `current_id` is the lesson that the learner is in."""

    rows: Sequence[LessonRow]
    current_id: str | None
    streak: Streak = NO_STREAK

    @property
    def badges(self) -> dict[Badge, bool]:
        """Every badge, and whether the learner has it."""
        return badges_for(
            tasks=self.tasks_done,
            finished=self.lessons_finished,
            lessons=len(self.rows),
            longest_streak=self.streak.longest,
            timed=any(row.best_score is not None for row in self.rows),
        )

    @property
    def tasks_done(self) -> int:
        """Tasks ticked in all lessons."""
        return sum(row.tasks_done for row in self.rows)

    @property
    def tasks_total(self) -> int:
        """Tasks that there are in all lessons."""
        return sum(len(row.lesson.tasks) for row in self.rows)

    @property
    def lessons_finished(self) -> int:
        """Lessons whose tasks are all done."""
        return sum(row.finished for row in self.rows)


class ProgressBook:
    """Reads progress. All methods raise `DatabaseError` when the database can't be used."""

    def __init__(
        self, *, database: Database, lessons: LessonDesk, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._lessons = lessons
        self._clock = clock

    async def overview(self, learner_id: int) -> Overview:
        """How far the learner is in every lesson; all zero for somebody who never enrolled."""
        rows = await self._lessons.rows(learner_id)
        async with self._database.transaction() as session:
            current = await progress.current(session, learner_id)
            passed = await progress.passed_at(session, learner_id)
        streak = streak_of(passed, now=self._clock())
        return Overview(rows, None if current is None else current.lesson_id, streak)
