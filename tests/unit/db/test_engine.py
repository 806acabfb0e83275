"""Transactions, and what happens when the database does not want to."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from db import engine, history, learners, settings
from db.engine import Database
from db.errors import DatabaseBusy, DatabaseDown, DatabaseError, SchemaMismatch
from tests.factories import NOON, make_database_url
from tests.unit.db.conftest import YUNA


class Oops(Exception):
    """Something that goes wrong in the middle of a use case."""


async def test_a_block_that_raises_changes_nothing(database: Database) -> None:
    """All of a use case is stored, or none of it, and the error rises as it is."""

    async def change_and_fail() -> None:
        async with database.transaction() as session:
            await learners.set_language(session, YUNA, "en")
            raise Oops

    with pytest.raises(Oops):
        await change_and_fail()
    async with database.transaction() as session:
        learner = await learners.get(session, YUNA)

    assert learner is not None
    assert learner.language == "ko"


async def test_times_come_back_in_utc(database: Database) -> None:
    """A moment given in Seoul is the same moment, in UTC."""
    seoul = datetime(2026, 11, 24, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    async with database.transaction() as session:
        await history.record(session, YUNA, line="x", exit_code=0, took_ms=1, at=seoul)
    async with database.transaction() as session:
        (done,) = await history.recent(session, YUNA, 1)

    assert done.at == NOON
    assert done.at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    """Nobody could tell later what it meant."""
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"):
        async with database.transaction() as session:
            await history.record(session, YUNA, line="x", exit_code=0, took_ms=1, at=naive)


async def test_a_row_that_refers_to_nobody_is_refused(database: Database) -> None:
    """Foreign keys are on; such a row is a bug, so it rises under its own name."""
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await settings.put(session, 5, settings.LearnerSettings())


async def test_many_transactions_at_once_all_succeed(database: Database) -> None:
    """Writers wait for each other instead of failing."""

    async def write(number: int) -> None:
        async with database.transaction() as session:
            await learners.get(session, YUNA)
            await history.record(session, YUNA, line=str(number), exit_code=0, took_ms=1, at=NOON)

    await asyncio.gather(*(write(number) for number in range(25)))

    async with database.transaction() as session:
        assert len(await history.recent(session, YUNA, 100)) == 25


async def test_a_locked_database_is_busy_and_then_works_again(tmp_path: Path) -> None:
    """The learner hears it soon, and nothing is broken afterwards."""
    url = make_database_url(tmp_path)
    async with Database.open(url, lock_timeout_s=0.1) as database:
        with closing(sqlite3.connect(tmp_path / "docent.sqlite3")) as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            with pytest.raises(DatabaseBusy):
                async with database.transaction() as session:
                    await learners.get(session, 1)
            waited_s = time.monotonic() - started
        async with database.transaction() as session:
            _, new = await learners.enrol(session, 1, language="ko", name="x")

    assert waited_s < 2
    assert new


async def test_a_folder_that_is_missing_is_down(tmp_path: Path) -> None:
    """What can't be opened at all is told apart from what is busy."""
    url = f"sqlite+aiosqlite:///{tmp_path}/missing/docent.sqlite3"
    async with Database.open(url) as database:
        with pytest.raises(DatabaseDown):
            async with database.transaction():
                pass
    await driver_threads_end()


async def driver_threads_end() -> None:
    """The driver doesn't wait for the thread of a connection that failed; a test's loop ends."""
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:
            await asyncio.to_thread(thread.join, 5)


async def test_a_file_that_is_no_database_is_down(tmp_path: Path) -> None:
    """A file of something else is never written to."""
    file = tmp_path / "docent.sqlite3"
    file.write_text("shopping list" * 100)
    async with Database.open(f"sqlite:///{file}") as database:
        with pytest.raises(DatabaseDown):
            async with database.transaction():
                pass
    assert file.read_text() == "shopping list" * 100


async def test_another_kind_of_database_is_refused() -> None:
    """A URL that we can't serve is said at once."""
    with pytest.raises(ValueError, match="mysql"):
        Database.open("mysql://localhost/docent")


async def test_the_schema_is_checked(database: Database, tmp_path: Path) -> None:
    """A database that was never migrated is told apart from one that is up to date."""
    await database.check_schema()
    async with database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    with pytest.raises(SchemaMismatch, match="older"):
        await database.check_schema()
    async with Database.open(f"sqlite:///{tmp_path}/new.sqlite3") as empty:
        with pytest.raises(SchemaMismatch, match="missing"):
            await empty.check_schema()


@pytest.mark.parametrize("later", range(6))
async def test_a_cancel_that_comes_with_the_turn_is_not_lost(
    database: Database, later: int
) -> None:
    """However close: a loop that was to end would go on otherwise."""

    async def use() -> None:
        async with database.transaction():
            await asyncio.sleep(3600)

    async with database.transaction():
        waiting = asyncio.create_task(use())
        await asyncio.sleep(0.01)
    for _ in range(later):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting}, timeout=2)
    assert waiting.cancelled()


async def test_who_writes_does_not_wait_for_who_reads(database: Database) -> None:
    """However long the question takes; it is answered as things were when it was asked."""
    async with database.reading() as reader:
        before = await learners.get(reader, YUNA)
        async with asyncio.timeout(2), database.transaction() as session:
            await learners.set_language(session, YUNA, "en")
        reader.expire_all()
        meanwhile = await learners.get(reader, YUNA)
    async with database.reading() as reader:
        after = await learners.get(reader, YUNA)

    assert before is not None
    assert meanwhile == before
    assert after is not None
    assert (before.language, after.language) == ("ko", "en")


async def test_who_reads_writes_nothing(database: Database) -> None:
    """It is refused; whoever has the same connection next may write again."""
    with pytest.raises((DBAPIError, DatabaseError)):
        async with database.reading() as session:
            await learners.set_language(session, YUNA, "en")
    for _ in range(3):
        async with database.transaction() as session:
            await learners.set_language(session, YUNA, "ko")
    async with database.reading() as session:
        found = await learners.get(session, YUNA)
    assert found is not None
    assert found.language == "ko"


async def test_many_readers_leave_room_for_a_writer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those above the bound wait for their turn, and hear of it when it doesn't come."""
    monkeypatch.setattr(engine, "READ_WAIT_S", 0.05)
    async with AsyncExitStack() as stack:
        for _ in range(engine.READERS_AT_ONCE):
            await stack.enter_async_context(database.reading())
        with pytest.raises(DatabaseBusy):
            async with database.reading():
                pass
        async with asyncio.timeout(2), database.transaction() as session:
            await learners.set_language(session, YUNA, "en")
    async with database.reading():
        pass


async def test_a_cancelled_transaction_keeps_nobody_waiting(tmp_path: Path) -> None:
    """In the middle of a statement: its lock is free at once, not when garbage is collected."""
    reading, goes_on = threading.Event(), threading.Event()

    def slow(number: int) -> int:
        if number == 1:  # the second row is never read
            reading.set()
            goes_on.wait(5)
        return number

    async def work(database: Database) -> None:
        async with database.transaction() as session:
            raw = await (await session.connection()).get_raw_connection()
            assert raw.driver_connection is not None
            await raw.driver_connection.create_function("slow", 1, slow)
            await learners.enrol(session, YUNA, language="ko", name="Yuna")
            await session.execute(text("SELECT slow(x) FROM (SELECT 1 AS x UNION ALL SELECT 2)"))

    async with Database.open(make_database_url(tmp_path), lock_timeout_s=1.0) as database:
        cancelled = asyncio.create_task(work(database))
        await asyncio.to_thread(reading.wait, 5)
        cancelled.cancel()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError) as kept:  # whoever keeps it keeps the statement
            await cancelled
        async with database.transaction() as session:
            assert await learners.get(session, YUNA) is None
        assert kept
