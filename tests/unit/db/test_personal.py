"""All that is kept of a learner: handed out whole, deleted whole, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    Table,
    TypeDecorator,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db import personal
from db.engine import Database
from db.models import Base
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

ABOUT_NOBODY = frozenset(
    {
        "challenges",
        "assignments",
        "bank_versions",
        "banks",
        "class_boards",
        "class_seats",
        "classes",
        "follow_runs",
        "follows",
        "quiz_rounds",
        "quizzes",
        "servers",
    }
)
"""Tables without anything of a learner's. Think twice before you name one here."""


def tables() -> list[Table]:
    """Every table, those that others refer to first."""
    return list(Base.metadata.sorted_tables)


def tables_of_learners() -> list[Table]:
    """Those with rows of learners."""
    return [table for table in tables() if table.name not in ABOUT_NOBODY]


def example(column: Column[Any], learner_id: int, number: int) -> object:
    """A value for this column, of a row that belongs to the learner."""
    if column.name == personal.LEARNER_COLUMN:
        return learner_id
    if isinstance(column.type, JSON):
        return ["x"]
    # What refers to another row has the same value as that row.
    return {str: "x", bool: True, int: number, datetime: NOON}[kind(column)]


def kind(column: Column[Any]) -> type:
    """What Python has for it."""
    stored = column.type
    return (stored.impl_instance if isinstance(stored, TypeDecorator) else stored).python_type


async def fill(session: AsyncSession, learner_id: int, number: int) -> None:
    """A row for the learner in every table."""
    for table in tables():
        if table.name != personal.LEARNERS:  # they are enrolled
            values = {each.name: example(each, learner_id, number) for each in table.columns}
            await session.execute(insert(table).values(values))


async def count(session: AsyncSession, learner_id: int) -> dict[str, int]:
    """How many rows each table has of the learner."""
    columns = personal.tables_of_learners()
    return {
        name: len(list(await session.execute(select(column).where(column == learner_id))))
        for name, column in columns.items()
    }


def uncovered(every: list[Table]) -> Iterator[str]:
    """Tables that are neither handed out nor said to be about nobody."""
    covered = personal.tables_of_learners()
    yield from (table.name for table in every if table.name not in covered)


def test_every_table_is_covered() -> None:
    """A new table says by `learner_id` whose its rows are, or is named as one about nobody."""
    assert set(uncovered(tables())) == ABOUT_NOBODY


def test_a_table_that_says_it_otherwise_is_found_out() -> None:
    """The test above fails for a column of another name: it is no test that can't fail."""
    odd = Table(
        "odd_for_a_test",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("owner", ForeignKey("learners.id")),
    )
    try:
        assert set(uncovered(tables())) - ABOUT_NOBODY == {"odd_for_a_test"}
    finally:
        Base.metadata.remove(odd)


def test_only_one_column_of_a_table_leads_to_learners() -> None:
    """A second learner in a row would be left out."""
    for table in tables():
        leading = {
            column.name
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name == "learners"
        }
        assert leading <= {personal.LEARNER_COLUMN}, table.name


async def test_everything_is_handed_out(database: Database) -> None:
    """A row from every table, of this learner alone, as JSON that reads the same anywhere."""
    async with database.transaction() as session:
        await fill(session, YUNA, 1)
        await fill(session, MINHO, 2)
    async with database.transaction() as session:
        found = await personal.everything(session, YUNA)

    assert {name: len(rows) for name, rows in found.items()} == {
        table.name: 1 for table in tables_of_learners()
    }
    text = json.dumps(found, allow_nan=False)
    assert str(MINHO) not in text
    assert found["learners"][0]["id"] == str(YUNA)
    assert found["history"][0]["at"] == NOON.isoformat()
    assert found["attempts"][0]["missing"] == ["x"]
    columns = {
        table.name: {column.name for column in table.columns} for table in tables_of_learners()
    }
    assert {name: set(rows[0]) for name, rows in found.items()} == columns


async def test_everything_is_deleted(database: Database) -> None:
    """Of this learner, in every table; of others nothing; a second time there is nothing left."""
    async with database.transaction() as session:
        await fill(session, YUNA, 1)
        await fill(session, MINHO, 2)
    async with database.transaction() as session:
        assert await personal.delete_everything(session, YUNA) == len(tables_of_learners())
    async with database.transaction() as session:
        assert set((await count(session, YUNA)).values()) == {0}
        assert set((await count(session, MINHO)).values()) == {1}
        assert await personal.delete_everything(session, YUNA) == 0


async def test_a_failure_in_the_middle_deletes_nothing(database: Database) -> None:
    """All of it or nothing: half a learner is nobody's wish."""
    async with database.transaction() as session:
        await fill(session, YUNA, 1)

    async def fail() -> None:
        async with database.transaction() as session:
            await personal.delete_everything(session, YUNA)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.transaction() as session:
        assert set((await count(session, YUNA)).values()) == {1}


def test_a_column_that_names_a_person_may_be_empty() -> None:
    """Such as who made a class: it is emptied when that person wants to be forgotten."""
    columns = personal.columns_naming_people()
    assert {str(column) for column in columns} >= {
        "classes.created_by",
        "instructor_acts.instructor_id",
    }
    assert [column for column in columns if not column.nullable] == []


async def test_rows_of_others_name_them_no_longer(database: Database) -> None:
    """What an instructor made stays, and nobody can tell any more that it was they."""
    async with database.transaction() as session:
        await fill(session, YUNA, 1)
        for column in personal.columns_naming_people():
            await session.execute(update(column.table).values({column.name: MINHO}))
    async with database.transaction() as session:
        await personal.delete_everything(session, MINHO)
    async with database.transaction() as session:
        for column in personal.columns_naming_people():
            assert list(await session.scalars(select(column))) == [None], column
