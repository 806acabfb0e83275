"""Who is an instructor in a server by role, its classes, who is in them, what instructors did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import ClassMemberRow, ClassRow, InstructorActRow, LearnerRow, ServerRow
from db.upsert import insert_new

ACTS_KEPT: Final = timedelta(days=365)

LONGEST_DETAIL: Final = 200


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class of one server. `channel_id` is its instructors' channel, if there is one.

    Only who has the role `join_role_id` may join; None: whoever sees its invitation.
    """

    id: int
    server_id: int
    name: str
    created_by: int | None
    channel_id: int | None
    created_at: datetime
    closed_at: datetime | None
    join_role_id: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a class, as instructors of its server may see them."""

    learner_id: int
    name: str
    language: str
    lab_id: int | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InstructorAct:
    """Something that an instructor did to a learner; who did it is None when they are gone."""

    server_id: int
    instructor_id: int | None
    act: str
    detail: str
    at: datetime


async def instructor_role(session: AsyncSession, server_id: int) -> int | None:
    """The role that makes an instructor in this server; None when none was chosen."""
    row = await session.get(ServerRow, server_id)
    return None if row is None else row.instructor_role_id


async def set_instructor_role(session: AsyncSession, server_id: int, role_id: int | None) -> None:
    """Choose that role, or none."""
    if await insert_new(session, ServerRow, server_id=server_id, instructor_role_id=role_id):
        return
    await session.execute(
        update(ServerRow).where(ServerRow.server_id == server_id).values(instructor_role_id=role_id)
    )


async def zone(session: AsyncSession, server_id: int) -> str | None:
    """The server's time zone, if one was chosen."""
    row = await session.get(ServerRow, server_id)
    return None if row is None else row.zone


async def set_zone(session: AsyncSession, server_id: int, name: str) -> None:
    """Choose the server's time zone."""
    if await insert_new(session, ServerRow, server_id=server_id, zone=name):
        return
    await session.execute(
        update(ServerRow).where(ServerRow.server_id == server_id).values(zone=name)
    )


async def create(
    session: AsyncSession,
    *,
    server_id: int,
    name: str,
    created_by: int,
    channel_id: int | None,
    at: datetime,
) -> SchoolClass | None:
    """A new class; None when an open one of the server has this name."""
    new = await insert_new(
        session,
        ClassRow,
        server_id=server_id,
        name=name,
        created_by=created_by,
        channel_id=channel_id,
        created_at=at,
    )
    if not new:
        return None
    row = await session.scalar(
        select(ClassRow).where(
            ClassRow.server_id == server_id, ClassRow.name == name, ClassRow.closed_at.is_(None)
        )
    )
    return None if row is None else _class(row)


async def get(session: AsyncSession, class_id: int) -> SchoolClass | None:
    """The class of this number, open or closed, of whichever server."""
    row = await session.get(ClassRow, class_id)
    return None if row is None else _class(row)


async def of_server(session: AsyncSession, server_id: int) -> list[SchoolClass]:
    """The server's open classes, by name."""
    rows = await session.scalars(
        select(ClassRow)
        .where(ClassRow.server_id == server_id, ClassRow.closed_at.is_(None))
        .order_by(ClassRow.name, ClassRow.id)
    )
    return [_class(row) for row in rows]


async def of_learner(session: AsyncSession, learner_id: int) -> list[SchoolClass]:
    """The open classes that the learner is in, in whichever server, the oldest first."""
    rows = await session.scalars(
        select(ClassRow)
        .join(ClassMemberRow, ClassMemberRow.class_id == ClassRow.id)
        .where(ClassMemberRow.learner_id == learner_id, ClassRow.closed_at.is_(None))
        .order_by(ClassRow.id)
    )
    return [_class(row) for row in rows]


async def close(session: AsyncSession, class_id: int, at: datetime) -> None:
    """The class is over."""
    await session.execute(
        update(ClassRow)
        .where(ClassRow.id == class_id, ClassRow.closed_at.is_(None))
        .values(closed_at=at)
    )


async def set_channel(session: AsyncSession, class_id: int, channel_id: int | None) -> None:
    """Which channel is the instructors'."""
    await session.execute(
        update(ClassRow).where(ClassRow.id == class_id).values(channel_id=channel_id)
    )


async def set_join_role(session: AsyncSession, class_id: int, role_id: int | None) -> None:
    """Only who has this role may join from now on; None: whoever sees an invitation."""
    await session.execute(
        update(ClassRow).where(ClassRow.id == class_id).values(join_role_id=role_id)
    )


async def join(session: AsyncSession, class_id: int, learner_id: int, at: datetime) -> bool:
    """Put an enrolled learner into the class; False when they were in it.

    Until the transaction ends its board stays as it is: see `boards.put`.
    """
    await session.execute(
        select(ClassRow.id).where(ClassRow.id == class_id).with_for_update(read=True)
    )
    return await insert_new(
        session, ClassMemberRow, class_id=class_id, learner_id=learner_id, joined_at=at
    )


async def leave(session: AsyncSession, class_id: int, learner_id: int) -> bool:
    """Take the learner out of the class; False when they were not in it."""
    done = await session.execute(
        delete(ClassMemberRow).where(
            ClassMemberRow.class_id == class_id, ClassMemberRow.learner_id == learner_id
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # a DELETE has one


async def members(session: AsyncSession, class_id: int) -> list[Member]:
    """Who is in the class, by name."""
    found = await session.execute(
        select(LearnerRow, ClassMemberRow.joined_at)
        .join(ClassMemberRow, ClassMemberRow.learner_id == LearnerRow.id)
        .where(ClassMemberRow.class_id == class_id)
        .order_by(LearnerRow.name, LearnerRow.id)
    )
    return [
        Member(row.id, row.name, row.language, row.lab_id, joined_at) for row, joined_at in found
    ]


async def sizes(session: AsyncSession, server_id: int) -> dict[int, int]:
    """How many are in each open class of the server that somebody is in."""
    found = await session.execute(
        select(ClassRow.id, func.count())
        .join(ClassMemberRow, ClassMemberRow.class_id == ClassRow.id)
        .where(ClassRow.server_id == server_id, ClassRow.closed_at.is_(None))
        .group_by(ClassRow.id)
    )
    return {row[0]: row[1] for row in found}


async def record_acts(
    session: AsyncSession,
    *,
    server_id: int,
    instructor_id: int | None,
    learner_ids: Sequence[int],
    act: str,
    detail: str,
    at: datetime,
    since: datetime | None = None,
) -> None:
    """Write down for each of these learners what an instructor did; who is gone is left out.

    With `since`, so is who was told the very same of this instructor at or after that moment. What
    is older than `ACTS_KEPT` is forgotten.
    """
    detail = detail[:LONGEST_DETAIL]
    found = await session.scalars(
        select(LearnerRow.id)
        .where(LearnerRow.id.in_(learner_ids))
        .order_by(LearnerRow.id)
        # Nobody is deleted until this is written; with `since` two at once come one by one.
        .with_for_update(read=since is None, key_share=True)
    )
    there = set(found)
    if since is not None:
        told = await session.scalars(
            select(InstructorActRow.learner_id).where(
                InstructorActRow.learner_id.in_(there),
                InstructorActRow.server_id == server_id,
                InstructorActRow.instructor_id == instructor_id,
                InstructorActRow.act == act,
                InstructorActRow.detail == detail,
                InstructorActRow.at >= since,
            )
        )
        there -= set(told)
    session.add_all(
        InstructorActRow(
            learner_id=learner_id,
            server_id=server_id,
            instructor_id=instructor_id,
            act=act,
            detail=detail,
            at=at,
        )
        for learner_id in sorted(there)
    )
    await session.flush()
    await session.execute(
        delete(InstructorActRow)
        .where(InstructorActRow.at < at - ACTS_KEPT)
        .execution_options(synchronize_session=False)
    )


async def acts_of(session: AsyncSession, learner_id: int, limit: int) -> list[InstructorAct]:
    """The newest of what instructors did to the learner, newest first."""
    rows = await session.scalars(
        select(InstructorActRow)
        .where(InstructorActRow.learner_id == learner_id)
        .order_by(InstructorActRow.id.desc())
        .limit(limit)
    )
    return [
        InstructorAct(row.server_id, row.instructor_id, row.act, row.detail, row.at) for row in rows
    ]


def _class(row: ClassRow) -> SchoolClass:
    return SchoolClass(
        id=row.id,
        server_id=row.server_id,
        name=row.name,
        created_by=row.created_by,
        channel_id=row.channel_id,
        created_at=row.created_at,
        closed_at=row.closed_at,
        join_role_id=row.join_role_id,
    )
