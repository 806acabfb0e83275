"""What people type for a moment to come: "금요일 오후 6시까지", "3일 뒤", "next monday 9am".

A date without a time means the end of that day, a time without a date the next time that it is so
late. What can't be understood as a whole is refused: nobody is told a date that they didn't mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from babel.dates import format_datetime

from bot.errors import LearnerError
from bot.schedule._words import (
    DAYS_IN_WORDS,
    FILLERS,
    MONTHS,
    NUMBERS,
    RELATIVE,
    TIMES,
    TONIGHT,
    WEEKDAYS,
    WEEKS,
    weekday_number,
)
from bot.texts import Language

END_OF_DAY: Final = (23, 59)
FARTHEST: Final = timedelta(days=400)
LONGEST: Final = 100
JUST_MISSED: Final = timedelta(days=60)
"""A date without a year that was so long ago, or less, is a mistake; one before is next year's."""

HALF_DAY: Final = 12
LAST_HOUR: Final = 24
AFTERNOON: Final = range(1, 8)
"""`6시` and `at 6` mean the evening: nobody is due at six in the morning without saying so."""


def read_due(typed: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment in UTC that somebody in this time zone means.

    Raises:
        LearnerError: It isn't understood, it is over, or it is more than a year ahead.
    """
    reader = _Reader(_tidy(typed), now.astimezone(zone))
    try:
        found = reader.read()
    except (ValueError, OverflowError) as exc:  # the 30th of February
        raise LearnerError("due.unclear") from exc
    if found is None:
        raise LearnerError("due.unclear")
    if found <= now:
        raise LearnerError("due.past", at=f"<t:{found.timestamp():.0f}:f>")
    if found > now + FARTHEST:
        raise LearnerError("due.far", at=f"<t:{found.timestamp():.0f}:D>")
    return found


def say_due(moment: datetime, now: datetime, zone: tzinfo, language: Language) -> str:
    """The moment as it is said there, where Discord shows no timestamps of its own."""
    there = moment.astimezone(zone)
    this_year = there.year == now.astimezone(zone).year
    if language == "ko":
        pattern = "M월 d일 (E) aaaa h:mm" if this_year else "y년 M월 d일 (E) aaaa h:mm"
    else:
        pattern = "E, MMM d, h:mm a" if this_year else "E, MMM d, y, h:mm a"
    return format_datetime(there.replace(tzinfo=None), pattern, locale=language)


def write_due(moment: datetime, zone: tzinfo) -> str:
    """The same as `read_due` understands it, whatever day it is: `2026-12-04 23:59`."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _tidy(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed)[:LONGEST].casefold()
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)  # 2026-12-05T18:00
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day; 24 and more hours lead into the next day."""

    hour: int
    minute: int


class _Reader:
    """Takes out of a text what it knows; what is left in the end was not understood."""

    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._now = now
        self._zone = now.tzinfo or UTC

    def read(self) -> datetime | None:
        """The moment; None when there is no sense in it. Raises `ValueError` for odd numbers."""
        ahead = self._ahead()
        if isinstance(ahead, timedelta):
            return None if self._left() else self._now.astimezone(UTC) + ahead
        day = ahead or self._day()
        clock = self._clock()
        if self._left():
            return None
        if day is None:
            return None if clock is None else self._next(clock)
        return day(_Clock(*END_OF_DAY) if clock is None else clock)

    def _left(self) -> str:
        return FILLERS.sub(" ", self._text).strip(" ,.()")

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self._text)
        if found is not None:
            self._text = f"{self._text[: found.start()]} {self._text[found.end() :]}"
        return found

    def _at(self, day: date, clock: _Clock) -> datetime:
        wall = datetime.combine(day, time(0)) + timedelta(hours=clock.hour, minutes=clock.minute)
        return wall.replace(tzinfo=self._zone).astimezone(UTC)

    def _fixed(self, day: date) -> _Day:
        return lambda clock: self._at(day, clock)

    def _next(self, clock: _Clock) -> datetime:
        today = self._at(self._now.date(), clock)
        return today if today > self._now else self._at(self._now.date() + timedelta(1), clock)

    def _ahead(self) -> timedelta | _Day | None:
        """`3일 뒤`, `in 2 hours`: hours and minutes from now on, days with a time of their own."""
        found = self._take(RELATIVE)
        if found is None:
            return None
        word = found["number"] or found["days"] or found["english"]
        unit = found["unit"] or found["english_unit"] or "일"
        number = NUMBERS[word] if word in NUMBERS else int(word)
        if unit.startswith(("분", "min")):
            return timedelta(minutes=number)
        if unit.startswith(("시간", "h")):
            return timedelta(hours=number)
        days = number * 7 if unit.startswith(("주", "week")) else number
        return self._fixed(self._now.date() + timedelta(days=days))

    def _day(self) -> _Day | None:
        for look in (self._whole_date, self._month_and_day, self._word, self._weekday):
            day = look()
            if day is not None:
                self._take(_IN_BRACKETS)
                return day
        return self._day_of_month()

    def _whole_date(self) -> _Day | None:
        found = self._take(_WHOLE_DATE)
        return None if found is None else self._fixed(date(*(int(part) for part in found.groups())))

    def _month_and_day(self) -> _Day | None:
        found = self._take(_ENGLISH_DATE)
        if found is not None:
            month = MONTHS[(found["month"] or found["before"])[:3]]
            day, year = int(found["day"] or found["first"]), found["year"]
            return self._fixed(date(int(year), month, day)) if year else self._yearless(month, day)
        found = self._take(_MONTH_AND_DAY)
        if found is None:
            return None
        month, day = (int(part) for part in found.groups() if part is not None)
        return self._yearless(month, day)

    def _yearless(self, month: int, day: int) -> _Day:
        def at(clock: _Clock) -> datetime:
            this_year = self._at(date(self._now.year, month, day), clock)
            if this_year > self._now - JUST_MISSED:
                return this_year
            return self._at(date(self._now.year + 1, month, day), clock)

        return at

    def _word(self) -> _Day | None:
        for pattern, days in DAYS_IN_WORDS:
            if self._take(pattern):
                return self._fixed(self._now.date() + timedelta(days=days))
        return None

    def _weekday(self) -> _Day | None:
        found = self._take(WEEKDAYS)
        if found is None:
            return None
        week = found["week"] or found["which"] or found["of_week"]
        name = found["korean"] or found["short"] or found["english"][:3]
        wanted, today = weekday_number(name), self._now.date()
        if week is not None:
            monday = today - timedelta(days=today.weekday())
            weeks = WEEKS["".join(week.split())]
            return self._fixed(monday + timedelta(days=7 * weeks + wanted))
        ahead = today + timedelta(days=(wanted - today.weekday()) % 7)

        def at(clock: _Clock) -> datetime:
            moment = self._at(ahead, clock)
            return moment if moment > self._now else self._at(ahead + timedelta(days=7), clock)

        return at

    def _day_of_month(self) -> _Day | None:
        found = self._take(_DAY_OF_MONTH)
        if found is None:
            return None
        wanted = int(found["korean"] or found["english"])

        def at(clock: _Clock) -> datetime:
            moments = (self._at(day, clock) for day in self._months_with(wanted))
            return next(moment for moment in moments if moment > self._now)

        if next(self._months_with(wanted), None) is None:
            raise ValueError(wanted)
        return at

    def _months_with(self, day: int) -> Iterator[date]:
        """This day of the month, from this month on."""
        year, month = self._now.year, self._now.month
        for ahead in range(13):
            months = month - 1 + ahead
            try:
                yield date(year + months // 12, months % 12 + 1, day)
            except ValueError:  # no 31st
                continue

    def _clock(self) -> _Clock | None:
        for pattern in TIMES:
            found = self._take(pattern)
            if found is not None:
                tonight = self._take(TONIGHT) is not None
                return _clock_of(found, tonight=tonight)
        return None


_Day = Callable[[_Clock], datetime]


def _clock_of(found: re.Match[str], *, tonight: bool) -> _Clock:
    parts = found.groupdict()
    if parts.get("noon"):
        return _Clock(HALF_DAY, 0)
    if parts.get("midnight"):
        return _Clock(LAST_HOUR, 0)
    if parts.get("evening"):
        return _Clock(*END_OF_DAY)
    half = parts.get("half")
    hour, minute = int(parts["hour"]), 30 if half else int(parts.get("minute") or 0)
    half_of_day = (parts.get("before") or parts.get("after") or "").replace(".", "")
    half_of_day = half_of_day or ("pm" if tonight else "")
    if hour > LAST_HOUR or minute > END_OF_DAY[1] or (hour == LAST_HOUR and minute):
        raise ValueError(hour)
    if not half_of_day and parts.get("spoken") and hour in AFTERNOON:
        hour += HALF_DAY
    return _Clock(_on_the_clock(hour, half_of_day), minute)


def _on_the_clock(hour: int, half: str) -> int:
    """The hour of the day, in 24 hours, with `오후` and the like taken into account."""
    if half in {"오전", "아침", "새벽", "am"}:
        if hour > HALF_DAY:
            raise ValueError(hour)
        return hour % HALF_DAY
    if half == "밤" and (hour == HALF_DAY or hour < AFTERNOON[-1] - 1):
        return hour % HALF_DAY + LAST_HOUR  # the night after that day
    if half and hour < HALF_DAY:
        return hour + HALF_DAY
    return hour


_WHOLE_DATE: Final = re.compile(
    r"(?<!\d)(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})(?!\d)\s?[일.]?"
)
_MONTH_AND_DAY: Final = re.compile(
    r"(?<!\d)(?:(\d{1,2})\s?월\s?(\d{1,2})\s?일?|(\d{1,2})\s?[/.-]\s?(\d{1,2})\.?)(?!\d)"
)
_NAMES: Final = "|".join(MONTHS)
_ENGLISH_DATE: Final = re.compile(
    rf"(?:\b(?P<month>(?:{_NAMES})[a-z]*)\.?\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)"
    rf"|\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<before>(?:{_NAMES})[a-z]*)\b\.?)"
    r"(?:,?\s(?P<year>\d{4})\b(?!:))?"
)
_DAY_OF_MONTH: Final = re.compile(
    r"(?<!\d)(?:(?P<korean>\d{1,2})\s?일(?!\s?요일)|(?P<english>\d{1,2})(?:st|nd|rd|th)\b)"
)
_IN_BRACKETS: Final = re.compile(r"\(\s?[월화수목금토일](?:요일)?\s?\)")
"""The day of the week that people add to a date: `12월 4일(금)`."""
