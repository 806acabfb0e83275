"""The same tests run on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from db.engine import Database
from db.learners import enrol
from db.migrate import migrate
from tests.databases import fresh_database

YUNA, MINHO = 2**60 + 1, 2**60 + 2


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with all migrations done."""
    with fresh_database(request.param, tmp_path) as url:
        if request.param != "sqlite":
            migrate(url)
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with two learners."""
    async with Database.open(database_url) as opened:
        async with opened.transaction() as session:
            await enrol(session, YUNA, language="ko", name="Yuna")
            await enrol(session, MINHO, language="en", name="Minho")
        yield opened
