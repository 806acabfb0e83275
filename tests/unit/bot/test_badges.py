"""Days in a row and badges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.classroom.badges import BADGES, Streak, badges_for, streak_of
from db import progress
from tests.factories import NOON
from tests.unit.bot.conftest import YUNA, Room


def days_ago(*days: int) -> list[datetime]:
    """Noon of so many days ago."""
    return [NOON - timedelta(days=n) for n in days]


@pytest.mark.parametrize(
    ("passed", "streak"),
    [
        ((), Streak(0, 0)),
        ((0,), Streak(1, 1)),
        ((0, 0, 0), Streak(1, 1)),
        ((1,), Streak(1, 1)),  # today is not over
        ((2,), Streak(0, 1)),
        ((2, 1, 0), Streak(3, 3)),
        ((9, 8, 7, 6, 1, 0), Streak(2, 4)),
        ((5, 3, 1), Streak(1, 1)),
    ],
)
def test_days_in_a_row(passed: tuple[int, ...], streak: Streak) -> None:
    """Until today or yesterday; the longest stays."""
    assert streak_of(days_ago(*passed), now=NOON) == streak


def test_a_day_begins_at_midnight_in_korea() -> None:
    """Before and after 15:00 in UTC are two days."""
    evening = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)
    night = datetime(2026, 11, 24, 15, 1, tzinfo=UTC)

    assert streak_of([evening, night], now=night) == Streak(2, 2)


def earned(**changes: int) -> list[str]:
    """The badges of somebody with nothing but this."""
    values = {"tasks": 0, "finished": 0, "lessons": 21, "longest_streak": 0, "timed": 0} | changes
    timed = bool(values.pop("timed"))
    return [badge for badge, has in badges_for(**values, timed=timed).items() if has]


def test_badges_are_earned() -> None:
    """Each by what it says, and never by nothing."""
    assert earned() == []
    assert earned(lessons=0) == []
    assert earned(tasks=1) == ["first-task"]
    assert earned(finished=1) == ["first-lesson"]
    assert earned(finished=10) == ["first-lesson", "some-lessons"]
    assert earned(finished=11) == ["first-lesson", "some-lessons", "half"]
    assert earned(finished=21) == ["first-lesson", "some-lessons", "half", "all"]
    assert earned(longest_streak=3) == ["some-days"]
    assert earned(longest_streak=7) == ["some-days", "week"]
    assert earned(timed=1) == ["timed"]
    assert (
        tuple(badges_for(tasks=0, finished=0, lessons=1, longest_streak=0, timed=False)) == BADGES
    )


async def test_a_streak_outlives_another_attempt(room: Room) -> None:
    """Ticks count, and passed attempts where the ticks were taken away; failed ones don't."""
    async with room.database.transaction() as session:
        await progress.open_lesson(session, YUNA, "sample", version=1, at=NOON)
        for days, passed in ((2, True), (1, True), (0, False)):
            at = NOON - timedelta(days=days)
            await progress.record_attempt(
                session, YUNA, "sample", "web", passed=passed, missing=(), at=at
            )
        await progress.begin_anew(session, YUNA, "sample", variant=1, at=NOON)
        await progress.tick(session, YUNA, "sample", "list", version=1, at=NOON)

    overview = await room.classroom.progress.overview(YUNA)
    assert overview.streak == Streak(3, 3)
    assert overview.badges["first-task"]
    assert (await room.classroom.progress.overview(99)).streak == Streak()
