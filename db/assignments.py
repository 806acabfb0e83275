"""What classes have to do until when, who is behind, and which reminders were begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import (
    AssignmentRow,
    ClassMemberRow,
    ClassRow,
    ClassSeatsRow,
    LearnerRow,
    LessonRow,
    ReminderRow,
    ServerRow,
    SettingsRow,
)
from db.upsert import insert_new

ReminderKind = Literal["day", "hour"]
Outcome = Literal["begun", "sent", "closed", "failed"]

MOST_BEHIND: Final = 1_000
"""Learners of one class that are looked at for reminders at once."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A lesson that a class has to do; `changed_at` is when that, or its due date, was said."""

    id: int
    class_id: int
    lesson_id: str
    due_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """An assignment that is due soon, with its class and the time zone of its server."""

    assignment_id: int
    class_id: int
    class_name: str
    lesson_id: str
    due_at: datetime
    changed_at: datetime
    server_zone: str | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A learner who has not finished what is due, and the reminders that were begun for it."""

    learner_id: int
    language: str
    zone: str | None
    joined_at: datetime
    reminded: frozenset[str]


@dataclass(frozen=True, slots=True)
class SeatsPlan:
    """Places that a class wants from `begins_at` to `ends_at`."""

    class_id: int
    begins_at: datetime
    ends_at: datetime
    seats: int
    warm: int


async def assign(
    session: AsyncSession,
    *,
    class_id: int,
    lesson_id: str,
    due_at: datetime | None,
    created_by: int,
    at: datetime,
) -> bool:
    """Have the class do this lesson; False: it had to already, and is due then from now on."""
    new = await insert_new(
        session,
        AssignmentRow,
        class_id=class_id,
        lesson_id=lesson_id,
        due_at=due_at,
        created_by=created_by,
        changed_at=at,
    )
    if not new:
        await session.execute(
            update(AssignmentRow)
            .where(AssignmentRow.class_id == class_id, AssignmentRow.lesson_id == lesson_id)
            .values(due_at=due_at, created_by=created_by, changed_at=at)
        )
    return new


async def unassign(session: AsyncSession, class_id: int, lesson_id: str) -> bool:
    """The class need not do it any more; False: it didn't have to."""
    done = await session.execute(
        delete(AssignmentRow).where(
            AssignmentRow.class_id == class_id, AssignmentRow.lesson_id == lesson_id
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # a DELETE has one


async def of_classes(session: AsyncSession, class_ids: Sequence[int]) -> list[Assignment]:
    """What these classes have to do: what is due first comes first, what never is due last."""
    rows = await session.scalars(
        select(AssignmentRow)
        .where(AssignmentRow.class_id.in_(class_ids))
        .order_by(AssignmentRow.due_at.is_(None), AssignmentRow.due_at, AssignmentRow.id)
    )
    return [
        Assignment(row.id, row.class_id, row.lesson_id, row.due_at, row.changed_at) for row in rows
    ]


async def finished_lessons(session: AsyncSession, learner_id: int) -> frozenset[str]:
    """Lessons that the learner has finished once."""
    found = await session.scalars(
        select(LessonRow.lesson_id).where(LessonRow.learner_id == learner_id, _FINISHED)
    )
    return frozenset(found)


async def finished_by_members(
    session: AsyncSession, class_id: int
) -> dict[int, dict[str, datetime]]:
    """The assigned lessons that each member has finished, and when first; none: left out."""
    found = await session.execute(
        select(LessonRow.learner_id, LessonRow.lesson_id, LessonRow.first_finished_at)
        .join(
            ClassMemberRow,
            and_(
                ClassMemberRow.learner_id == LessonRow.learner_id,
                ClassMemberRow.class_id == class_id,
            ),
        )
        .join(
            AssignmentRow,
            and_(
                AssignmentRow.class_id == class_id,
                AssignmentRow.lesson_id == LessonRow.lesson_id,
            ),
        )
        .where(_FINISHED)
    )
    done: dict[int, dict[str, datetime]] = {}
    for learner_id, lesson_id, at in found:
        if at is not None:
            done.setdefault(learner_id, {})[lesson_id] = at
    return done


async def due_between(session: AsyncSession, after: datetime, until: datetime) -> list[Due]:
    """What open classes have to do then, the next first."""
    found = await session.execute(
        select(AssignmentRow, ClassRow.name, ServerRow.zone)
        .join(ClassRow, ClassRow.id == AssignmentRow.class_id)
        .outerjoin(ServerRow, ServerRow.server_id == ClassRow.server_id)
        .where(
            ClassRow.closed_at.is_(None),
            AssignmentRow.due_at > after,
            AssignmentRow.due_at <= until,
        )
        .order_by(AssignmentRow.due_at, AssignmentRow.id)
    )
    return [
        Due(row.id, row.class_id, name, row.lesson_id, row.due_at, row.changed_at, zone)
        for row, name, zone in found
        if row.due_at is not None
    ]


async def behind(session: AsyncSession, due: Due) -> list[Behind]:
    """Members of the class who have not finished it, `MOST_BEHIND` at most."""
    found = await session.execute(
        select(LearnerRow.id, LearnerRow.language, SettingsRow.zone, ClassMemberRow.joined_at)
        .join(ClassMemberRow, ClassMemberRow.learner_id == LearnerRow.id)
        .outerjoin(SettingsRow, SettingsRow.learner_id == LearnerRow.id)
        .outerjoin(
            LessonRow,
            and_(LessonRow.learner_id == LearnerRow.id, LessonRow.lesson_id == due.lesson_id),
        )
        .where(ClassMemberRow.class_id == due.class_id, _NOT_FINISHED)
        .order_by(LearnerRow.id)
        .limit(MOST_BEHIND)
    )
    begun = await _begun(session, due)
    return [
        Behind(learner_id, language, zone, joined_at, frozenset(begun.get(learner_id, ())))
        for learner_id, language, zone, joined_at in found
    ]


async def begin_reminder(
    session: AsyncSession, due: Due, learner_id: int, kind: ReminderKind, at: datetime
) -> bool:
    """Whether this reminder is still to be sent: written down now, it is nobody else's to send.

    False as well when it is not due then any more, or for a learner who is gone, left or finished.
    """
    still = await session.scalar(
        select(AssignmentRow.due_at)
        .join(ClassRow, ClassRow.id == AssignmentRow.class_id)
        .join(ClassMemberRow, ClassMemberRow.class_id == AssignmentRow.class_id)
        .outerjoin(
            LessonRow,
            and_(
                LessonRow.learner_id == learner_id,
                LessonRow.lesson_id == AssignmentRow.lesson_id,
            ),
        )
        .where(
            AssignmentRow.id == due.assignment_id,
            ClassMemberRow.learner_id == learner_id,
            ClassRow.closed_at.is_(None),
            _NOT_FINISHED,
        )
        .with_for_update(read=True, of=AssignmentRow)
    )
    if still != due.due_at:
        return False
    return await insert_new(
        session,
        ReminderRow,
        assignment_id=due.assignment_id,
        learner_id=learner_id,
        kind=kind,
        due_at=due.due_at,
        outcome="begun",
        at=at,
    )


async def end_reminder(
    session: AsyncSession, due: Due, learner_id: int, kind: ReminderKind, outcome: Outcome
) -> None:
    """How it went."""
    await session.execute(
        update(ReminderRow)
        .where(
            ReminderRow.assignment_id == due.assignment_id,
            ReminderRow.learner_id == learner_id,
            ReminderRow.kind == kind,
            ReminderRow.due_at == due.due_at,
        )
        .values(outcome=outcome)
    )


async def plan_seats(session: AsyncSession, plan: SeatsPlan) -> None:
    """What the class wants for its next lesson, in place of what it wanted before."""
    values = {
        "begins_at": plan.begins_at,
        "ends_at": plan.ends_at,
        "seats": plan.seats,
        "warm": plan.warm,
    }
    if not await insert_new(session, ClassSeatsRow, class_id=plan.class_id, **values):
        await session.execute(
            update(ClassSeatsRow).where(ClassSeatsRow.class_id == plan.class_id).values(**values)
        )


async def seats_of(session: AsyncSession, class_id: int) -> SeatsPlan | None:
    """What the class wants for its next lesson."""
    row = await session.get(ClassSeatsRow, class_id, populate_existing=True)
    return None if row is None else _plan(row)


async def seats_between(
    session: AsyncSession, class_id: int, begins_at: datetime, ends_at: datetime
) -> list[SeatsPlan]:
    """Lessons of other open classes that want places at some moment between these two."""
    rows = await session.scalars(
        select(ClassSeatsRow)
        .join(ClassRow, ClassRow.id == ClassSeatsRow.class_id)
        .where(
            ClassSeatsRow.class_id != class_id,
            ClassSeatsRow.begins_at < ends_at,
            ClassSeatsRow.ends_at > begins_at,
            ClassRow.closed_at.is_(None),
        )
        .order_by(ClassSeatsRow.begins_at, ClassSeatsRow.class_id)
    )
    return [_plan(row) for row in rows]


async def drop_seats(session: AsyncSession, class_id: int) -> bool:
    """The class wants none; False: it wanted none."""
    done = await session.execute(delete(ClassSeatsRow).where(ClassSeatsRow.class_id == class_id))
    return bool(done.rowcount)  # type: ignore[attr-defined] # a DELETE has one


async def seats_before(session: AsyncSession, begins_before: datetime) -> list[SeatsPlan]:
    """Lessons of open classes that begin before this moment, and those that are over."""
    rows = await session.scalars(
        select(ClassSeatsRow)
        .join(ClassRow, ClassRow.id == ClassSeatsRow.class_id)
        .where(ClassSeatsRow.begins_at <= begins_before, ClassRow.closed_at.is_(None))
        .order_by(ClassSeatsRow.begins_at, ClassSeatsRow.class_id)
    )
    return [_plan(row) for row in rows]


async def _begun(session: AsyncSession, due: Due) -> dict[int, set[str]]:
    found = await session.execute(
        select(ReminderRow.learner_id, ReminderRow.kind).where(
            ReminderRow.assignment_id == due.assignment_id, ReminderRow.due_at == due.due_at
        )
    )
    begun: dict[int, set[str]] = {}
    for learner_id, kind in found:
        begun.setdefault(learner_id, set()).add(kind)
    return begun


def _plan(row: ClassSeatsRow) -> SeatsPlan:
    return SeatsPlan(row.class_id, row.begins_at, row.ends_at, row.seats, row.warm)


_FINISHED = LessonRow.first_finished_at.is_not(None)
"""Once: who begins a lesson anew has done it all the same."""

# Also of those who never opened it: the row is then empty.
_NOT_FINISHED = LessonRow.first_finished_at.is_(None)
