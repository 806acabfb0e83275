"""What a learner did, in the order of time: commands, pages, lessons opened, tasks done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.classroom.library import Library
from bot.texts import Language
from db import history, progress
from db.engine import Database
from db.history import Record
from db.progress import LessonProgress, Tick

__all__ = ["Entry", "Milestone", "Range", "Record", "Transcript", "Transcripts"]

Range = Literal["session", "lesson", "all"]
"""Since the learner sat down last, since they opened their lesson, or all that is kept."""

PAUSE: Final = timedelta(hours=3)
"""Whoever does nothing for so long sits down anew."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A lesson that was opened or finished, or a task of one that was done."""

    kind: Literal["opened", "done", "finished"]
    at: datetime
    lesson_number: int | None
    """None for a lesson that is no more."""
    lesson_title: str
    task_title: str | None = None


Entry = Record | Milestone


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything of a time, the oldest first."""

    entries: Sequence[Entry]

    @property
    def commands(self) -> int:
        """How many commands ran."""
        return sum(isinstance(each, Record) and each.kind == "command" for each in self.entries)

    @property
    def failed(self) -> int:
        """How many of them had an exit code other than 0."""
        return sum(isinstance(each, Record) and bool(each.exit_code) for each in self.entries)

    @property
    def tasks(self) -> int:
        """How many tasks were done."""
        return sum(isinstance(each, Milestone) and each.kind == "done" for each in self.entries)


class Transcripts:
    """Reads what learners did. Methods raise `DatabaseError`."""

    def __init__(self, *, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def of(self, learner_id: int, what: Range, language: Language) -> Transcript:
        """What the learner did in this time; empty when that is nothing."""
        async with self._database.transaction() as session:
            records = await history.recent(session, learner_id, history.KEPT_PER_LEARNER)
            lessons = await progress.overview(session, learner_id)
            ticks = await progress.ticks(session, learner_id)
            current = await progress.current(session, learner_id)
        entries: list[Entry] = [*reversed(records)]
        for lesson in lessons:
            entries += self._milestones(lesson, ticks, language)
        # Sorting keeps the order of what has the same time: a command comes before its tick.
        entries.sort(key=_began)
        since = current.opened_at if what == "lesson" and current is not None else None
        return Transcript(_cut(entries, what, since))

    def _milestones(
        self, at: LessonProgress, ticks: Sequence[Tick], language: Language
    ) -> Iterator[Milestone]:
        catalogue = self._library.catalogue
        lesson = catalogue.get(at.lesson_id, at.variant)
        prose = None if lesson is None else catalogue.text(lesson, language)
        numbers = {each.id: number for number, each in enumerate(catalogue.lessons, start=1)}
        number, title = numbers.get(at.lesson_id), prose.title if prose else at.lesson_id
        yield Milestone("opened", at.opened_at, number, title)
        for tick in ticks:
            if tick.lesson_id == at.lesson_id:
                task = prose.tasks.get(tick.task_id) if prose else None
                name = task.title if task else tick.task_id
                yield Milestone("done", tick.at, number, title, name)
        if at.finished_at is not None:
            yield Milestone("finished", at.finished_at, number, title)


def _began(entry: Entry) -> datetime:
    return entry.at


def _cut(entries: list[Entry], what: Range, since: datetime | None) -> list[Entry]:
    if what == "lesson":
        return [entry for entry in entries if since is not None and entry.at >= since]
    return _last_sitting(entries) if what == "session" else entries


def _last_sitting(entries: list[Entry]) -> list[Entry]:
    """What came after the last long pause."""
    begin = max(
        (
            index
            for index in range(1, len(entries))
            if entries[index].at - entries[index - 1].at > PAUSE
        ),
        default=0,
    )
    return entries[begin:]
