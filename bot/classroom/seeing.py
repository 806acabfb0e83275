"""A class as its instructors see it: the report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.classreport.report import Report, build
from bot.classreport.rows import Rows
from bot.classroom.library import Library
from bot.ui.turns import Turns
from db import assignments, classes, classreport, working_time
from db.engine import Database

__all__ = ["ClassSight", "Report"]

KEPT_FOR: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Kept:
    report: Report
    members: frozenset[int]


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
        self._kept: dict[int, _Kept] = {}
        self._turns = Turns()

    async def report(self, class_id: int) -> Report:
        """All that is known of the class, now or up to half a minute ago.

        Pages are turned quickly, and of three hundred learners it is some work. Whoever came or
        went is in the report, or out of it, at once.
        """
        async with self._turns.of(class_id):
            members = await self._members(class_id)
            kept = self._kept.get(class_id)
            if kept is not None and kept.members == members and self._is_fresh(kept.report):
                return kept.report
            report = await self._build(class_id)
            fresh = {n: each for n, each in self._kept.items() if self._is_fresh(each.report)}
            self._kept = {**fresh, class_id: _Kept(report, members)}
            return report

    async def _members(self, class_id: int) -> frozenset[int]:
        async with self._database.reading() as session:
            return frozenset(each.learner_id for each in await classes.members(session, class_id))

    async def _build(self, class_id: int) -> Report:
        async with self._database.reading() as session:
            rows = Rows(
                await classreport.pupils(session, class_id),
                await classreport.lessons(session, class_id),
                await working_time.marks(session, class_id),
                await classreport.errors(session, class_id),
                await classreport.judged(session, class_id),
                await assignments.of_classes(session, [class_id]),
            )
        # The bot goes on meanwhile.
        return await asyncio.to_thread(build, rows, self._library.catalogue, self._clock())

    def _is_fresh(self, report: Report) -> bool:
        return timedelta() <= self._clock() - report.made_at < KEPT_FOR
