"""Practice alone: questions in their boxes, and what somebody is asked just now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, UtcDateTime


class PracticeCardRow(Base):
    """A question that a learner answered: its box, and when it comes back."""

    __tablename__ = "practice_cards"
    __table_args__ = (Index(None, "learner_id", "due_at"),)

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(200), primary_key=True)
    box: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    right: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)


class PracticeRunRow(Base):
    """What a learner practises, and the question that they see.

    `number` counts the questions, so that a button of an older one is known for what it is.
    """

    __tablename__ = "practice_runs"

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    server_id: Mapped[int] = mapped_column(BigInteger)
    deck: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(default=0)
    ref: Mapped[str | None] = mapped_column(String(200))
    answered: Mapped[bool]
    due_in_a_row: Mapped[int] = mapped_column(default=0)
    right: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)


class DrillRow(Base):
    """The drill that a learner is at: what is broken in their engine, and since when.

    `ended_at` is when it was repaired or given up: then it is cleaned up at the next chance.
    """

    __tablename__ = "drills"

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    drill: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[bool]
