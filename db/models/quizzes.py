"""Live quizzes: how they go, what they ask, who takes part, and what was answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, AnyText, Base, Counted, UtcDateTime


class QuizRow(Base):
    """A live quiz and where its course is.

    `active_channel_id` is the channel that it occupies until its end was shown: one at a time. Of
    `ends_at` and `left_ms` one is set while time matters: `left_ms`, and `paused_at` since when,
    while it is paused. `seen_at` is when a bot kept its time last.
    """

    __tablename__ = "quizzes"

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    active_channel_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    lobby_message_id: Mapped[int | None] = mapped_column(BigInteger)
    host_id: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(AnyText(200))
    practice: Mapped[bool]
    seconds: Mapped[int]
    rounds: Mapped[int]
    phase: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    limit_ms: Mapped[int]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_ms: Mapped[int | None]
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ending: Mapped[str | None] = mapped_column(String(16))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuizRoundRow(Base):
    """A question of a quiz; `void` is why it counts for nobody.

    `found` is the option that is right by what an engine `said`; `limit_ms` is the time that the
    question had in the end.
    """

    __tablename__ = "quiz_rounds"

    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ref: Mapped[str] = mapped_column(AnyText(200))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    limit_ms: Mapped[int | None]
    void: Mapped[str | None] = mapped_column(String(16))
    found: Mapped[str | None] = mapped_column(AnyText(100))
    said: Mapped[str | None] = mapped_column(AnyText)


class QuizPlayerRow(Base):
    """A learner who takes part, under the name that they had then."""

    __tablename__ = "quiz_players"
    __table_args__ = (Index(None, "learner_id"),)

    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(AnyText(100))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuizAnswerRow(Base):
    """A learner's answer to a question: one, by its key.

    `answer` are the chosen options or the typed line; `changes` counts how often it was changed.
    `correct` and `points` are known when the question is over.
    """

    __tablename__ = "quiz_answers"
    __table_args__ = (Index(None, "learner_id"),)

    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    answer: Mapped[list[str]] = mapped_column(JSON)
    elapsed_ms: Mapped[int]
    changes: Mapped[int]
    correct: Mapped[bool | None]
    points: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
