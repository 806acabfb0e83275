"""Challenges and duels: who takes part, what they did, and whose engine has to be given back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import AnyText, Base, Counted, UtcDateTime

_OPEN = text("kind = 'class' AND phase NOT IN ('ended', 'cancelled')")


class ChallengeRow(Base):
    """A challenge of a class (`kind` is `class`) or a duel; it says nothing of who opened it.

    Everybody's engine has the set-up of this lesson's `variant`. Of a duel, `faults_each` are as
    many faults as each engine gets; `role_a` and `role_b` are the roles whose people may join.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        Index(None, "phase"),
        # One board at a time for a class in a channel; duels may be many.
        Index(
            "uq_challenges_open",
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
    kind: Mapped[str] = mapped_column(String(16))
    lesson_id: Mapped[str] = mapped_column(String(64))
    variant: Mapped[int]
    phase: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    limit_s: Mapped[int]
    freeze_s: Mapped[int]
    faults_each: Mapped[int]
    role_a: Mapped[int | None] = mapped_column(BigInteger)
    role_b: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChallengeMemberRow(Base):
    """Somebody in a challenge. `side` is 1 or 2 in a duel; its captain chooses the faults.

    `engine` says whose the disk is that they have now: `own`, `kept` (the challenge's; theirs is in
    the snapshot, where they `had_disk`), `due` (to be given back) or `back` (given back, and the
    snapshot is still there). `faults` are those that this engine has, when they were chosen.
    """

    __tablename__ = "challenge_members"
    __table_args__ = (Index(None, "learner_id"), Index(None, "engine"))

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(AnyText(100))
    side: Mapped[int]
    captain: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    why: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    engine: Mapped[str] = mapped_column(String(16))
    had_disk: Mapped[bool]
    faults: Mapped[list[str]] = mapped_column(JSON)
    card_channel_id: Mapped[int | None] = mapped_column(BigInteger)
    card_message_id: Mapped[int | None] = mapped_column(BigInteger)


class ChallengeMarkRow(Base):
    """A task that somebody did (`kind` is `solve`), or a hint that they took for it."""

    __tablename__ = "challenge_marks"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
