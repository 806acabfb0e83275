"""How long the members of a class worked, summed up where their histories are.

Working time is the time between two things that a learner did, unless the gap is longer than
`PAUSE_S`: then they were away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import ClassMemberRow, HistoryRow, LessonRow, TaskRow

PAUSE_S: Final = 600
"""A gap that is longer is a pause, not work."""

MarkKind = Literal["opened", "ticked", "last"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a member's time: a lesson was opened, a task was ticked, or the last thing done.

    `work_s`, `commands` and `failed` are the sums of all that the member did until then.
    """

    learner_id: int
    kind: MarkKind
    lesson_id: str
    task_id: str
    at: datetime
    work_s: int
    commands: int
    failed: int


async def marks(session: AsyncSession, class_id: int) -> list[Mark]:
    """The marks of every member, each member's in the order of time."""
    sums = _sums(_timeline(class_id))
    rows = await session.execute(
        select(
            sums.c.learner_id,
            case((sums.c.kind == "did", "last"), else_=sums.c.kind),
            sums.c.lesson_id,
            sums.c.task_id,
            sums.c.at,
            sums.c.work_s,
            sums.c.commands,
            sums.c.failed,
        )
        .where(or_(sums.c.kind != "did", sums.c.newest == 1))
        .order_by(sums.c.learner_id, sums.c.at, sums.c.rank, sums.c.task_id)
    )
    return [Mark(*row) for row in rows]


def members_of(class_id: int) -> Select[int]:
    """The ids of the members, for a statement about them."""
    return select(ClassMemberRow.learner_id).where(ClassMemberRow.class_id == class_id)


def _timeline(class_id: int) -> Subquery:
    """All that members did, opened and ticked; at one moment in this order."""
    nothing, none = literal("").label("lesson_id"), literal(0, Integer)
    did = select(
        HistoryRow.learner_id,
        literal("did").label("kind"),
        literal(1, Integer).label("rank"),
        nothing,
        literal("").label("task_id"),
        HistoryRow.at,
        literal(1, Integer).label("command"),
        case((HistoryRow.exit_code != 0, 1), else_=0).label("failure"),
        HistoryRow.id.label("number"),
    ).where(HistoryRow.learner_id.in_(members_of(class_id)))
    opened = select(
        LessonRow.learner_id,
        literal("opened"),
        literal(0, Integer),
        LessonRow.lesson_id,
        literal(""),
        LessonRow.opened_at,
        none,
        none,
        none,
    ).where(LessonRow.learner_id.in_(members_of(class_id)))
    ticked = select(
        TaskRow.learner_id,
        literal("ticked"),
        literal(2, Integer),
        TaskRow.lesson_id,
        TaskRow.task_id,
        TaskRow.done_at,
        none,
        none,
        none,
    ).where(TaskRow.learner_id.in_(members_of(class_id)), TaskRow.done_at.is_not(None))
    return union_all(did, opened, ticked).subquery()


def _sums(events: Subquery) -> Subquery:
    """Each event with what was done until then."""
    order = _order(events)
    second = cast(extract("epoch", events.c.at), BigInteger)
    before = func.lag(second).over(partition_by=events.c.learner_id, order_by=order)
    stepped = select(events, second.label("second"), before.label("before")).subquery()
    gap = stepped.c.second - stepped.c.before
    counted = select(stepped, case((gap.between(0, PAUSE_S), gap), else_=0).label("gap")).subquery()
    order = _order(counted)
    backwards = tuple(column.desc() for column in order)

    def until_then(column: ColumnElement[Any]) -> ColumnElement[Any]:
        total = func.sum(column).over(
            partition_by=counted.c.learner_id, order_by=order, rows=(None, 0)
        )
        return cast(total, BigInteger)

    newest = func.row_number().over(partition_by=counted.c.learner_id, order_by=backwards)
    return select(
        *(counted.c[name] for name in ("learner_id", "kind", "rank", "lesson_id", "task_id", "at")),
        until_then(counted.c.gap).label("work_s"),
        until_then(counted.c.command).label("commands"),
        until_then(counted.c.failure).label("failed"),
        newest.label("newest"),
    ).subquery()


def _order(events: Subquery) -> tuple[ColumnElement[Any], ...]:
    return events.c.at, events.c.rank, events.c.number, events.c.task_id
