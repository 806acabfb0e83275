"""Two quizzes at once, on both databases: whoever keeps their time never blocks who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.classroom.library import Library
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from db import quizzes as rows
from db.engine import Database
from lessons.loader import load_catalogue
from tests.factories import NOON
from tests.quiz_story import write_quiz_lesson
from tests.unit.db.test_quizzes import NEW, opened

KEEPS_TIME: tuple[Callable[[Quizzes, list[int]], Awaitable[object]], ...] = (
    lambda quizzes, ids: quizzes.beat(ids),
    lambda quizzes, _: quizzes.revive(),
)


@pytest.fixture
def quizzes(database: Database, tmp_path: Path) -> Quizzes:
    """Quizzes from a lesson with a question of each kind."""
    sources = QuestionSources(LessonQuestions(Library(load_catalogue(write_quiz_lesson(tmp_path)))))
    return Quizzes(database=database, sources=sources, clock=lambda: NOON)


async def somebody_waits(database: Database) -> None:
    """Until a transaction of PostgreSQL waits for another one's lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(8.0):
        while True:
            async with database.transaction() as session:
                if await session.scalar(waiting):
                    return


@pytest.mark.parametrize("keeps_time", KEEPS_TIME, ids=("beat", "revive"))
async def test_answers_to_two_quizzes_and_the_time_never_wait_for_each_other(
    database: Database,
    database_url: str,
    quizzes: Quizzes,
    keeps_time: Callable[[Quizzes, list[int]], Awaitable[object]],
) -> None:
    """Whatever order answers come in: the one who keeps the time has one quiz at a time."""
    first = await opened(database)
    second = await opened(database, replace(NEW, channel_id=9))
    async with database.transaction() as session:
        await rows.get(session, second, lock="share")
        keeping = asyncio.ensure_future(keeps_time(quizzes, [first, second]))
        if database_url.startswith("postgresql"):
            await somebody_waits(database)
        await rows.get(session, first, lock="share")
    await keeping
