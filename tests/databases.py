"""Fresh databases for tests, of either kind."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import async_url
from tests.factories import make_database_url


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a database of this kind: new, and for SQLite migrated; PostgreSQL's is empty."""
    if kind == "sqlite":
        yield make_database_url(folder)
        return
    server = os.environ.get("DOCENT_TEST_POSTGRES_URL")
    if not server:
        pytest.skip("DOCENT_TEST_POSTGRES_URL is not set")
    name = f"docent_test_{uuid.uuid4().hex[:12]}"
    asyncio.run(_on_server(server, f"CREATE DATABASE {name}"))
    try:
        url = make_url(server).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        asyncio.run(_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _on_server(url: str, statement: str) -> None:
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
