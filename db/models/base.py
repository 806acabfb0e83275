"""What all tables share: names of constraints, kinds of columns, and which migration is newest.

Discord ids are 64-bit numbers that Discord hands out, so those keys are never numbered here. Keys
that we number ourselves are plain `INTEGER` on SQLite, because only that type counts by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints have names that we choose: a later migration can drop them on any database."""


SCHEMA_REVISION = "2026_12_01_first_finish"
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

PERSON: Final[dict[str, Any]] = {"person": True}
"""`info` of a column that names a person whose row it isn't, such as who made a class.

It may be empty: it is emptied when that person has everything about them deleted.
"""


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
