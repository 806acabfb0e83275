"""Lessons that a class has to do until a time, reminders of them, places kept for a lesson."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, Base, Counted, UtcDateTime


class AssignmentRow(Base):
    """A lesson that a class has to do; `due_at` empty: whenever they like.

    `changed_at` is when this was last told: reminders whose time was before it are none.
    """

    __tablename__ = "assignments"
    __table_args__ = (Index(None, "class_id", "lesson_id", unique=True), Index(None, "due_at"))

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"))
    lesson_id: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderRow(Base):
    """A reminder that was begun: it is written before it is sent, so that none is sent twice.

    `due_at` is what was due then: another due date is reminded of anew. `outcome` is `begun`,
    `sent`, `closed` (the learner takes no direct messages) or `failed`.
    """

    __tablename__ = "reminders"
    __table_args__ = (Index(None, "learner_id"),)

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClassSeatsRow(Base):
    """Places that a class wants for its next lesson, `warm` of them with an engine that runs."""

    __tablename__ = "class_seats"
    __table_args__ = (Index(None, "ends_at"),)

    class_id: Mapped[int] = mapped_column(
        ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True
    )
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seats: Mapped[int]
    warm: Mapped[int]
