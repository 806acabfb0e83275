"""Who left a server, or which server left us: who is known there, and what of it ends."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.challenges import OVER
from db.models import (
    BoardRow,
    ChallengeRow,
    ClassMemberRow,
    ClassRow,
    FollowerRow,
    FollowRow,
    HandRow,
    QuizRow,
)


async def servers(session: AsyncSession) -> list[int]:
    """Servers with an open class, a raised hand, a follow-me, a quiz or a challenge."""
    every = union(
        select(ClassRow.server_id).where(ClassRow.closed_at.is_(None)),
        select(HandRow.server_id).where(HandRow.closed_at.is_(None)),
        select(FollowRow.server_id).where(FollowRow.ended_at.is_(None)),
        select(QuizRow.server_id).where(QuizRow.active_channel_id.is_not(None)),
        select(ChallengeRow.server_id).where(ChallengeRow.phase.not_in(OVER)),
    )
    return sorted(await session.scalars(every))


async def known_in(session: AsyncSession, server_id: int) -> list[int]:
    """Learners whom the instructors of a server can see: in classes, hands and follow-me's."""
    every = union(
        select(ClassMemberRow.learner_id)
        .join(ClassRow, ClassRow.id == ClassMemberRow.class_id)
        .where(ClassRow.server_id == server_id, ClassRow.closed_at.is_(None)),
        select(HandRow.learner_id).where(
            HandRow.server_id == server_id, HandRow.closed_at.is_(None)
        ),
        select(FollowerRow.learner_id)
        .join(FollowRow, FollowRow.id == FollowerRow.follow_id)
        .where(FollowRow.server_id == server_id),
    )
    return sorted(await session.scalars(every))


async def left(session: AsyncSession, server_id: int, learner_ids: Collection[int]) -> None:
    """They are in none of its classes and follow nobody there any more."""
    classes = select(ClassRow.id).where(ClassRow.server_id == server_id)
    follows = select(FollowRow.id).where(FollowRow.server_id == server_id)
    await session.execute(
        delete(ClassMemberRow)
        .where(ClassMemberRow.learner_id.in_(learner_ids), ClassMemberRow.class_id.in_(classes))
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(FollowerRow)
        .where(FollowerRow.learner_id.in_(learner_ids), FollowerRow.follow_id.in_(follows))
        .execution_options(synchronize_session=False)
    )


async def end_boards(session: AsyncSession, server_id: int) -> None:
    """No board of the server is kept up to date any more."""
    classes = select(ClassRow.id).where(ClassRow.server_id == server_id)
    await session.execute(
        update(BoardRow)
        .where(BoardRow.class_id.in_(classes))
        .values(channel_id=None, message_id=None, until=None, opened_by=None)
        .execution_options(synchronize_session=False)
    )


async def follows(session: AsyncSession, server_id: int) -> list[int]:
    """The follow-me's of a server that go on."""
    found = await session.scalars(
        select(FollowRow.id).where(FollowRow.server_id == server_id, FollowRow.ended_at.is_(None))
    )
    return list(found)
