"""Servers with their instructors, classes and who is in them, and what instructors did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PERSON, AnyText, Base, Counted, UtcDateTime


class ServerRow(Base):
    """A Discord server: whoever has this role there is an instructor; no row: nobody by role.

    `zone` is the time zone in which its instructors say when something is due.
    """

    __tablename__ = "servers"

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    instructor_role_id: Mapped[int | None] = mapped_column(BigInteger)
    zone: Mapped[str | None] = mapped_column(String(64))


class ClassRow(Base):
    """A class of one server. `channel_id` is the channel of its instructors.

    `join_role_id`: only who has this role may join; empty: whoever sees the invitation.

    No two classes that are open have the same name in a server.
    """

    __tablename__ = "classes"
    __table_args__ = (
        Index(
            "uq_classes_server_id_name_open",
            "server_id",
            "name",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(AnyText(80))
    created_by: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    channel_id: Mapped[int | None] = mapped_column(BigInteger)
    join_role_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClassMemberRow(Base):
    """A learner in a class."""

    __tablename__ = "class_members"
    __table_args__ = (Index(None, "learner_id"),)

    class_id: Mapped[int] = mapped_column(
        ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True
    )
    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True
    )
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InstructorActRow(Base):
    """Something that an instructor did and that touched a learner, who can read it here."""

    __tablename__ = "instructor_acts"
    __table_args__ = (Index(None, "learner_id", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(Counted, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    server_id: Mapped[int] = mapped_column(BigInteger)
    instructor_id: Mapped[int | None] = mapped_column(BigInteger, info=PERSON)
    act: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(AnyText(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
