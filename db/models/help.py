"""Raised hands and the help that came of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, AnyText, Base, Counted, UtcDateTime

_OPEN = text("closed_at IS NULL")


class HandRow(Base):
    """A hand that a learner raised in a server; open until it is lowered or they were helped.

    `channel_id` is where a thread can be made. `may_look` and `may_fork` are what the learner
    allowed in this help. `fork_until` is set as long as there may be a fork of their engine.
    """

    __tablename__ = "hands"
    __table_args__ = (
        Index(
            "uq_hands_open",
            "server_id",
            "learner_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "server_id", "closed_at"),
        Index(None, "thread_id"),
    )

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    server_id: Mapped[int] = mapped_column(BigInteger)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    sentence: Mapped[str] = mapped_column(AnyText)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    helper_id: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str | None] = mapped_column(String(16))
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    panel_id: Mapped[int | None] = mapped_column(BigInteger)
    may_look: Mapped[bool]
    may_fork: Mapped[bool]
    fork_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HandNoticeRow(Base):
    """A message that tells the instructors of a class of a raised hand."""

    __tablename__ = "hand_notices"

    hand_id: Mapped[int] = mapped_column(
        ForeignKey("hands.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(BigInteger)


class HelpLineRow(Base):
    """A command that the helper ran on the fork of the learner's engine."""

    __tablename__ = "help_lines"
    __table_args__ = (Index(None, "hand_id", "id"),)

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    hand_id: Mapped[int] = mapped_column(ForeignKey("hands.id", ondelete="CASCADE"))
    line: Mapped[str] = mapped_column(AnyText)
    exit_code: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
