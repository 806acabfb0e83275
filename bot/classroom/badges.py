"""Days in a row and badges: worked out from what a learner did, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal, get_args

DAY_BEGINS: Final = timezone(timedelta(hours=9))
"""At midnight in Korea, for everybody: we know nobody's time zone. Korea has no summer time."""
ONE_DAY: Final = timedelta(days=1)
SOME_LESSONS: Final = 5
SOME_DAYS: Final = 3
WEEK: Final = 7

Badge = Literal[
    "first-task", "first-lesson", "some-lessons", "half", "all", "some-days", "week", "timed"
]
BADGES: Final[tuple[Badge, ...]] = get_args(Badge)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row on which a task was passed: until today or yesterday, and the most ever."""

    current: int = 0
    longest: int = 0


NO_STREAK: Final = Streak()


def streak_of(passed_at: Iterable[datetime], *, now: datetime) -> Streak:
    """The streak of whoever passed tasks at these moments."""
    days = sorted({at.astimezone(DAY_BEGINS).date() for at in passed_at})
    longest = run = 0
    last: date | None = None
    for day in days:
        run = run + 1 if last is not None and day - last == ONE_DAY else 1
        longest, last = max(longest, run), day
    today = now.astimezone(DAY_BEGINS).date()
    goes_on = last is not None and today - last <= ONE_DAY
    return Streak(run if goes_on else 0, longest)


def badges_for(
    *, tasks: int, finished: int, lessons: int, longest_streak: int, timed: bool
) -> dict[Badge, bool]:
    """Every badge, in order, and whether it was earned. Without lessons there is nothing to earn.

    `tasks` and `finished` lessons are done, of so many `lessons`; `timed`: an attempt against the
    clock was finished.
    """
    return {
        "first-task": tasks >= 1,
        "first-lesson": finished >= 1,
        "some-lessons": finished >= SOME_LESSONS,
        "half": lessons > 0 and finished * 2 >= lessons,
        "all": 0 < lessons <= finished,
        "some-days": longest_streak >= SOME_DAYS,
        "week": longest_streak >= WEEK,
        "timed": timed,
    }
