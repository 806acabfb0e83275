"""Learners: how far they are, what they did, what they chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import AnyText, Base, Counted, UtcDateTime


class LearnerRow(Base):
    """A person who learns. `current_lesson_id` is the lesson that their commands count for."""

    __tablename__ = "learners"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(AnyText(100))
    language: Mapped[str] = mapped_column(String(8))
    language_chosen: Mapped[bool]
    lab_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    current_lesson_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LessonRow(Base):
    """A lesson that a learner has opened, and where its card is.

    `variant` is which of the lesson's possible attempts this is: it decides what is drawn.
    `clock_at` is when the clock of a timed attempt began; `best_score` and
    `first_finished_at` outlive attempts.
    """

    __tablename__ = "lesson_progress"

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step_id: Mapped[str | None] = mapped_column(String(64))
    card_channel_id: Mapped[int | None] = mapped_column(BigInteger)
    card_message_id: Mapped[int | None] = mapped_column(BigInteger)
    variant: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    best_score: Mapped[int | None]
    first_finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskRow(Base):
    """A task that a learner has touched: hints they took, and when it was first done.

    `done_version` is the version of the lesson that it was done in: a later change of the task can
    tell who did the old one.
    """

    __tablename__ = "task_progress"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "lesson_id"],
            ["lesson_progress.learner_id", "lesson_progress.lesson_id"],
            ondelete="CASCADE",
        ),
    )

    learner_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    hints_shown: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_version: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(AnyText)


class AttemptRow(Base):
    """One judgement of a task; `missing` are the keys of the findings that were not met."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "learner_id", "id"),)

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    lesson_id: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[str] = mapped_column(String(64))
    passed: Mapped[bool]
    missing: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HistoryRow(Base):
    """A command that a learner ran, or a page that they looked at.

    `error` is the id of the known error that the command met.
    """

    __tablename__ = "history"
    __table_args__ = (Index(None, "learner_id", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    line: Mapped[str] = mapped_column(AnyText)
    exit_code: Mapped[int | None]
    took_ms: Mapped[int]
    port: Mapped[int | None]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SettingsRow(Base):
    """What a learner chose in place of the defaults, in full; no row: nothing yet."""

    __tablename__ = "settings"

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    explanations: Mapped[str] = mapped_column(String(16))
    changes: Mapped[bool]
    compact: Mapped[bool]
    pictures: Mapped[str] = mapped_column(String(16), default="dark", server_default="dark")
    zone: Mapped[str | None] = mapped_column(String(64))
