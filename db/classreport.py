"""What reports about a class are made of: a few questions about all of its members at once.

Nothing here takes a list of learners, and no answer grows with what was typed: histories are summed
up where they are. How long members worked is in `db.working_time`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Integer,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db.history import KEPT_PER_LEARNER
from db.models import AttemptRow, ClassMemberRow, HistoryRow, LearnerRow, LessonRow, TaskRow
from db.working_time import members_of


@dataclass(frozen=True, slots=True)
class Pupil:
    """A member of the class. `kept_since` is the oldest of what they did that is still kept.

    It is None while nothing was forgotten yet.
    """

    learner_id: int
    name: str
    joined_at: datetime
    current_lesson_id: str | None
    last_at: datetime | None
    kept_since: datetime | None


@dataclass(frozen=True, slots=True)
class LessonState:
    """A lesson that a member has opened, as this attempt stands.

    `first_finished_at` is when any attempt was finished first.
    """

    learner_id: int
    lesson_id: str
    variant: int
    opened_at: datetime
    finished_at: datetime | None
    best_score: int | None
    first_finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How often a member met a known error since they joined.

    `lately` counts those since the member last ticked a task or opened a lesson.
    """

    learner_id: int
    error: str
    times: int
    lately: int


@dataclass(frozen=True, slots=True)
class JudgedCount:
    """How often a member was told that a task is not right yet, in this attempt, and hints taken.

    What was told of a task is written down when it changes, not after every command.
    """

    learner_id: int
    lesson_id: str
    task_id: str
    refused: int
    hints: int


@dataclass(frozen=True, slots=True)
class ErrorNow:
    """How many members met a known error in a window of time."""

    error: str
    learners: int
    times: int


async def pupils(session: AsyncSession, class_id: int) -> list[Pupil]:
    """The members of the class, by name."""
    seen = (
        select(
            HistoryRow.learner_id,
            func.count().label("kept"),
            func.min(HistoryRow.at).label("first_at"),
            func.max(HistoryRow.at).label("last_at"),
        )
        .where(HistoryRow.learner_id.in_(members_of(class_id)))
        .group_by(HistoryRow.learner_id)
        .subquery()
    )
    rows = await session.execute(
        select(
            LearnerRow.id,
            LearnerRow.name,
            ClassMemberRow.joined_at,
            LearnerRow.current_lesson_id,
            seen.c.last_at,
            case((seen.c.kept >= KEPT_PER_LEARNER, seen.c.first_at)),
        )
        .join(ClassMemberRow, ClassMemberRow.learner_id == LearnerRow.id)
        .outerjoin(seen, seen.c.learner_id == LearnerRow.id)
        .where(ClassMemberRow.class_id == class_id)
    )
    found = [Pupil(*row) for row in rows]
    return sorted(found, key=lambda pupil: (pupil.name.casefold(), pupil.learner_id))


async def lessons(session: AsyncSession, class_id: int) -> list[LessonState]:
    """Every lesson that a member has opened."""
    rows = await session.execute(
        select(
            LessonRow.learner_id,
            LessonRow.lesson_id,
            LessonRow.variant,
            LessonRow.opened_at,
            LessonRow.finished_at,
            LessonRow.best_score,
            LessonRow.first_finished_at,
        ).where(LessonRow.learner_id.in_(members_of(class_id)))
    )
    return [LessonState(*row) for row in rows]


async def errors(session: AsyncSession, class_id: int) -> list[ErrorCount]:
    """How often each member met which known error since they joined."""
    begun = _begun(class_id)
    lately = func.sum(case((HistoryRow.at > begun.c.at, 1), else_=0))
    rows = await session.execute(
        select(HistoryRow.learner_id, HistoryRow.error, func.count(), cast(lately, Integer))
        .join(ClassMemberRow, ClassMemberRow.learner_id == HistoryRow.learner_id)
        .outerjoin(begun, begun.c.learner_id == HistoryRow.learner_id)
        .where(
            ClassMemberRow.class_id == class_id,
            HistoryRow.error.is_not(None),
            HistoryRow.at >= ClassMemberRow.joined_at,
        )
        .group_by(HistoryRow.learner_id, HistoryRow.error)
    )
    return [
        ErrorCount(learner_id, error or "", times, late) for learner_id, error, times, late in rows
    ]


async def judged(session: AsyncSession, class_id: int) -> list[JudgedCount]:
    """How often members were told that a task is not right yet, and which hints they took."""
    refused = (
        select(
            AttemptRow.learner_id,
            AttemptRow.lesson_id,
            AttemptRow.task_id,
            func.count().label("refused"),
            literal(0, Integer).label("hints"),
        )
        .join(
            LessonRow,
            and_(
                LessonRow.learner_id == AttemptRow.learner_id,
                LessonRow.lesson_id == AttemptRow.lesson_id,
            ),
        )
        .where(
            AttemptRow.learner_id.in_(members_of(class_id)),
            AttemptRow.passed.is_(False),
            AttemptRow.at >= LessonRow.opened_at,
        )
        .group_by(AttemptRow.learner_id, AttemptRow.lesson_id, AttemptRow.task_id)
    )
    hints = select(
        TaskRow.learner_id,
        TaskRow.lesson_id,
        TaskRow.task_id,
        literal(0, Integer).label("refused"),
        TaskRow.hints_shown.label("hints"),
    ).where(TaskRow.learner_id.in_(members_of(class_id)), TaskRow.hints_shown > 0)
    both = union_all(refused, hints).subquery()
    key = (both.c.learner_id, both.c.lesson_id, both.c.task_id)
    rows = await session.execute(
        select(
            *key,
            cast(func.sum(both.c.refused), Integer),
            cast(func.sum(both.c.hints), Integer),
        ).group_by(*key)
    )
    return [JudgedCount(*row) for row in rows]


async def errors_since(session: AsyncSession, class_id: int, at: datetime) -> list[ErrorNow]:
    """Known errors that members met at or after this moment; those of most members first."""
    learners = func.count(HistoryRow.learner_id.distinct())
    rows = await session.execute(
        select(HistoryRow.error, learners, func.count())
        .where(
            HistoryRow.at >= at,
            HistoryRow.error.is_not(None),
            HistoryRow.learner_id.in_(members_of(class_id)),
        )
        .group_by(HistoryRow.error)
        .order_by(learners.desc(), func.count().desc(), HistoryRow.error)
    )
    return [ErrorNow(error or "", met, times) for error, met, times in rows]


async def active_since(session: AsyncSession, class_id: int, at: datetime) -> int:
    """How many members did something at or after this moment."""
    found = await session.scalar(
        select(func.count(HistoryRow.learner_id.distinct())).where(
            HistoryRow.at >= at, HistoryRow.learner_id.in_(members_of(class_id))
        )
    )
    return found or 0


def _begun(class_id: int) -> Subquery:
    """When each member last ticked a task or opened a lesson."""
    opened = select(LessonRow.learner_id, LessonRow.opened_at.label("at")).where(
        LessonRow.learner_id.in_(members_of(class_id))
    )
    ticked = select(TaskRow.learner_id, TaskRow.done_at.label("at")).where(
        TaskRow.learner_id.in_(members_of(class_id)), TaskRow.done_at.is_not(None)
    )
    both = union_all(opened, ticked).subquery()
    return (
        select(both.c.learner_id, func.max(both.c.at).label("at"))
        .group_by(both.c.learner_id)
        .subquery()
    )
