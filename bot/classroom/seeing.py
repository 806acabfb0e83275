"""A class as its instructors see it: the report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.classreport.report import Report, build
from bot.classreport.rows import Rows
from bot.classroom.library import Library
from db import classreport
from db.engine import Database

__all__ = ["ClassSight", "Report"]


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
        async with self._database.transaction() as session:
            rows = Rows(
                await classreport.pupils(session, class_id),
                await classreport.lessons(session, class_id),
                await classreport.marks(session, class_id),
                await classreport.errors(session, class_id),
                await classreport.judged(session, class_id),
            )
        # Of three hundred learners this is some work: the bot goes on meanwhile.
        return await asyncio.to_thread(build, rows, self._library.catalogue, self._clock())
