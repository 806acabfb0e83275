"""When somebody is reminded: in time, not at night, not of what is news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule.reminding import (
    BEFORE,
    KINDS,
    LONGEST_BEFORE,
    Kind,
    is_night,
    kind_now,
    moment_of,
)

SEOUL = ZoneInfo("Asia/Seoul")
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December in Seoul."""
    return datetime(2026, 12, day, hour, minute, tzinfo=SEOUL).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "day", "hour"),
    [
        (at(5, 18), at(4, 18), at(5, 17)),
        (at(5, 23, 59), at(5, 8), at(5, 21, 30)),  # the end of the day, as most are due
        (at(5, 23), at(5, 8), at(5, 21, 30)),
        (at(5, 22, 59), at(5, 8), at(5, 21, 59)),
        (at(5, 3), at(4, 8), at(4, 21, 30)),
        (at(5, 8, 5), at(4, 8, 5), at(4, 21, 30)),
        (at(5, 8, 40), at(4, 8, 40), at(5, 8)),
        (at(5, 9), at(4, 9), at(5, 8)),
    ],
)
def test_moments(due: datetime, day: datetime, hour: datetime) -> None:
    """A day and an hour before; by night the next morning, or the evening before."""
    assert moment_of("day", due, LONG_AGO, SEOUL) == day
    assert moment_of("hour", due, LONG_AGO, SEOUL) == hour


def test_what_is_news_is_no_reminder() -> None:
    """Who heard of it in the evening, due in the night, is reminded in the night or not at all."""
    due = at(5, 3)
    assert moment_of("day", due, at(4, 23), SEOUL) is None
    assert moment_of("hour", due, at(4, 23), SEOUL) == at(5, 2)
    assert moment_of("hour", due, at(5, 2, 30), SEOUL) is None


def test_a_bot_that_was_off() -> None:
    """The day's reminder comes late until that of the hour; at night it waits for the morning."""
    due = at(5, 18)
    assert kind_now(at(4, 17, 59), due, LONG_AGO, SEOUL) is None
    assert kind_now(at(4, 18), due, LONG_AGO, SEOUL) == "day"
    assert kind_now(at(4, 23), due, LONG_AGO, SEOUL) is None
    assert kind_now(at(5, 7, 59), due, LONG_AGO, SEOUL) is None
    assert kind_now(at(5, 8), due, LONG_AGO, SEOUL) == "day"
    assert kind_now(at(5, 16, 59), due, LONG_AGO, SEOUL) == "day"
    assert kind_now(at(5, 17), due, LONG_AGO, SEOUL) == "hour"
    assert kind_now(at(5, 17, 59), due, LONG_AGO, SEOUL) == "hour"
    assert kind_now(at(5, 18), due, LONG_AGO, SEOUL) is None


DUES = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(
    [SEOUL, UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")]
)


@given(due=DUES, zone=ZONES)
def test_never_at_night_when_it_was_known_in_time(due: datetime, zone: ZoneInfo) -> None:
    """Whatever is due whenever: both come by day, in their order, before it, not too early."""
    moments = [moment_of(kind, due, due - timedelta(days=30), zone) for kind in KINDS]
    day, hour = moments
    assert day is not None
    assert hour is not None
    assert day < hour < due
    assert due - day <= LONGEST_BEFORE
    assert not is_night(day, zone)
    assert not is_night(hour, zone)


@given(due=DUES, zone=ZONES, heard=st.integers(0, 3 * 24 * 60))
def test_nobody_is_reminded_before_they_heard_of_it(
    due: datetime, zone: ZoneInfo, heard: int
) -> None:
    """And at night only where the true time is at night, and there was no better one."""
    since = due - timedelta(minutes=heard)
    for kind in KINDS:
        moment = moment_of(kind, due, since, zone)
        if moment is None:
            assert due - BEFORE[kind] < since
        else:
            assert since <= moment < due
            assert not is_night(moment, zone) or moment == due - BEFORE[kind]


@given(
    due=DUES,
    zone=ZONES,
    heard=st.integers(0, 3 * 24 * 60),
    round_m=st.integers(1, 30),
    off_from=st.integers(0, 26 * 60),
    off_for=st.integers(0, 12 * 60),
)
def test_rounds_find_each_once(
    due: datetime, zone: ZoneInfo, heard: int, round_m: int, off_from: int, off_for: int
) -> None:
    """Going the rounds, with a gap while the bot was off: each kind at most once, the day's first,
    and by night only when there was no other time; without a gap none is left out."""
    since = due - timedelta(minutes=heard)
    sent: list[tuple[Kind, datetime]] = []
    now = due - timedelta(hours=27)
    while now < due + timedelta(hours=1):
        minutes = (now - (due - timedelta(hours=27))) / timedelta(minutes=1)
        if not off_from <= minutes < off_from + off_for:
            kind = kind_now(now, due, since, zone)
            if kind is not None and kind not in [each for each, _ in sent]:
                sent.append((kind, now))
        now += timedelta(minutes=round_m)
    kinds = [kind for kind, _ in sent]
    assert kinds in ([], ["day"], ["hour"], ["day", "hour"])
    for kind, when in sent:
        moment = moment_of(kind, due, since, zone)
        assert moment is not None
        assert moment <= when < due
    if not off_for and round_m <= 10:
        wanted = [kind for kind in KINDS if moment_of(kind, due, since, zone) is not None]
        assert kinds == wanted
