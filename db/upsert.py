"""Insert unless it is there already, in one statement that two at once can't trip over."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Base


async def insert_new(session: AsyncSession, table: type[Base], **values: object) -> bool:
    """Insert a row; False when its key was taken: then nothing changed."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = inspect(table).primary_key
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(*key)
    return (await session.execute(statement)).first() is not None
