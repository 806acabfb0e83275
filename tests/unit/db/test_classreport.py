"""Reports are made of a few statements, on both databases, and agree with a plain recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from statistics import median

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classreport.report import Report, build
from bot.classreport.rows import Rows
from db import assignments, classes, classreport, working_time
from db.engine import Database
from tests.factories import NOON
from tests.made_class import (
    KEPT,
    MadeClass,
    asked_in,
    make_class,
    plain_errors,
    plain_heat,
    plain_lately,
    plain_open,
    plain_times,
    real_lessons,
)

NOW = NOON + timedelta(days=5)
STATEMENTS = 6


@cache
def made_class() -> MadeClass:
    """Sixty learners, made up once."""
    return make_class(NOW)


@dataclass(frozen=True, slots=True)
class Known:
    """What one kind of database said, and with how many statements."""

    rows: Rows
    report: Report
    sent: tuple[str, ...]


KNOWN: dict[str, Known] = {}
"""By the kind of database: storing sixty learners takes longer than all that is asked."""


@pytest.fixture
async def known(database: Database, database_url: str) -> Known:
    """The report of the class that was made up, which is stored beside another one."""
    kind = database_url.split(":", maxsplit=1)[0]
    if kind not in KNOWN:
        class_id = await stored(database, made_class())
        await stored(database, make_class(NOW, seed=8, count=8, first_id=2**60 + 9000))
        with counted(database) as sent:
            async with database.transaction() as session:
                rows = await read(session, class_id)
        KNOWN[kind] = Known(rows, build(rows, real_lessons(), NOW), tuple(sent))
    return KNOWN[kind]


async def stored(database: Database, made: MadeClass) -> int:
    """The number of a new class with these learners."""
    async with database.transaction() as session:
        new = await classes.create(
            session, server_id=1, name=f"{id(made)}", created_by=1, channel_id=None, at=NOON
        )
        assert new is not None
        await made.store(session, new.id)
    return new.id


async def read(session: AsyncSession, class_id: int) -> Rows:
    """All that a report is made of."""
    return Rows(
        await classreport.pupils(session, class_id),
        await classreport.lessons(session, class_id),
        await working_time.marks(session, class_id),
        await classreport.errors(session, class_id),
        await classreport.judged(session, class_id),
        await assignments.of_classes(session, [class_id]),
    )


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def selects(sent: Sequence[str]) -> int:
    """How many of these statements are questions."""
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in sent)


def test_the_heat_map_of_sixty_learners_is_right(known: Known) -> None:
    """Tasks done and tasks in all of every lesson that somebody opened; all others are empty."""
    found = {
        (row.learner_id, lesson_id): (cell.done, cell.total)
        for row in known.report.heat.rows
        for lesson_id, cell in zip(known.report.heat.lesson_ids, row.cells, strict=True)
        if cell.opened
    }

    assert len(known.report.heat.rows) == 60
    assert found == plain_heat(made_class())


def test_errors_are_right(known: Known) -> None:
    """How many met each since they joined, how often, and how often on their open task."""
    found = {each.error: (each.learners, each.times) for each in known.report.errors}
    lately = {(e.learner_id, e.error): (e.times, e.lately) for e in known.rows.errors}

    assert found == plain_errors(made_class())
    assert lately == plain_lately(made_class())
    assert any(late for _, late in lately.values())


def test_times_are_right(known: Known) -> None:
    """Every task that was ticked has the working time that it took, or none if nobody knows."""
    found = {(t.learner_id, t.lesson_id, t.task_id): t.seconds for t in known.report.times}

    assert found == pytest.approx(plain_times(made_class()))
    assert len(found) > 300


def test_open_tasks_are_right(known: Known) -> None:
    """Who is where, for how long, with how many commands."""
    found = {
        task.learner_id: (task.lesson_id, task.task_id, task.work_s, task.commands, task.failed)
        for task in known.report.open_tasks.values()
    }

    assert found == plain_open(made_class())
    assert len(found) > 10


def test_sums_per_task_are_right(known: Known) -> None:
    """Who has done it, who is at it, how often it was refused, the hints, the median."""
    made = made_class()
    keys = [(t["lesson_id"], t["task_id"], t["learner_id"]) for t in made.tasks if t["done_at"]]
    done = Counter(key[:2] for key in keys)
    refused: Counter[tuple[str, str]] = Counter()
    hints: Counter[tuple[str, str]] = Counter()
    still_open = Counter(
        (row["lesson_id"], task_id)
        for row in made.lessons
        for task_id in asked_in(row)
        if (row["lesson_id"], task_id, row["learner_id"]) not in set(keys)
    )
    for row in made.attempts:
        refused[row["lesson_id"], row["task_id"]] += 1
    for row in made.tasks:
        hints[row["lesson_id"], row["task_id"]] += row["hints_shown"]
    times = plain_times(made)
    for task in known.report.tasks:
        key = (task.lesson_id, task.task_id)
        assert (task.done, task.still_open) == (done[key], still_open[key])
        assert (task.refused, task.hints) == (refused[key], hints[key])
        mine = [value for (_, *rest), value in times.items() if tuple(rest) == key]
        assert (task.time is None) == (not mine)
        assert task.time is None or task.time.median == pytest.approx(median(mine))


def test_the_number_of_statements_does_not_grow(known: Known) -> None:
    """Sixty learners take as many as none, and no statement brings a list of learners."""
    assert selects(known.sent) == STATEMENTS
    assert all(sent.count("?") + sent.count("$") < 50 for sent in known.sent)


def test_nobody_of_another_class_is_in_it(known: Known) -> None:
    """Of no table is there a row of somebody who is not a member."""
    members = {row["learner_id"] for row in made_class().members}
    rows = known.rows
    for part in (rows.pupils, rows.lessons, rows.marks, rows.errors, rows.judged):
        assert {row.learner_id for row in part} <= members


def test_what_was_forgotten_is_known_to_be(known: Known) -> None:
    """Of whom more was done than is kept, the report knows since when it is kept."""
    count = Counter(row["learner_id"] for row in made_class().history)
    kept = {p.learner_id for p in known.report.pupils if p.kept_since is not None}

    assert kept == {learner_id for learner_id, n in count.items() if n >= KEPT}
    assert kept


async def test_an_empty_class_has_an_empty_report(database: Database) -> None:
    """Nothing to divide by, nothing to show."""
    class_id = await stored(database, MadeClass())
    with counted(database) as sent:
        async with database.transaction() as session:
            report = build(await read(session, class_id), real_lessons(), NOW)

    assert selects(sent) == STATEMENTS
    assert report.heat.rows == ()
    assert set(report.heat.average) == {0.0}
    assert (report.needs_help, report.quiet, report.errors, report.tasks) == ((), (), (), ())


async def test_just_now(database: Database) -> None:
    """Errors and who is active in a window; from who leaves the class nothing is left."""
    made = make_class(NOW, count=12)
    class_id = await stored(database, made)
    recent = sorted(made.history, key=lambda row: row["at"])[-200:]
    at = recent[0]["at"]
    recent = [row for row in made.history if row["at"] >= at]
    expected = {
        error: (
            len({row["learner_id"] for row in recent if row["error"] == error}),
            sum(row["error"] == error for row in recent),
        )
        for error in {row["error"] for row in recent} - {None}
    }
    gone = recent[-1]["learner_id"]
    async with database.transaction() as session:
        found = await classreport.errors_since(session, class_id, at)
        active = await classreport.active_since(session, class_id, at)
        await classes.leave(session, class_id, gone)
        fewer = await classreport.active_since(session, class_id, at)
        rows = await read(session, class_id)

    assert {each.error: (each.learners, each.times) for each in found} == expected
    assert [e.learners for e in found] == sorted((e.learners for e in found), reverse=True)
    assert active == len({row["learner_id"] for row in recent})
    assert fewer == active - 1
    for part in (rows.pupils, rows.lessons, rows.marks, rows.errors, rows.judged):
        assert gone not in {row.learner_id for row in part}
