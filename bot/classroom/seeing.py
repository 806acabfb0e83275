"""A class as its instructors see it: the report."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classreport.report import Report, build
from bot.classreport.rows import Rows
from bot.classroom.library import Library
from db import classreport, working_time
from db.engine import Database

__all__ = ["ClassSight", "Report"]

T = TypeVar("T")


class ClassSight:
    """Reads classes. Whether the asker may see one is judged before, by `Classes.get`.

    Methods raise `DatabaseError` when the database can't be used.
    """

    def __init__(
        self, *, database: Database, library: Library, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    async def report(self, class_id: int) -> Report:
        """All that is known of the class now."""
        rows = Rows(
            await self._ask(classreport.pupils, class_id),
            await self._ask(classreport.lessons, class_id),
            await self._ask(working_time.marks, class_id),
            await self._ask(classreport.errors, class_id),
            await self._ask(classreport.judged, class_id),
        )
        # Of three hundred learners this is some work: the bot goes on meanwhile.
        return await asyncio.to_thread(build, rows, self._library.catalogue, self._clock())

    async def _ask(
        self, question: Callable[[AsyncSession, int], Awaitable[Sequence[T]]], class_id: int
    ) -> Sequence[T]:
        """One question at a time: on SQLite nobody can write while one is answered."""
        async with self._database.transaction() as session:
            return await question(session, class_id)
