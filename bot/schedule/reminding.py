"""When somebody is reminded of what is due: a day and an hour before, and not at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from typing import Final, Literal

Kind = Literal["day", "hour"]

KINDS: Final[tuple[Kind, ...]] = ("day", "hour")
BEFORE: Final[dict[Kind, timedelta]] = {"day": timedelta(days=1), "hour": timedelta(hours=1)}

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(8)
EVENING: Final = time(21, 30)
"""What would come at night and can't wait until the morning comes the evening before, at this time.

It is half an hour before the night begins: whoever looks once in a while still is in time.
"""
LEAST: Final = timedelta(minutes=20)
"""A reminder in the morning is of use when so much time is left."""

LONGEST_BEFORE: Final = timedelta(hours=25)
"""Nothing is reminded of earlier than that."""


def is_night(moment: datetime, zone: tzinfo) -> bool:
    """Whether people there are left in peace."""
    clock = moment.astimezone(zone).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def moment_of(kind: Kind, due: datetime, since: datetime, zone: tzinfo) -> datetime | None:
    """When the reminder is sent; None when it was too late for it already.

    `since` is when the person heard of what is due: they are reminded of nothing that is news.
    """
    wanted = due - BEFORE[kind]
    moved = _out_of_the_night(wanted, due, zone)
    # Better in the night than not at all.
    return next((moment for moment in (moved, wanted) if since <= moment), None)


def kind_now(now: datetime, due: datetime, since: datetime, zone: tzinfo) -> Kind | None:
    """Which reminder is to be sent now, if it was not yet; None: none.

    One whose time went by, while the bot was off, is sent late: until the next one's time, and
    in the morning when it is night meanwhile.
    """
    if now >= due:
        return None
    moments = {kind: moment_of(kind, due, since, zone) for kind in KINDS}
    hour, day = moments["hour"], moments["day"]
    if hour is not None and hour <= now:
        return None if _can_wait(now, hour, due - LEAST, zone) else "hour"
    until = due if hour is None else hour
    if day is not None and day <= now:
        return None if _can_wait(now, day, until, zone) else "day"
    return None


def _out_of_the_night(wanted: datetime, due: datetime, zone: tzinfo) -> datetime:
    if not is_night(wanted, zone):
        return wanted
    morning = _morning_after(wanted, zone)
    return morning if morning <= due - LEAST else _evening_before(wanted, zone)


def _can_wait(now: datetime, moment: datetime, until: datetime, zone: tzinfo) -> bool:
    """Whether what is late can wait for the morning; what is at night on purpose can't."""
    if not is_night(now, zone) or is_night(moment, zone):
        return False
    return _morning_after(now, zone) <= until


def _morning_after(moment: datetime, zone: tzinfo) -> datetime:
    there = moment.astimezone(zone)
    day = there.date() + timedelta(days=1) if there.time() >= NIGHT_BEGINS else there.date()
    return datetime.combine(day, NIGHT_ENDS, zone).astimezone(moment.tzinfo)


def _evening_before(moment: datetime, zone: tzinfo) -> datetime:
    there = moment.astimezone(zone)
    day = there.date() - timedelta(days=1) if there.time() < NIGHT_ENDS else there.date()
    return datetime.combine(day, EVENING, zone).astimezone(moment.tzinfo)
