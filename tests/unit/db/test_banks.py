"""Banks of servers: drafts, versions, and nobody else's."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from db import banks
from db.banks import MOST_DRAFTS, BankSummary, BankVersion
from db.engine import Database
from tests.factories import NOON

HERE, ELSEWHERE = 11, 22


async def keep(session: AsyncSession, name: str = "A", server_id: int = HERE) -> BankVersion:
    """A draft."""
    return await banks.keep_draft(session, server_id, name, content="x", questions=1, at=NOON)


async def published(session: AsyncSession, name: str = "A") -> BankVersion:
    """A bank that can be chosen."""
    made = await banks.publish(session, HERE, (await keep(session, name)).id, NOON)
    assert made is not None
    return made


def summary(version: BankVersion) -> BankSummary:
    """What a list says of it."""
    return BankSummary(**{each.name: getattr(version, each.name) for each in fields(BankSummary)})


async def test_a_draft_is_seen_once_it_is_published(database: Database) -> None:
    """Once only, and its number counts up for a name."""
    async with database.transaction() as session:
        first = await keep(session)
        assert await banks.of_server(session, HERE) == []
        assert await banks.draft(session, HERE, first.id) == first
        made = await banks.publish(session, HERE, first.id, NOON)
        assert made is not None
        assert made.number == 1
        assert await banks.publish(session, HERE, first.id, NOON) is None
        assert await banks.draft(session, HERE, first.id) is None
        second = await published(session)
        assert (second.number, second.bank_id) == (2, made.bank_id)
        assert await banks.of_server(session, HERE) == [summary(second)]
        assert await banks.newest(session, HERE, made.bank_id) == second
        assert await banks.version(session, HERE, made.bank_id, 1) == made


async def test_nothing_is_found_from_another_server(database: Database) -> None:
    """Neither drafts nor banks, by whatever id; the same name there is another bank."""
    async with database.transaction() as session:
        mine = await published(session)
        waiting = await keep(session)
        assert await banks.draft(session, ELSEWHERE, waiting.id) is None
        assert await banks.publish(session, ELSEWHERE, waiting.id, NOON) is None
        assert not await banks.discard(session, ELSEWHERE, waiting.id)
        assert await banks.of_server(session, ELSEWHERE) == []
        assert await banks.version(session, ELSEWHERE, mine.bank_id, 1) is None
        assert not await banks.mark_deleted(session, ELSEWHERE, mine.bank_id, NOON)
        assert (await keep(session, server_id=ELSEWHERE)).bank_id != mine.bank_id
        assert await banks.of_server(session, HERE) == [summary(mine)]


async def test_a_deleted_bank_is_there_for_those_who_use_it(database: Database) -> None:
    """Until it is forgotten; uploaded anew it is back, with the next number."""
    async with database.transaction() as session:
        made = await published(session)
        assert await banks.mark_deleted(session, HERE, made.bank_id, NOON)
        assert not await banks.mark_deleted(session, HERE, made.bank_id, NOON)
        assert await banks.of_server(session, HERE) == []
        assert await banks.newest(session, HERE, made.bank_id) is None
        assert await banks.version(session, HERE, made.bank_id, 1) == made
        assert (await published(session)).number == 2
        assert len(await banks.of_server(session, HERE)) == 1


async def test_old_drafts_and_deleted_banks_are_forgotten(database: Database) -> None:
    """What is younger, or is in use, stays."""
    async with database.transaction() as session:
        gone, stays = await published(session, "gone"), await published(session, "stays")
        old = await keep(session, "stays")
        await banks.mark_deleted(session, HERE, gone.bank_id, NOON)
        later = NOON + timedelta(seconds=1)
        await banks.forget(session, HERE, drafts_before=NOON, banks_before=NOON)
        assert await banks.draft(session, HERE, old.id) is not None
        assert await banks.version(session, HERE, gone.bank_id, 1) is not None
        await banks.forget(session, HERE, drafts_before=later, banks_before=later)
    async with database.transaction() as session:
        assert await banks.draft(session, HERE, old.id) is None
        assert await banks.version(session, HERE, gone.bank_id, 1) is None
        assert await banks.of_server(session, HERE) == [summary(stays)]


async def test_a_server_has_so_many_drafts_and_no_id_comes_twice(database: Database) -> None:
    """A preview that was discarded never leads to another one."""
    async with database.transaction() as session:
        await published(session)
        elsewhere = await keep(session, server_id=ELSEWHERE)
        made = [await keep(session) for _ in range(MOST_DRAFTS + 5)]
        await banks.forget(session, HERE, drafts_before=NOON, banks_before=NOON)
        left = [await banks.draft(session, HERE, each.id) for each in made]
        assert [each is not None for each in left] == [False] * 6 + [True] * (MOST_DRAFTS - 1)
        assert await banks.draft(session, ELSEWHERE, elsewhere.id) is not None
        assert await banks.discard(session, HERE, made[-1].id)
        assert (await keep(session)).id > made[-1].id
