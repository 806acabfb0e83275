"""What classes have to do, who is behind, and reminders that are begun once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from db import assignments, classes, classreport, learners, personal, progress, settings
from db.assignments import Due, SeatsPlan
from db.engine import Database
from db.settings import LearnerSettings
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

SERVER, TEACHER = 2**60 + 100, 2**60 + 300
DUE = NOON + timedelta(hours=20)


@pytest.fixture
async def class_id(database: Database) -> int:
    """A class with both learners, whose server has a time zone."""
    async with database.transaction() as session:
        made = await classes.create(
            session, server_id=SERVER, name="A", created_by=TEACHER, channel_id=None, at=NOON
        )
        assert made is not None
        await classes.set_zone(session, SERVER, "Europe/Paris")
        await classes.set_zone(session, SERVER, "Europe/Berlin")
        for learner_id in (YUNA, MINHO):
            await classes.join(session, made.id, learner_id, NOON)
    return made.id


async def assign(database: Database, class_id: int, lesson_id: str = "images") -> Due:
    """The class has to do this lesson; what is due."""
    async with database.transaction() as session:
        await assignments.assign(
            session,
            class_id=class_id,
            lesson_id=lesson_id,
            due_at=DUE,
            created_by=TEACHER,
            at=NOON,
        )
        due = await assignments.due_between(session, NOON, DUE)
    return next(each for each in due if each.lesson_id == lesson_id)


async def behind(database: Database, due: Due) -> list[int]:
    """Who has not finished it."""
    async with database.transaction() as session:
        return [each.learner_id for each in await assignments.behind(session, due)]


async def finish(database: Database, learner_id: int, lesson_id: str = "images") -> None:
    """The learner finished the lesson."""
    async with database.transaction() as session:
        await progress.open_lesson(session, learner_id, lesson_id, version=1, at=NOON)
        await progress.finish(session, learner_id, lesson_id, NOON)


async def test_assigning_again_changes_the_date(database: Database, class_id: int) -> None:
    """One row for each lesson; what is due first comes first, what never is due last."""
    async with database.transaction() as session:
        for lesson_id, days in (("b", 2), ("never", None), ("a", 3), ("a", 1)):
            new = await assignments.assign(
                session,
                class_id=class_id,
                lesson_id=lesson_id,
                due_at=None if days is None else NOON + timedelta(days=days),
                created_by=TEACHER,
                at=NOON,
            )
            assert new == ((lesson_id, days) != ("a", 1))
    async with database.transaction() as session:
        found = await assignments.of_classes(session, [class_id])
        assert [each.lesson_id for each in found] == ["a", "b", "never"]
        assert await assignments.unassign(session, class_id, "a")
        assert not await assignments.unassign(session, class_id, "a")
        assert len(await assignments.of_classes(session, [class_id])) == 2
        assert await assignments.of_classes(session, []) == []


async def test_only_who_has_not_finished_is_behind(database: Database, class_id: int) -> None:
    """Opened or not; who left, or whose class was closed, is not either."""
    due = await assign(database, class_id)
    assert due.server_zone == "Europe/Berlin"
    assert await behind(database, due) == [YUNA, MINHO]
    async with database.transaction() as session:
        await progress.open_lesson(session, YUNA, "images", version=1, at=NOON)
        await progress.open_lesson(session, YUNA, "other", version=1, at=NOON)
        await progress.finish(session, YUNA, "other", NOON)
    assert await behind(database, due) == [YUNA, MINHO]
    await finish(database, YUNA)
    assert await behind(database, due) == [MINHO]
    async with database.transaction() as session:
        assert await assignments.finished_lessons(session, YUNA) == {"images", "other"}
        assert await assignments.finished_by_members(session, class_id) == {YUNA: {"images": NOON}}
        await classes.leave(session, class_id, MINHO)
    assert await behind(database, due) == []
    async with database.transaction() as session:
        await classes.close(session, class_id, NOON)
        assert await assignments.due_between(session, NOON, DUE) == []


async def test_who_begins_anew_has_done_it_all_the_same(database: Database, class_id: int) -> None:
    """As early as the first time: the next attempt is for practice."""
    due = await assign(database, class_id)
    await finish(database, YUNA)
    later = NOON + timedelta(days=9)
    for again in (False, True):
        async with database.transaction() as session:
            await progress.begin_anew(session, YUNA, "images", variant=0, at=later)
            if again:
                assert await progress.finish(session, YUNA, "images", later)
        assert await behind(database, due) == [MINHO]
        async with database.transaction() as session:
            assert await assignments.finished_lessons(session, YUNA) == {"images"}
            assert await assignments.finished_by_members(session, class_id) == {
                YUNA: {"images": NOON}
            }
            (state,) = await classreport.lessons(session, class_id)
            assert state.first_finished_at == NOON
            assert state.finished_at == (later if again else None)


async def test_what_is_due_then(database: Database, class_id: int) -> None:
    """After the first moment, until the second one."""
    await assign(database, class_id)
    async with database.transaction() as session:
        for after, until, count in (
            (NOON, DUE - timedelta(seconds=1), 0),
            (NOON, DUE, 1),
            (DUE, DUE + timedelta(days=1), 0),
        ):
            assert len(await assignments.due_between(session, after, until)) == count


async def test_who_is_behind_has_a_zone_and_reminders(database: Database, class_id: int) -> None:
    """The learner's own zone, if they chose one; only reminders of this due date."""
    due = await assign(database, class_id)
    async with database.transaction() as session:
        await settings.put(session, YUNA, LearnerSettings(zone="Asia/Tokyo"))
        assert await assignments.begin_reminder(session, due, YUNA, "day", NOON)
    async with database.transaction() as session:
        yuna, minho = await assignments.behind(session, due)
        assert (yuna.zone, yuna.language, yuna.reminded) == ("Asia/Tokyo", "ko", frozenset({"day"}))
        assert (minho.zone, minho.language, minho.reminded) == (None, "en", frozenset())


async def test_a_reminder_is_begun_once(database: Database, class_id: int) -> None:
    """By whoever asks first, of many at once; each kind, learner and due date is its own."""
    due = await assign(database, class_id)

    async def begin() -> bool:
        async with database.transaction() as session:
            return await assignments.begin_reminder(session, due, YUNA, "day", NOON)

    assert sorted(await asyncio.gather(*(begin() for _ in range(5)))) == [*[False] * 4, True]
    async with database.transaction() as session:
        await assignments.end_reminder(session, due, YUNA, "day", "closed")
        assert not await assignments.begin_reminder(session, due, YUNA, "day", NOON)
        assert await assignments.begin_reminder(session, due, YUNA, "hour", NOON)
        assert await assignments.begin_reminder(session, due, MINHO, "day", NOON)


async def test_what_is_not_due_any_more_is_not_begun(database: Database, class_id: int) -> None:
    """Finished, left, taken back, another date, a class that was closed, a learner who is gone."""
    due = await assign(database, class_id)

    async def begin(learner_id: int) -> bool:
        async with database.transaction() as session:
            return await assignments.begin_reminder(session, due, learner_id, "day", NOON)

    await finish(database, YUNA)
    assert not await begin(YUNA)
    async with database.transaction() as session:
        await classes.leave(session, class_id, MINHO)
    assert not await begin(MINHO)
    async with database.transaction() as session:
        await classes.join(session, class_id, MINHO, NOON)
        await assignments.assign(
            session,
            class_id=class_id,
            lesson_id="images",
            due_at=DUE + timedelta(days=1),
            created_by=TEACHER,
            at=NOON,
        )
    assert not await begin(MINHO)
    due = await assign(database, class_id)  # as it was before
    async with database.transaction() as session:
        await personal.delete_everything(session, MINHO)
    assert not await begin(MINHO)
    async with database.transaction() as session:
        await learners.enrol(session, MINHO, language="en", name="Minho")
        await classes.join(session, class_id, MINHO, NOON)
        await classes.close(session, class_id, NOON)
    assert not await begin(MINHO)


async def test_reminders_go_with_the_assignment(database: Database, class_id: int) -> None:
    """What is taken back and assigned anew is reminded of anew."""
    due = await assign(database, class_id)
    async with database.transaction() as session:
        assert await assignments.begin_reminder(session, due, YUNA, "day", NOON)
        await assignments.unassign(session, class_id, "images")
    again = await assign(database, class_id)
    async with database.transaction() as session:
        assert await assignments.begin_reminder(session, again, YUNA, "day", NOON)


async def test_plans_of_places(database: Database, class_id: int) -> None:
    """The newest holds; what begins later is left out, and so are classes that were closed."""
    for seats in (10, 20):
        plan = SeatsPlan(class_id, NOON, NOON + timedelta(hours=1), seats, 5)
        async with database.transaction() as session:
            await assignments.plan_seats(session, plan)
            assert await assignments.seats_of(session, class_id) == plan
    async with database.transaction() as session:
        assert await assignments.seats_before(session, NOON - timedelta(seconds=1)) == []
        assert await assignments.seats_before(session, NOON) == [plan]
        await classes.close(session, class_id, NOON)
        assert await assignments.seats_before(session, NOON) == []
        assert await assignments.drop_seats(session, class_id)
        assert not await assignments.drop_seats(session, class_id)
        assert await assignments.seats_of(session, class_id) is None
