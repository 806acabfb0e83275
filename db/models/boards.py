"""The live boards of classes: which message shows one, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, Base, UtcDateTime


class BoardRow(Base):
    """The board of a class; `message_id` is empty when none is kept up to date.

    `opened_by` is the instructor who opened it. `learn_channel_id` is where the class learns: what
    instructors post for all goes there.
    """

    __tablename__ = "class_boards"

    class_id: Mapped[int] = mapped_column(
        ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    learn_channel_id: Mapped[int | None] = mapped_column(BigInteger)
