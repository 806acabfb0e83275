"""Follow-me: who follows an instructor, what was run on their engines, what came out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, AnyText, Base, Counted, UtcDateTime

_OPEN = text("ended_at IS NULL")


class FollowRow(Base):
    """A follow-me in a channel, one at a time there; where its card is."""

    __tablename__ = "follows"
    __table_args__ = (
        Index(
            "uq_follows_open",
            "channel_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    instructor_id: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FollowerRow(Base):
    """A learner who opted in."""

    __tablename__ = "followers"

    follow_id: Mapped[int] = mapped_column(
        ForeignKey("follows.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FollowRunRow(Base):
    """A line for all who follow: asked, running, done, cancelled or broken off."""

    __tablename__ = "follow_runs"
    __table_args__ = (Index(None, "follow_id", "id"),)

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    follow_id: Mapped[int] = mapped_column(ForeignKey("follows.id", ondelete="CASCADE"))
    instructor_id: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    line: Mapped[str] = mapped_column(AnyText)
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class FollowOutcomeRow(Base):
    """What came out on the engine of one learner: ok, failed, absent, left or pending.

    `error` is the id of the known error that it met.
    """

    __tablename__ = "follow_outcomes"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("follow_runs.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(16))
    exit_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(64))
    took_ms: Mapped[int]
