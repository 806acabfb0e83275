"""What a class has to do, who did it, and who is reminded when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy import event

from bot.classroom.assignments import MOST_ASSIGNED, MOST_IN_A_ROUND, Assignments, Reminder
from bot.classroom.classes import Classes, SchoolClass
from bot.errors import LearnerError
from bot.schedule.reminding import LEAST, NIGHT_ENDS, is_night
from db import progress
from tests.factories import NOON
from tests.unit.bot.conftest import YUNA, Room

SERVER, OTHER, TEACHER, MINHO = 2**60 + 100, 2**60 + 200, 2**60 + 300, 77
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def classes(room: Room) -> Classes:
    """Who is in which class."""
    return room.classroom.classes


@pytest.fixture
def assignments(room: Room) -> Assignments:
    """The use cases."""
    return room.classroom.assignments


@pytest.fixture
async def school_class(classes: Classes) -> SchoolClass:
    """A class with Yuna, who speaks Korean, and Minho, who speaks English."""
    made = await classes.create(SERVER, "Docker", created_by=TEACHER)
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    await classes.join(SERVER, made.id, MINHO, language="en", name="Minho")
    return made


async def finished(room: Room, learner_id: int, lesson_id: str) -> None:
    """The learner did all of it."""
    async with room.database.transaction() as session:
        await progress.open_lesson(session, learner_id, lesson_id, version=1, at=NOON)
        await progress.finish(session, learner_id, lesson_id, NOON)


async def test_learners_see_what_is_to_do(
    room: Room, classes: Classes, assignments: Assignments, school_class: SchoolClass
) -> None:
    """With what they finished, and who said so; what was taken back is gone."""
    due = NOON + timedelta(days=2)
    await assignments.assign(
        SERVER, school_class.id, ["second", "sample", "second"], due, instructor_id=TEACHER
    )
    await finished(room, YUNA, "sample")
    (mine,) = await assignments.mine(YUNA)
    assert mine.school_class == school_class
    assert [(each.lesson_id, each.due_at) for each in mine.assignments] == [
        ("second", due),
        ("sample", due),
    ]
    assert mine.finished == {"sample"}
    assert await assignments.finished_by_members(school_class.id) == {YUNA: {"sample": NOON}}
    await assignments.unassign(SERVER, school_class.id, "sample", instructor_id=TEACHER)
    assert len((await assignments.mine(YUNA))[0].assignments) == 1
    assert await assignments.mine(4711) == ()
    assert [each.act for each in await classes.acts_of(MINHO)] == ["unassigned", "assigned"]


async def test_a_class_of_another_server(
    assignments: Assignments, school_class: SchoolClass
) -> None:
    """Its number leads nowhere."""
    with pytest.raises(LearnerError, match=r"class\.unknown"):
        await assignments.assign(OTHER, school_class.id, ["sample"], None, instructor_id=TEACHER)
    with pytest.raises(LearnerError, match=r"class\.unknown"):
        await assignments.unassign(OTHER, school_class.id, "sample", instructor_id=TEACHER)
    assert await assignments.of_class(school_class.id) == ()


async def test_odd_wishes(assignments: Assignments, school_class: SchoolClass) -> None:
    """Too much to do; what was never asked for; a lesson that is no more."""
    many = [f"lesson-{number}" for number in range(MOST_ASSIGNED)]
    await assignments.assign(SERVER, school_class.id, many, None, instructor_id=TEACHER)
    assert await assignments.of_class(school_class.id) == ()
    await assignments.assign(SERVER, school_class.id, many, None, instructor_id=TEACHER)
    with pytest.raises(LearnerError, match=r"class\.assign\.too_many"):
        await assignments.assign(SERVER, school_class.id, ["sample"], None, instructor_id=TEACHER)
    with pytest.raises(LearnerError, match=r"class\.unassign\.none"):
        await assignments.unassign(SERVER, school_class.id, "sample", instructor_id=TEACHER)


async def test_in_which_zone_an_instructor_speaks(
    room: Room, classes: Classes, assignments: Assignments
) -> None:
    """The server's; before that their own; else that of their language."""
    assert str(await assignments.zone_for(SERVER, TEACHER, "ko")) == "Asia/Seoul"
    assert str(await assignments.zone_for(SERVER, TEACHER, "en")) == "UTC"
    await room.classroom.settings.change(TEACHER, language="en", name="T", zone="Asia/Tokyo")
    assert str(await assignments.zone_for(SERVER, TEACHER, "en")) == "Asia/Tokyo"
    assert await classes.choose_server_zone(SERVER, "europe/berlin") == "Europe/Berlin"
    assert str(await assignments.zone_for(SERVER, TEACHER, "en")) == "Europe/Berlin"
    with pytest.raises(LearnerError, match=r"zone\.unknown"):
        await classes.choose_server_zone(SERVER, "Mars/Base")
    assert await classes.server_zone(SERVER) == "Europe/Berlin"


def until(room: Room, moment: datetime) -> None:
    """It is that late now."""
    room.clock.skip(moment - room.clock())


def told(reminders: tuple[Reminder, ...]) -> list[tuple[int, str, str]]:
    """To whom, in which language, which one."""
    return [(each.learner_id, each.language, each.kind) for each in reminders]


async def test_who_is_reminded_when(
    room: Room, assignments: Assignments, school_class: SchoolClass
) -> None:
    """A day and an hour before, each in their own daytime; not who finished; each once."""
    due = datetime(2026, 11, 28, 23, 59, tzinfo=SEOUL)  # a quarter to three in the afternoon in UTC
    await assignments.assign(SERVER, school_class.id, ["sample"], due, instructor_id=TEACHER)
    assert await assignments.reminders() == ()
    until(room, due - timedelta(days=1) + timedelta(minutes=1))
    at_night = await assignments.reminders()
    assert told(at_night) == [(MINHO, "en", "day")]  # it is afternoon where Minho is
    assert await assignments.begin(at_night[0])
    assert not await assignments.begin(at_night[0])
    await assignments.ended(at_night[0], "closed")
    assert await assignments.reminders() == ()
    until(room, datetime(2026, 11, 28, 8, 1, tzinfo=SEOUL))
    (morning,) = await assignments.reminders()
    assert told((morning,)) == [(YUNA, "ko", "day")]
    assert await assignments.begin(morning)
    until(room, due - timedelta(minutes=59))
    last = await assignments.reminders()
    assert told(last) == [(MINHO, "en", "hour"), (YUNA, "ko", "hour")]
    await finished(room, YUNA, "sample")
    assert told(await assignments.reminders()) == [(MINHO, "en", "hour")]
    assert [await assignments.begin(each) for each in last] == [True, False]
    until(room, due)
    assert await assignments.reminders() == ()


async def test_another_date_is_reminded_of_anew(
    room: Room, assignments: Assignments, school_class: SchoolClass
) -> None:
    """Whoever was told of the first one hears of the second one as well."""
    first = datetime(2026, 11, 27, 18, 0, tzinfo=SEOUL)
    await assignments.assign(SERVER, school_class.id, ["sample"], first, instructor_id=TEACHER)
    until(room, first - timedelta(hours=23))
    for reminder in await assignments.reminders():
        assert await assignments.begin(reminder)
    second = first + timedelta(days=3)
    await assignments.assign(SERVER, school_class.id, ["sample"], second, instructor_id=TEACHER)
    assert await assignments.reminders() == ()
    until(room, second - timedelta(hours=23))
    assert {each.learner_id for each in await assignments.reminders()} == {YUNA, MINHO}


async def test_who_has_just_joined_is_not_reminded_of_news(
    room: Room, classes: Classes, assignments: Assignments, school_class: SchoolClass
) -> None:
    """They were told what is due when they joined."""
    due = datetime(2026, 11, 28, 18, 0, tzinfo=SEOUL)
    await assignments.assign(SERVER, school_class.id, ["sample"], due, instructor_id=TEACHER)
    until(room, due - timedelta(hours=23))
    await classes.join(SERVER, school_class.id, 99, language="ko", name="Late")
    assert {each.learner_id for each in await assignments.reminders()} == {YUNA, MINHO}


async def test_nobody_is_reminded_whose_data_are_gone(
    room: Room, assignments: Assignments, school_class: SchoolClass
) -> None:
    """Not even when it had been found out before that they are to be."""
    due = datetime(2026, 11, 28, 18, 0, tzinfo=SEOUL)
    await assignments.assign(SERVER, school_class.id, ["sample"], due, instructor_id=TEACHER)
    until(room, due - timedelta(hours=23))
    found = await assignments.reminders()
    await room.classroom.privacy.delete(YUNA)
    assert [await assignments.begin(each) for each in found if each.learner_id == YUNA] == [False]
    assert {each.learner_id for each in await assignments.reminders()} == {MINHO}
    assert [each.learner_id for each in await room.classroom.classes.members(school_class.id)] == [
        MINHO
    ]


async def test_a_class_of_three_hundred(
    room: Room, classes: Classes, assignments: Assignments, school_class: SchoolClass
) -> None:
    """Who is to be reminded takes a few statements, however many they are; a round has an end, and
    the next one goes on with the others."""
    for learner_id in range(1000, 1000 + MOST_IN_A_ROUND):
        await classes.join(SERVER, school_class.id, learner_id, language="ko", name="L")
    due = datetime(2026, 11, 28, 18, 0, tzinfo=SEOUL)
    await assignments.assign(
        SERVER, school_class.id, ["sample", "second"], due, instructor_id=TEACHER
    )
    until(room, due - timedelta(minutes=50))
    with counted(room) as statements:
        found = await assignments.reminders()
    assert len(found) == MOST_IN_A_ROUND
    assert len(statements) <= 10
    for reminder in found:
        assert await assignments.begin(reminder)
    everybody = {each.learner_id for each in await classes.members(school_class.id)}
    first = {each.learner_id for each in found if each.due.lesson_id == "sample"}
    rest = await assignments.reminders()
    assert {each.learner_id for each in rest if each.due.lesson_id == "sample"} == everybody - first


@contextmanager
def counted(room: Room) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    statements: list[str] = []
    engine = room.database._engine.sync_engine

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _next_morning(now: datetime) -> datetime:
    there = now.astimezone(SEOUL)
    day = there.date() + timedelta(days=1 if there.time() >= NIGHT_ENDS else 0)
    return datetime.combine(day, NIGHT_ENDS, SEOUL)


@trials(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    due_m=st.integers(26 * 60, 60 * 60),
    rounds=st.lists(st.integers(1, 300), min_size=1, max_size=30),
    twice=st.booleans(),
)
async def test_never_twice_whatever_the_rounds(
    room: Room, due_m: int, rounds: list[int], twice: bool
) -> None:
    """Rounds at any times, two of them at once or not: each reminder at most once, never late,
    and never at night for somebody who knew of it for more than a day."""
    until(room, NOON)  # every example begins alike
    classes, assignments = room.classroom.classes, room.classroom.assignments
    for before in await classes.of_server(SERVER):
        await classes.close(SERVER, before.id, instructor_id=TEACHER)
    made = await classes.create(SERVER, "C", created_by=TEACHER)
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    due = room.clock() + timedelta(minutes=due_m)
    await assignments.assign(SERVER, made.id, ["sample"], due, instructor_id=TEACHER)
    sent: list[str] = []
    for wait_m in rounds:
        room.clock.skip(timedelta(minutes=wait_m))
        found = [each for each in await assignments.reminders() if each.due.class_id == made.id]
        for reminder in [*found, *found] if twice else found:
            if await assignments.begin(reminder):
                now = room.clock()
                assert now < due
                # A round that comes late finds what should have come in the evening before.
                can_wait = _next_morning(now) <= due - LEAST
                found_at = now - timedelta(seconds=30)  # the clock goes on at each look
                assert not (can_wait and is_night(found_at, SEOUL) and is_night(now, SEOUL))
                sent.append(reminder.kind)
    assert sent in ([], ["day"], ["hour"], ["day", "hour"])
