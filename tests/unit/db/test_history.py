"""The newest commands of each learner."""

from __future__ import annotations

from datetime import timedelta

from db import history
from db.engine import Database
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA


async def record(database: Database, learner_id: int, *lines: str) -> None:
    async with database.transaction() as session:
        for number, line in enumerate(lines):
            at = NOON + timedelta(seconds=number)
            await history.record(session, learner_id, line=line, exit_code=0, took_ms=5, at=at)


async def test_commands_come_back_in_order(database: Database) -> None:
    """`since` is oldest first and includes its own moment; `recent` is newest first."""
    await record(database, YUNA, "one", "two", "three")
    async with database.transaction() as session:
        since = await history.since(session, YUNA, NOON + timedelta(seconds=1))
        recent = await history.recent(session, YUNA, 2)

    assert [done.line for done in since] == ["two", "three"]
    assert [done.line for done in recent] == ["three", "two"]


async def test_a_command_is_kept_as_it_was(database: Database) -> None:
    """The longest Korean line, an exit code that a limit took away and the time survive."""
    line = "docker run busybox echo " + "가" * 4000
    async with database.transaction() as session:
        await history.record(session, YUNA, line=line, exit_code=None, took_ms=60_000, at=NOON)
    async with database.transaction() as session:
        (done,) = await history.recent(session, YUNA, 10)

    assert done == history.Record("command", line, None, 60_000, NOON)


async def test_text_that_no_database_can_store_is_kept_as_far_as_possible(
    database: Database,
) -> None:
    """A stray byte in a command never costs the learner their progress."""
    await record(database, YUNA, "echo \0 \ud800 가")
    async with database.transaction() as session:
        (done,) = await history.recent(session, YUNA, 1)

    assert done.line == "echo \ufffd ? 가"


async def test_a_page_has_its_port_and_status(database: Database) -> None:
    """A look at a page is history as well."""
    async with database.transaction() as session:
        await history.record(
            session,
            YUNA,
            line="localhost:80/",
            exit_code=None,
            took_ms=9,
            at=NOON,
            kind="page",
            port=80,
            status=200,
        )
    async with database.transaction() as session:
        (page,) = await history.since(session, YUNA, NOON)

    assert (page.kind, page.port, page.status) == ("page", 80, 200)


async def test_only_the_newest_are_kept(database: Database) -> None:
    """History is bounded for each learner, and never at the cost of another's."""
    await record(database, MINHO, "mine")
    await record(database, YUNA, *(f"line {n}" for n in range(history.KEPT_PER_LEARNER + 3)))
    async with database.transaction() as session:
        kept = await history.recent(session, YUNA, 10_000)
        other = await history.recent(session, MINHO, 10_000)

    assert len(kept) == history.KEPT_PER_LEARNER
    assert (kept[0].line, kept[-1].line) == ("line 502", "line 3")
    assert [done.line for done in other] == ["mine"]


async def test_of_somebody_who_is_gone_nothing_is_kept(database: Database) -> None:
    """Their data were deleted in the middle of a command, which is no failure."""
    await record(database, 5, "docker ps")
    async with database.transaction() as session:
        assert await history.recent(session, 5, 1) == []
