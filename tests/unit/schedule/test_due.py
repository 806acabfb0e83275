"""Due dates as people type them, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LearnerError
from bot.schedule.due import END_OF_DAY, read_due, say_due, write_due

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=SEOUL)
"""A Monday."""


def read(typed: str, now: datetime = NOW) -> str:
    """What is understood, in Seoul."""
    assert now.tzinfo is not None
    return read_due(typed, now.astimezone(UTC), SEOUL).astimezone(SEOUL).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("오늘", "11-30 23:59"),
        ("오늘까지", "11-30 23:59"),
        ("오늘 밤", "11-30 23:59"),
        ("오늘 밤 11시", "11-30 23:00"),
        ("오늘 밤 12시", "12-01 00:00"),
        ("오늘 자정", "12-01 00:00"),
        ("내일", "12-01 23:59"),
        ("내일 오후 6시까지", "12-01 18:00"),
        ("내일 6시", "12-01 18:00"),
        ("내일 아침 8시 반", "12-01 08:30"),
        ("내일 정오", "12-01 12:00"),
        ("내일 새벽 2시", "12-01 02:00"),
        ("모레 18:00", "12-02 18:00"),
        ("내일모레 9시 30분", "12-02 09:30"),
        ("글피", "12-03 23:59"),
        ("금요일", "12-04 23:59"),
        ("금요일까지", "12-04 23:59"),
        ("이번 주 금요일 오후 6시까지", "12-04 18:00"),
        ("다음 주 월요일 오전 9시", "12-07 09:00"),
        ("다음주 금", "12-11 23:59"),
        ("다다음 주 수요일", "12-16 23:59"),
        ("월요일", "11-30 23:59"),
        ("월요일 14:00", "12-07 14:00"),
        ("일요일 오후 3시", "12-06 15:00"),
        ("12월 5일", "12-05 23:59"),
        ("12월 5일(토) 오후 11시 30분", "12-05 23:30"),
        ("12/5", "12-05 23:59"),
        ("12/5 18:00까지", "12-05 18:00"),
        ("12.5 18시", "12-05 18:00"),
        ("2026-12-05 18:00", "12-05 18:00"),
        ("2026-12-05T18:00", "12-05 18:00"),
        ("2026년 12월 5일 24시", "12-06 00:00"),
        ("2026. 12. 5. 오후 2:05", "12-05 14:05"),
        ("1월 3일", "01-03 23:59"),
        ("5일", "12-05 23:59"),
        ("31일", "12-31 23:59"),
        ("3일 뒤", "12-03 23:59"),
        ("3일 후 오후 5시", "12-03 17:00"),
        ("이틀 뒤", "12-02 23:59"),
        ("일주일 뒤", "12-07 23:59"),
        ("2주 뒤 정오", "12-14 12:00"),
        ("2시간 뒤", "11-30 17:00"),
        ("한 시간 뒤", "11-30 16:00"),
        ("30분 뒤", "11-30 15:30"),
        ("18시", "11-30 18:00"),
        ("14:00", "12-01 14:00"),
        ("today", "11-30 23:59"),
        ("tonight", "11-30 23:59"),
        ("tonight at 9", "11-30 21:00"),
        ("tonight 9pm", "11-30 21:00"),
        ("tomorrow", "12-01 23:59"),
        ("Tomorrow, 6pm", "12-01 18:00"),
        ("tomorrow at 6", "12-01 18:00"),
        ("tomorrow noon", "12-01 12:00"),
        ("the day after tomorrow 9:30 am", "12-02 09:30"),
        ("by friday", "12-04 23:59"),
        ("Fri 18:00", "12-04 18:00"),
        ("this friday 6 p.m.", "12-04 18:00"),
        ("next monday 9am", "12-07 09:00"),
        ("monday next week", "12-07 23:59"),
        ("Dec 5", "12-05 23:59"),
        ("December 5th, 2026 11:30pm", "12-05 23:30"),
        ("5 Dec 6pm", "12-05 18:00"),
        ("5th of December at 18:00", "12-05 18:00"),
        ("the 5th", "12-05 23:59"),
        ("in 3 days", "12-03 23:59"),
        ("in a week at 10:00", "12-07 10:00"),
        ("in 2 hours", "11-30 17:00"),
        ("within 30 minutes", "11-30 15:30"),
        ("tomorrow midnight", "12-02 00:00"),
        ("friday end of day", "12-04 23:59"),
        ("１２월 ５일 １８시", "12-05 18:00"),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    """Both languages, spoken and written times, with and without particles."""
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "due.unclear"),
        ("곧", "due.unclear"),
        ("soon", "due.unclear"),
        ("다음 주", "due.unclear"),
        ("내일 아니면 모레", "due.unclear"),
        ("2월 30일", "due.unclear"),
        ("13월 1일", "due.unclear"),
        ("40일", "due.unclear"),
        ("내일 25시", "due.unclear"),
        ("내일 오전 13시", "due.unclear"),
        ("내일 10:75", "due.unclear"),
        ("<@123> 내일", "due.unclear"),
        ("어제", "due.unclear"),
        ("오늘 14:00", "due.past"),
        ("0분 뒤", "due.past"),
        ("11/29", "due.past"),
        ("2020-01-01", "due.past"),
        ("이번 주 월요일 09:00", "due.past"),
        ("2029-01-01", "due.far"),
        ("9999일 뒤", "due.far"),
        ("9999주 뒤", "due.far"),
        ("9999-12-31 24:00", "due.unclear"),
    ],
)
def test_what_is_refused(typed: str, key: str) -> None:
    """With what was wrong; half of a sentence is never taken for the whole."""
    with pytest.raises(LearnerError) as caught:
        read(typed)
    assert caught.value.key == key


def test_the_zone_decides() -> None:
    """The same words mean another moment somewhere else."""
    now = NOW.astimezone(UTC)
    assert read_due("tomorrow 6pm", now, BERLIN) - read_due("tomorrow 6pm", now, SEOUL) == (
        timedelta(hours=8)
    )


def test_an_hour_that_is_left_out_by_the_clock() -> None:
    """Half past two of that night is an hour later; Berlin goes from two to three."""
    now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    found = read_due("tomorrow 02:30", now, BERLIN)
    assert found.astimezone(BERLIN).strftime("%d %H:%M") == "29 03:30"


MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(
    [SEOUL, BERLIN, UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")]
)


@given(now=MOMENTS, ahead=st.integers(2, 360 * 24 * 60), zone=ZONES)
def test_what_is_written_is_read(now: datetime, ahead: int, zone: ZoneInfo) -> None:
    """A moment as Docent writes it is the same moment, to the minute, wherever and whenever."""
    moment = (now + timedelta(minutes=ahead)).replace(second=0, microsecond=0)
    if moment <= now or _is_said_twice(moment, zone):
        return
    assert read_due(write_due(moment, zone), now, zone) == moment


def _is_said_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """In the hour that comes twice in autumn, the words mean the first one."""
    wall = moment.astimezone(zone)
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@given(now=MOMENTS, days=st.integers(1, 300), zone=ZONES, hour=st.integers(0, 23))
def test_ways_to_write_a_day(now: datetime, days: int, zone: ZoneInfo, hour: int) -> None:
    """Whichever way a date is written, it is that date, at the hour or at the end of the day."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    ways = [
        f"{day.month}월 {day.day}일",
        f"{day.month}/{day.day}",
        f"{day:%b} {day.day}",
        f"{day.day} {day:%B}",
        f"{day:%Y-%m-%d}",
        f"{days}일 뒤",
        f"in {days} days" if days > 1 else "in a day",
    ]
    if (day.month, day.day) == (2, 29):
        ways = ways[4:]  # without a year it means this year's
    half, twelve = ("오전", "am") if hour < 12 else ("오후", "pm"), hour % 12 or 12
    for way in ways:
        assert _wall(read_due(way, now, zone), zone) == (day, *END_OF_DAY)
        for clock in (f"{hour}:05", f"{half[0]} {twelve}시 5분", f"{twelve}:05 {half[1]}"):
            if _is_left_out(day, hour, zone):
                continue
            assert _wall(read_due(f"{way} {clock}까지", now, zone), zone) == (day, hour, 5)


def _wall(moment: datetime, zone: ZoneInfo) -> tuple[object, int, int]:
    there = moment.astimezone(zone)
    return (there.date(), there.hour, there.minute)


def _is_left_out(day: object, hour: int, zone: ZoneInfo) -> bool:
    assert hasattr(day, "year")
    wall = datetime(day.year, day.month, day.day, hour, 5, tzinfo=zone)  # type: ignore[attr-defined] # a date
    return wall.astimezone(UTC).astimezone(zone).hour != hour


PIECES = (
    "내일 모레 오늘 밤 오전 오후 12시 반 5일 뒤 12월 3/4 다음 주 금요일 까지 2시간 일 시 분 99999 "
    "in at on 3 days 99 : 24:00 31st next monday feb 30 tonight 2026-02-29 , ( ) dec"
)
WORDS = st.sampled_from(PIECES.split())


@given(
    typed=st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=8).map(" ".join)),
    now=MOMENTS,
    zone=ZONES,
)
def test_whatever_is_typed(typed: str, now: datetime, zone: ZoneInfo) -> None:
    """It is a moment to come within about a year, or it is refused in words."""
    try:
        found = read_due(typed, now, zone)
    except LearnerError as error:
        assert error.key in {"due.unclear", "due.past", "due.far"}  # noqa: PT017 - both are right
        return
    assert now < found <= now + timedelta(days=400)
    assert found.tzinfo is UTC


def test_how_it_is_said() -> None:
    """With the day of the week; with the year where it is another one."""
    now, due = NOW.astimezone(UTC), datetime(2026, 12, 4, 23, 59, tzinfo=SEOUL)
    assert say_due(due, now, SEOUL, "ko") == "12월 4일 (금) 오후 11:59"
    assert say_due(due, now, SEOUL, "en").replace("\u202f", " ") == "Fri, Dec 4, 11:59 PM"
    assert say_due(due.replace(year=2027), now, SEOUL, "ko").startswith("2027년 12월 4일")
