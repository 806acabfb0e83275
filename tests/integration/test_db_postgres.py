"""What only PostgreSQL can do to us; what both databases do alike is in tests/unit/db."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db import learners, progress
from db.engine import Database
from db.errors import DatabaseBusy, DatabaseDown
from db.migrate import migrate
from tests.databases import fresh_database
from tests.factories import NOON

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    with fresh_database("postgresql", tmp_path) as found:
        yield found


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """An open database with one learner and one lesson."""
    async with Database.open(migrated_url, lock_timeout_s=0.2) as opened:
        async with opened.transaction() as session:
            await learners.enrol(session, 1, language="ko", name="Yuna")
            await progress.open_lesson(session, 1, "one", version=1, at=NOON)
            await progress.tick(session, 1, "one", "run", version=1, at=NOON)
        yield opened


@pytest.fixture
def migrated_url(url: str) -> str:
    """A database with all migrations done."""
    migrate(url)
    return url


def test_two_migrations_at_once_do_the_work_once(url: str) -> None:
    """Two machines that start together don't trip over each other."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(url)
        except BaseException as error:  # noqa: BLE001 - the thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failures == []


async def test_a_row_locked_for_too_long_is_busy(database: Database) -> None:
    """Another bot that holds a learner's row keeps us waiting for a short time only."""
    async with database.transaction() as other:
        await other.execute(text("SELECT * FROM task_progress FOR UPDATE"))

        async def use_hint() -> None:
            async with database.transaction() as session:
                await progress.use_hint(session, 1, "one", "run")

        with pytest.raises(DatabaseBusy):
            await use_hint()
    await use_hint()


async def test_a_server_that_is_not_there_is_down() -> None:
    """A refused connection is named, not shown as a socket's error."""
    async with Database.open("postgresql://docent@127.0.0.1:1/docent") as database:
        with pytest.raises(DatabaseDown):
            async with database.transaction():
                pass


async def test_a_connection_that_the_server_ends_is_made_again(database: Database) -> None:
    """A restart of the server costs one use case at most."""

    async def end_connections() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseDown):
        await end_connections()
    async with database.transaction() as session:
        assert await learners.get(session, 1) is not None
