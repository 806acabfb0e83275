"""The tables.

Discord ids are 64-bit numbers that Discord hands out, so those keys are never numbered here. Keys
that we number ourselves are plain `INTEGER` on SQLite, because only that type counts by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints have names that we choose: a later migration can drop them on any database."""


SCHEMA_REVISION = "2026_11_30_pictures"
"""The newest migration: what the tables below need. A test holds it against the migrations."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could tell later what it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AnyText(TypeDecorator[str]):
    """Text as people and programs give it: what no database can store becomes �."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace NUL, which PostgreSQL refuses, and halves of surrogate pairs."""
        if value is None:
            return None
        whole = value.encode("utf-8", errors="replace").decode("utf-8")
        return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


Counted = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


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
    `clock_at` is when the clock of a timed attempt began; `best_score` outlives attempts.
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
    """A command that a learner ran, or a page that they looked at."""

    __tablename__ = "history"
    __table_args__ = (Index(None, "learner_id", "id"),)

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    line: Mapped[str] = mapped_column(AnyText)
    exit_code: Mapped[int | None]
    took_ms: Mapped[int]
    port: Mapped[int | None]
    status: Mapped[int | None]
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
