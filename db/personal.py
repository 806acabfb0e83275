"""All that is kept of one learner, whichever table holds it: to hand out, and to delete.

Which tables these are is read from the tables themselves, so that a new one is handed out and
deleted from its first day; a test fails for a table of which nobody can say whose its rows are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Base, LearnerRow

Value = str | int | float | bool | list[Any] | dict[str, Any] | None
Row = Mapping[str, Value]

LEARNERS = LearnerRow.__tablename__
LEARNER_COLUMN = "learner_id"


def tables_of_learners() -> dict[str, Column[Any]]:
    """Each table that holds something of learners, with the column that says of whom.

    Those that others refer to come first.
    """
    found = {table.name: _learner_column(table) for table in Base.metadata.sorted_tables}
    return {name: column for name, column in found.items() if column is not None}


async def everything(session: AsyncSession, learner_id: int) -> dict[str, list[Row]]:
    """Every row of the learner's, by table; ids are text, as Discord has them in JSON."""
    return {
        name: await _rows(session, column, learner_id)
        for name, column in tables_of_learners().items()
    }


def columns_naming_people() -> list[Column[Any]]:
    """Columns that may name this person in rows of others: whoever made a class, say."""
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if column.info.get("person")]


async def delete_everything(session: AsyncSession, learner_id: int) -> int:
    """Delete every row of the learner's; how many there were. Safe to repeat.

    Rows of others that name them stay, and name nobody from then on.
    """
    for column in columns_naming_people():
        nobody = update(column.table).where(column == learner_id).values({column.name: None})
        await session.execute(nobody)
    deleted = 0
    for column in reversed(tables_of_learners().values()):
        done = await session.execute(delete(column.table).where(column == learner_id))
        deleted += done.rowcount  # type: ignore[attr-defined] # a DELETE has one
    session.expire_all()
    return deleted


def _learner_column(table: Table) -> Column[Any] | None:
    if table.name == LEARNERS:
        return table.c.id
    return table.c.get(LEARNER_COLUMN)


async def _rows(session: AsyncSession, column: Column[Any], learner_id: int) -> list[Row]:
    table: Any = column.table
    found = await session.execute(
        select(table).where(column == learner_id).order_by(*table.primary_key)
    )
    columns: Sequence[Column[Any]] = list(table.columns)
    return [
        {each.name: _value(each, value) for each, value in zip(columns, row, strict=True)}
        for row in found
    ]


def _value(column: Column[Any], value: object) -> Value:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int) and isinstance(column.type, BigInteger):
        return str(value)
    if value is None or isinstance(value, str | int | float | list | dict):
        return value
    return str(value)
