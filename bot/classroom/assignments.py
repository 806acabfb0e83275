"""Lessons that classes have to do until a time: who did them, and who is to be reminded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from bot.classroom.classes import SchoolClass, required
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.schedule.reminding import KINDS, LONGEST_BEFORE, Kind, kind_now
from bot.schedule.zones import zone_of
from bot.texts import Language
from db import assignments, classes, settings
from db.assignments import Assignment, Behind, Due, Outcome
from db.engine import Database

__all__ = ["Assignment", "Assignments", "Due", "MyClass", "Outcome", "Reminder"]

MOST_ASSIGNED: Final = 50
"""Lessons that one class has to do at the same time."""
MOST_IN_A_ROUND: Final = 300


@dataclass(frozen=True, slots=True)
class Reminder:
    """A learner who is to be reminded now of a lesson that is due."""

    due: Due
    learner_id: int
    language: Language
    kind: Kind


@dataclass(frozen=True, slots=True)
class MyClass:
    """A class as somebody in it sees it: what they have to do, and what of that they finished."""

    school_class: SchoolClass
    assignments: Sequence[Assignment]
    finished: frozenset[str]


class Assignments:
    """What classes have to do. Methods raise `DatabaseError` when the database can't be used."""

    def __init__(
        self, *, database: Database, library: Library, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    def now(self) -> datetime:
        """From when on due dates are counted."""
        return self._clock()

    async def assign(
        self,
        server_id: int,
        class_id: int,
        lesson_ids: Sequence[str],
        due_at: datetime | None,
        *,
        instructor_id: int,
    ) -> SchoolClass:
        """Have the class do these lessons; its learners can see who said so.

        A lesson that it had to do already is due then from now on.

        Raises:
            LearnerError: There is no such open class in this server, or it has too much to do.
        """
        at = self._clock()
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            known = {each.lesson_id for each in await assignments.of_classes(session, [class_id])}
            if len(known | set(lesson_ids)) > MOST_ASSIGNED:
                raise LearnerError("class.assign.too_many", most=MOST_ASSIGNED)
            for lesson_id in dict.fromkeys(lesson_ids):
                await assignments.assign(
                    session,
                    class_id=class_id,
                    lesson_id=lesson_id,
                    due_at=due_at,
                    created_by=instructor_id,
                    at=at,
                )
            await classes.record_acts(
                session,
                server_id=server_id,
                instructor_id=instructor_id,
                learner_ids=[each.learner_id for each in await classes.members(session, class_id)],
                act="assigned",
                detail=found.name,
                at=at,
            )
        return found

    async def unassign(
        self, server_id: int, class_id: int, lesson_id: str, *, instructor_id: int
    ) -> SchoolClass:
        """The class need not do this lesson any more; its learners can see who said so.

        Raises:
            LearnerError: There is no such open class in this server, or it didn't have to.
        """
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            if not await assignments.unassign(session, class_id, lesson_id):
                raise LearnerError("class.unassign.none")
            await classes.record_acts(
                session,
                server_id=server_id,
                instructor_id=instructor_id,
                learner_ids=[each.learner_id for each in await classes.members(session, class_id)],
                act="unassigned",
                detail=found.name,
                at=self._clock(),
            )
        return found

    async def of_class(self, class_id: int) -> tuple[Assignment, ...]:
        """What the class has to do, what is due first at the beginning.

        Lessons that were removed from Docent are left out.
        """
        async with self._database.transaction() as session:
            found = await assignments.of_classes(session, [class_id])
        return tuple(self._there(found))

    async def finished_by_members(self, class_id: int) -> Mapping[int, Mapping[str, datetime]]:
        """The assigned lessons that each member finished, and when first; none: left out."""
        async with self._database.transaction() as session:
            return await assignments.finished_by_members(session, class_id)

    async def mine(self, learner_id: int) -> tuple[MyClass, ...]:
        """The open classes that the learner is in, with what they have to do."""
        async with self._database.transaction() as session:
            mine = await classes.of_learner(session, learner_id)
            found = await assignments.of_classes(session, [each.id for each in mine])
            finished = await assignments.finished_lessons(session, learner_id)
        there = self._there(found)
        return tuple(
            MyClass(each, tuple(one for one in there if one.class_id == each.id), finished)
            for each in mine
        )

    async def zone_for(self, server_id: int, person_id: int, language: Language) -> tzinfo:
        """In which zone an instructor says when something is due: the server's, else their own."""
        async with self._database.transaction() as session:
            name = await classes.zone(session, server_id)
            if name is None:
                name = (await settings.get(session, person_id)).zone
        return zone_of(name, language)

    async def reminders(self) -> tuple[Reminder, ...]:
        """Who is to be reminded now, what is due next first; `MOST_IN_A_ROUND` at most.

        Each has to be begun with `begin` before it is sent.
        """
        now = self._clock()
        found: list[Reminder] = []
        async with self._database.transaction() as session:
            due_soon = await assignments.due_between(session, now, now + LONGEST_BEFORE)
        for due in due_soon:
            if self._library.catalogue.get(due.lesson_id) is None:
                continue
            async with self._database.transaction() as session:
                learners_behind = await assignments.behind(session, due)
            found += [
                Reminder(due, each.learner_id, _language(each), kind)
                for each in learners_behind
                if (kind := _kind(each, due, now)) is not None
            ]
            if len(found) >= MOST_IN_A_ROUND:
                break
        return tuple(found[:MOST_IN_A_ROUND])

    async def begin(self, reminder: Reminder) -> bool:
        """Whether it is still to be sent: from now on it is nobody else's, whatever happens."""
        async with self._database.transaction() as session:
            return await assignments.begin_reminder(
                session, reminder.due, reminder.learner_id, reminder.kind, self._clock()
            )

    async def ended(self, reminder: Reminder, outcome: Outcome) -> None:
        """Note how it went."""
        async with self._database.transaction() as session:
            await assignments.end_reminder(
                session, reminder.due, reminder.learner_id, reminder.kind, outcome
            )

    def _there(self, found: Sequence[Assignment]) -> list[Assignment]:
        return [each for each in found if self._library.catalogue.get(each.lesson_id) is not None]


def _language(behind: Behind) -> Language:
    return "ko" if behind.language == "ko" else "en"


def _kind(behind: Behind, due: Due, now: datetime) -> Kind | None:
    """Which reminder this learner gets now, if they did not get it before."""
    zone = zone_of(behind.zone or due.server_zone, _language(behind))
    since = max(due.changed_at, behind.joined_at)
    kind = kind_now(now, due.due_at, since, zone)
    if kind is None or kind in behind.reminded:
        return None
    # Of an hour before was told already: the day before is over, too.
    later = KINDS[KINDS.index(kind) :]
    return None if any(each in behind.reminded for each in later) else kind
