"""Question banks of servers, with all their versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import AnyText, Base, Counted, UtcDateTime


class BankRow(Base):
    """A bank of one server. Deleted, it is kept a while for quizzes that are running."""

    __tablename__ = "banks"
    __table_args__ = (UniqueConstraint("server_id", "name"),)

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(AnyText(80))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BankVersionRow(Base):
    """What somebody uploaded; without a number it was not published. Never changed after that.

    Ids are not used twice, for a preview that was discarded must not lead to another one.
    """

    __tablename__ = "bank_versions"
    __table_args__ = (UniqueConstraint("bank_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    questions: Mapped[int]
    content: Mapped[str] = mapped_column(AnyText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
