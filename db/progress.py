"""How far a learner is: lessons opened, tasks ticked, hints taken, attempts made.

A lesson must have been opened before anything else about it is stored; asking for one that was not
raises `LookupError`, which is a bug of the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import AttemptRow, LearnerRow, LessonRow, TaskRow
from db.upsert import insert_new

ATTEMPTS_KEPT_PER_LEARNER = 500


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """A learner's progress in one lesson.

    `version` is the version of the lesson that was opened last, `variant` which of its possible
    attempts this is. `done` are the ids of the tasks that were ever done in it: a tick stays.
    `hints` counts the hints shown, `answers` are the last ones given, by task id. `clock_at` is
    since when this attempt is timed, `best_score` the best of all attempts.
    """

    learner_id: int
    lesson_id: str
    version: int
    opened_at: datetime
    finished_at: datetime | None
    step_id: str | None
    card_channel_id: int | None
    card_message_id: int | None
    done: frozenset[str]
    hints: Mapping[str, int]
    variant: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    clock_at: datetime | None = None
    best_score: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A task that was done, and when that was seen first."""

    lesson_id: str
    task_id: str
    at: datetime


async def ticks(session: AsyncSession, learner_id: int) -> list[Tick]:
    """Every task that the learner has done, the oldest first."""
    rows = await session.scalars(
        select(TaskRow)
        .where(TaskRow.learner_id == learner_id, TaskRow.done_at.is_not(None))
        .order_by(TaskRow.done_at, TaskRow.lesson_id, TaskRow.task_id)
    )
    return [Tick(row.lesson_id, row.task_id, row.done_at) for row in rows if row.done_at]


async def open_lesson(
    session: AsyncSession,
    learner_id: int,
    lesson_id: str,
    *,
    version: int,
    at: datetime,
    variant: int = 0,
) -> LessonProgress:
    """Open a lesson and make it the current one. Opening it again keeps all that was done.

    `variant` is for the first time; an attempt keeps what it has.
    """
    await insert_new(
        session,
        LessonRow,
        learner_id=learner_id,
        lesson_id=lesson_id,
        version=version,
        opened_at=at,
        variant=variant,
    )
    lesson = await _lesson_row(session, learner_id, lesson_id)
    lesson.version = version
    learner = await session.get_one(LearnerRow, learner_id)
    learner.current_lesson_id = lesson_id
    return await _progress(session, lesson)


async def begin_anew(
    session: AsyncSession, learner_id: int, lesson_id: str, *, variant: int, at: datetime
) -> None:
    """Start another attempt: no ticks, no hints taken, no answers, no clock.

    The card stays where it is; the best score, and when the lesson was first finished, what it was.
    """
    row = await _lesson_row(session, learner_id, lesson_id, lock=True)
    await session.execute(
        delete(TaskRow).where(TaskRow.learner_id == learner_id, TaskRow.lesson_id == lesson_id)
    )
    row.variant, row.opened_at, row.finished_at, row.step_id = variant, at, None, None
    row.clock_at = None
    await session.flush()


async def set_answer(
    session: AsyncSession, learner_id: int, lesson_id: str, task_id: str, answer: str
) -> None:
    """Remember what the learner answered last."""
    (await _locked_task_row(session, learner_id, lesson_id, task_id)).answer = answer
    await session.flush()


async def current(session: AsyncSession, learner_id: int) -> LessonProgress | None:
    """The lesson that the learner opened last."""
    learner = await session.get(LearnerRow, learner_id)
    if learner is None or learner.current_lesson_id is None:
        return None
    return await of_lesson(session, learner_id, learner.current_lesson_id)


async def of_lesson(
    session: AsyncSession, learner_id: int, lesson_id: str
) -> LessonProgress | None:
    """The progress in one lesson; None when it was never opened."""
    row = await session.get(LessonRow, (learner_id, lesson_id))
    return None if row is None else await _progress(session, row)


async def overview(session: AsyncSession, learner_id: int) -> list[LessonProgress]:
    """The progress in every lesson that was opened, in the order of their first opening."""
    lessons = await session.scalars(
        select(LessonRow)
        .where(LessonRow.learner_id == learner_id)
        .order_by(LessonRow.opened_at, LessonRow.lesson_id)
    )
    tasks = (await session.scalars(select(TaskRow).where(TaskRow.learner_id == learner_id))).all()
    return [
        _as_progress(lesson, [task for task in tasks if task.lesson_id == lesson.lesson_id])
        for lesson in lessons.all()
    ]


async def passed_at(session: AsyncSession, learner_id: int) -> list[datetime]:
    """When tasks were passed, in no order: those whose tick is still there, and newer attempts."""
    ticks = select(TaskRow.done_at).where(
        TaskRow.learner_id == learner_id, TaskRow.done_at.is_not(None)
    )
    attempts = select(AttemptRow.at).where(AttemptRow.learner_id == learner_id, AttemptRow.passed)
    found = [*(await session.scalars(ticks)), *(await session.scalars(attempts))]
    return [at for at in found if at is not None]


async def set_step(session: AsyncSession, learner_id: int, lesson_id: str, step_id: str) -> None:
    """Remember the step that the lesson's card shows."""
    (await _lesson_row(session, learner_id, lesson_id)).step_id = step_id


async def set_card(
    session: AsyncSession, learner_id: int, lesson_id: str, channel_id: int, message_id: int
) -> None:
    """Remember the message that is the lesson's card."""
    row = await _lesson_row(session, learner_id, lesson_id)
    row.card_channel_id, row.card_message_id = channel_id, message_id


async def tick(
    session: AsyncSession,
    learner_id: int,
    lesson_id: str,
    task_id: str,
    *,
    version: int,
    at: datetime,
) -> bool:
    """Mark a task as done; True the first time, even when two checks see it at once."""
    row = await _locked_task_row(session, learner_id, lesson_id, task_id)
    if row.done_at is not None:
        return False
    row.done_at, row.done_version = at, version
    await session.flush()
    return True


async def finish(session: AsyncSession, learner_id: int, lesson_id: str, at: datetime) -> bool:
    """Mark this attempt of a lesson as finished; True the first time."""
    row = await _lesson_row(session, learner_id, lesson_id, lock=True)
    if row.finished_at is not None:
        return False
    row.finished_at = at
    row.first_finished_at = row.first_finished_at or at
    await session.flush()
    return True


async def start_clock(
    session: AsyncSession, learner_id: int, lesson_id: str, at: datetime
) -> datetime:
    """Begin to time this attempt; since when it is timed, if it was already."""
    row = await _lesson_row(session, learner_id, lesson_id, lock=True)
    row.clock_at = row.clock_at or at
    await session.flush()
    return row.clock_at


async def keep_score(session: AsyncSession, learner_id: int, lesson_id: str, points: int) -> int:
    """Keep the score of an attempt when it is the best by now; the best."""
    row = await _lesson_row(session, learner_id, lesson_id, lock=True)
    row.best_score = max(points, row.best_score or 0)
    await session.flush()
    return row.best_score


async def record_attempt(
    session: AsyncSession,
    learner_id: int,
    lesson_id: str,
    task_id: str,
    *,
    passed: bool,
    missing: Sequence[str],
    at: datetime,
) -> None:
    """Remember how a task was judged; the oldest beyond `ATTEMPTS_KEPT_PER_LEARNER` go."""
    session.add(
        AttemptRow(
            learner_id=learner_id,
            lesson_id=lesson_id,
            task_id=task_id,
            passed=passed,
            missing=list(missing),
            at=at,
        )
    )
    await session.flush()
    oldest_kept = (
        select(AttemptRow.id)
        .where(AttemptRow.learner_id == learner_id)
        .order_by(AttemptRow.id.desc())
        .offset(ATTEMPTS_KEPT_PER_LEARNER - 1)
        .limit(1)
        .scalar_subquery()
    )
    await session.execute(
        delete(AttemptRow)
        .where(AttemptRow.learner_id == learner_id, AttemptRow.id < oldest_kept)
        .execution_options(synchronize_session=False)
    )


async def use_hint(session: AsyncSession, learner_id: int, lesson_id: str, task_id: str) -> int:
    """Count one more hint as shown; how many are shown now."""
    row = await _locked_task_row(session, learner_id, lesson_id, task_id)
    row.hints_shown += 1
    await session.flush()
    return row.hints_shown


async def use_hints(
    session: AsyncSession, learner_id: int, lesson_id: str, task_id: str, count: int
) -> None:
    """Count at least so many hints as shown."""
    row = await _locked_task_row(session, learner_id, lesson_id, task_id)
    row.hints_shown = max(row.hints_shown, count)
    await session.flush()


async def _lesson_row(
    session: AsyncSession, learner_id: int, lesson_id: str, *, lock: bool = False
) -> LessonRow:
    row = await session.get(
        LessonRow, (learner_id, lesson_id), with_for_update=lock, populate_existing=lock
    )
    if row is None:
        raise LookupError(f"lesson {lesson_id} was never opened")
    return row


async def _locked_task_row(
    session: AsyncSession, learner_id: int, lesson_id: str, task_id: str
) -> TaskRow:
    """The row of a task, made when it is missing, that no other transaction can change now."""
    await _lesson_row(session, learner_id, lesson_id)
    key = {"learner_id": learner_id, "lesson_id": lesson_id, "task_id": task_id}
    await insert_new(session, TaskRow, **key, hints_shown=0)
    return await session.get_one(TaskRow, key, with_for_update=True, populate_existing=True)


async def _progress(session: AsyncSession, lesson: LessonRow) -> LessonProgress:
    tasks = await session.scalars(
        select(TaskRow).where(
            TaskRow.learner_id == lesson.learner_id, TaskRow.lesson_id == lesson.lesson_id
        )
    )
    return _as_progress(lesson, tasks.all())


def _as_progress(lesson: LessonRow, tasks: Sequence[TaskRow]) -> LessonProgress:
    return LessonProgress(
        learner_id=lesson.learner_id,
        lesson_id=lesson.lesson_id,
        version=lesson.version,
        opened_at=lesson.opened_at,
        finished_at=lesson.finished_at,
        step_id=lesson.step_id,
        card_channel_id=lesson.card_channel_id,
        card_message_id=lesson.card_message_id,
        done=frozenset(task.task_id for task in tasks if task.done_at is not None),
        hints={task.task_id: task.hints_shown for task in tasks if task.hints_shown},
        variant=lesson.variant,
        clock_at=lesson.clock_at,
        best_score=lesson.best_score,
        answers={task.task_id: task.answer for task in tasks if task.answer is not None},
    )
