"""Changes that come at once are kept together, and each is told what became of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.together import MOST_AT_ONCE, Together, Work
from bot.errors import LearnerError
from db import learners
from db.engine import Database
from tests.factories import make_database_url


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    async with Database.open(make_database_url(tmp_path)) as opened:
        yield opened


def enrols(learner_id: int) -> Work[bool]:
    """A change: a new learner."""

    async def work(session: AsyncSession) -> bool:
        return (await learners.enrol(session, learner_id, language="ko", name="Yuna"))[1]

    return work


def fails(error: Exception) -> Work[bool]:
    """A change that raises."""

    async def work(session: AsyncSession) -> bool:
        await learners.get(session, 1)
        raise error

    return work


async def kept(database: Database, *ids: int) -> list[int]:
    """Which of these learners are there."""
    async with database.transaction() as session:
        return [one for one in ids if await learners.get(session, one) is not None]


async def test_many_changes_need_few_transactions(database: Database) -> None:
    """A hundred and more at once, each told its own result."""
    begun: list[object] = []
    event.listen(database._engine.sync_engine, "begin", begun.append)
    together = Together(database)
    ids = range(1, 2 * MOST_AT_ONCE + 2)
    assert all(await asyncio.gather(*(together.do(enrols(one)) for one in ids)))
    assert len(begun) <= 4
    assert await kept(database, *ids) == list(ids)
    assert not await together.do(enrols(1))  # afterwards, too


async def test_what_is_refused_leaves_the_others_alone(database: Database) -> None:
    """Its sentence goes to whoever asked for it."""
    together = Together(database)
    done = await asyncio.gather(
        together.do(enrols(1)),
        together.do(fails(LearnerError("quiz.gone"))),
        together.do(enrols(2)),
        return_exceptions=True,
    )
    assert done[0] is done[2] is True
    assert isinstance(done[1], LearnerError)
    assert await kept(database, 1, 2) == [1, 2]


async def test_a_bug_in_one_change_costs_no_other(database: Database) -> None:
    """What was rolled back with it is done again by itself, and counts once."""
    together = Together(database)
    done = await asyncio.gather(
        together.do(enrols(1)),
        together.do(fails(RuntimeError("a bug"))),
        together.do(enrols(2)),
        return_exceptions=True,
    )
    assert done[0] is done[2] is True
    assert isinstance(done[1], RuntimeError)
    assert await kept(database, 1, 2) == [1, 2]


async def test_whoever_gives_up_waiting_holds_up_nobody(database: Database) -> None:
    """Their change is kept or not; the next ones are told."""
    together = Together(database)
    first = asyncio.create_task(together.do(enrols(1)))
    await asyncio.sleep(0)
    first.cancel()
    assert await together.do(enrols(2))
