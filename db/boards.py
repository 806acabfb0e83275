"""The live boards of classes, and what one shows: where those are who are at work just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import (
    BoardRow,
    ClassMemberRow,
    ClassRow,
    HandRow,
    HistoryRow,
    LearnerRow,
    LessonRow,
    TaskRow,
)
from db.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Board:
    """The board of an open class that is kept up to date in this message.

    `opened_by` is the instructor who opened it; None when nobody knows any more.
    """

    class_id: int
    server_id: int
    name: str
    channel_id: int
    message_id: int
    until: datetime
    opened_by: int | None = None


@dataclass(frozen=True, slots=True)
class AtWork:
    """A member who did something lately, and their current lesson.

    `ticked_at` is their newest tick in it, `done` are the ids of the tasks that have one.
    """

    learner_id: int
    name: str
    lesson_id: str | None
    variant: int
    opened_at: datetime | None
    done: frozenset[str]
    ticked_at: datetime | None
    commands: int


@dataclass(frozen=True, slots=True)
class HandUp:
    """A member's raised hand, and whether somebody helps them by now."""

    name: str
    raised_at: datetime
    helped: bool


async def put(
    session: AsyncSession,
    class_id: int,
    *,
    channel_id: int,
    message_id: int,
    until: datetime,
    opened_by: int | None,
) -> Board | None:
    """From now on this message is the class's board; the one that it replaces.

    Nobody joins the class until the transaction ends.
    """
    await session.execute(
        select(ClassRow.id).where(ClassRow.id == class_id).with_for_update(key_share=True)
    )
    before = await running_of(session, class_id)
    await insert_new(session, BoardRow, class_id=class_id)
    await session.execute(
        update(BoardRow)
        .where(BoardRow.class_id == class_id)
        .values(channel_id=channel_id, message_id=message_id, until=until, opened_by=opened_by)
    )
    return before


async def end(session: AsyncSession, class_id: int, message_id: int) -> None:
    """This message is a board no longer; another one of the class stays one."""
    await session.execute(
        update(BoardRow)
        .where(BoardRow.class_id == class_id, BoardRow.message_id == message_id)
        .values(channel_id=None, message_id=None, until=None, opened_by=None)
    )


async def running_of(session: AsyncSession, class_id: int) -> Board | None:
    """The board of this class; None when it has none, or was closed."""
    return next(iter(await _boards(session, class_id)), None)


async def running(session: AsyncSession) -> list[Board]:
    """Every board that is kept up to date, and those of closed classes that still show names."""
    return await _boards(session, None)


async def set_learn_channel(session: AsyncSession, class_id: int, channel_id: int | None) -> None:
    """Where the class learns."""
    await insert_new(session, BoardRow, class_id=class_id)
    await session.execute(
        update(BoardRow).where(BoardRow.class_id == class_id).values(learn_channel_id=channel_id)
    )


async def learn_channel(session: AsyncSession, class_id: int) -> int | None:
    """Where the class learns, if somebody said so."""
    row = await session.get(BoardRow, class_id)
    return None if row is None else row.learn_channel_id


async def at_work(session: AsyncSession, class_id: int, since: datetime) -> list[AtWork]:
    """Members who did something at or after this moment, with where they are."""
    seen = (
        select(HistoryRow.learner_id, func.count(HistoryRow.id).label("commands"))
        .join(ClassMemberRow, ClassMemberRow.learner_id == HistoryRow.learner_id)
        .where(ClassMemberRow.class_id == class_id, HistoryRow.at >= since)
        .group_by(HistoryRow.learner_id)
        .subquery()
    )
    rows = await session.execute(
        select(
            LearnerRow.id,
            LearnerRow.name,
            LearnerRow.current_lesson_id,
            func.coalesce(LessonRow.variant, 0, type_=Integer),
            LessonRow.opened_at,
            seen.c.commands,
        )
        .join(seen, seen.c.learner_id == LearnerRow.id)
        .outerjoin(
            LessonRow,
            and_(
                LessonRow.learner_id == LearnerRow.id,
                LessonRow.lesson_id == LearnerRow.current_lesson_id,
            ),
        )
        .order_by(LearnerRow.id)
    )
    ticks = await session.execute(
        select(TaskRow.learner_id, TaskRow.task_id, TaskRow.done_at)
        .join(seen, seen.c.learner_id == TaskRow.learner_id)
        .join(LearnerRow, LearnerRow.id == TaskRow.learner_id)
        .where(TaskRow.lesson_id == LearnerRow.current_lesson_id, TaskRow.done_at.is_not(None))
    )
    done: dict[int, dict[str, datetime]] = {}
    for learner_id, task_id, done_at in ticks:
        if done_at is not None:
            done.setdefault(learner_id, {})[task_id] = done_at
    return [
        AtWork(
            learner_id=learner_id,
            name=name,
            lesson_id=None if opened_at is None else lesson_id,
            variant=variant,
            opened_at=opened_at,
            done=frozenset(done.get(learner_id, {})),
            ticked_at=max(done.get(learner_id, {}).values(), default=None),
            commands=commands,
        )
        for learner_id, name, lesson_id, variant, opened_at, commands in rows
    ]


async def hands_up(session: AsyncSession, class_id: int) -> list[HandUp]:
    """Members of the class whose hand is up in its server, the one that waits longest first."""
    rows = await session.execute(
        select(LearnerRow.name, HandRow.raised_at, HandRow.taken_at.is_not(None))
        .join(HandRow, HandRow.learner_id == LearnerRow.id)
        .join(ClassMemberRow, ClassMemberRow.learner_id == LearnerRow.id)
        .join(ClassRow, ClassRow.id == ClassMemberRow.class_id)
        .where(
            ClassRow.id == class_id,
            HandRow.server_id == ClassRow.server_id,
            HandRow.closed_at.is_(None),
        )
        .order_by(HandRow.raised_at, HandRow.id)
    )
    return [HandUp(name, raised_at, bool(helped)) for name, raised_at, helped in rows]


async def count_members(session: AsyncSession, class_id: int) -> int:
    """How many are in the class."""
    found = await session.scalar(
        select(func.count()).select_from(ClassMemberRow).where(ClassMemberRow.class_id == class_id)
    )
    return found or 0


async def _boards(session: AsyncSession, class_id: int | None) -> list[Board]:
    question = (
        select(
            BoardRow.class_id,
            ClassRow.server_id,
            ClassRow.name,
            BoardRow.channel_id,
            BoardRow.message_id,
            BoardRow.until,
            BoardRow.opened_by,
        )
        .join(ClassRow, ClassRow.id == BoardRow.class_id)
        .where(BoardRow.message_id.is_not(None))
        .order_by(BoardRow.class_id)
    )
    if class_id is not None:
        question = question.where(BoardRow.class_id == class_id, ClassRow.closed_at.is_(None))
    found = await session.execute(question)
    return [
        Board(number, server_id, name, channel_id, message_id, until, opened_by)
        for number, server_id, name, channel_id, message_id, until, opened_by in found
        if channel_id is not None and message_id is not None and until is not None
    ]
