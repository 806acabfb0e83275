"""A quiz as it is now: found in the database, its course kept there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import LearnerError
from bot.quiz.course import Course, End, Phase
from bot.texts import Language
from db import quizzes
from db.quizzes import Quiz

LONGEST_PAUSE: Final = timedelta(hours=6)
LONGEST_LOBBY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LiveQuiz:
    """A quiz as it is now."""

    kept: Quiz
    course: Course

    @property
    def id(self) -> int:
        """Its number."""
        return self.kept.id

    @property
    def language(self) -> Language:
        """In which it is held."""
        return "ko" if self.kept.language == "ko" else "en"

    def is_left(self, now: datetime) -> bool:
        """Whether it has waited for its host for so long that nobody will go on with it."""
        if self.course.phase is Phase.LOBBY:
            return now - self.kept.created_at > LONGEST_LOBBY
        return self.kept.paused_at is not None and now - self.kept.paused_at > LONGEST_PAUSE


async def live_quiz(
    session: AsyncSession,
    quiz_id: int,
    server_id: int | None = None,
    *,
    lock: Literal["share", "change"] | None = None,
) -> LiveQuiz:
    """The quiz of this number, locked as `db.quizzes.get` says.

    Raises:
        LearnerError: There is none, or it is another server's.
    """
    kept = await quizzes.get(session, quiz_id, lock=lock)
    if kept is None or (server_id is not None and kept.server_id != server_id):
        raise LearnerError("quiz.gone")
    return LiveQuiz(kept, _course(kept))


def _course(kept: Quiz) -> Course:
    return Course(
        rounds=kept.rounds,
        seconds=kept.seconds,
        phase=Phase(kept.phase),
        position=kept.position,
        limit_ms=kept.limit_ms,
        ends_at=kept.ends_at,
        left_ms=kept.left_ms,
        end=None if kept.ending is None else End(kept.ending),
    )


async def keep_course(
    session: AsyncSession, live: LiveQuiz, course: Course, now: datetime
) -> LiveQuiz:
    """Keep how far the quiz is now; the quiz with this course."""
    paused_at = (live.kept.paused_at or now) if course.paused else None
    await quizzes.save_course(
        session,
        live.id,
        phase=course.phase,
        position=course.position,
        limit_ms=course.limit_ms,
        ends_at=course.ends_at,
        left_ms=course.left_ms,
        paused_at=paused_at,
        ending=course.end,
        seen_at=now,
    )
    return replace(live, kept=replace(live.kept, paused_at=paused_at), course=course)
