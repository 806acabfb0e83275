"""Time zones by their IANA names, and which one somebody has who chose none."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from typing import Final

from bot.errors import LearnerError
from bot.texts import Language

SEOUL: Final = "Asia/Seoul"
DEFAULTS: Final[dict[Language, str]] = {"ko": SEOUL, "en": "UTC"}

COMMON: Final = (
    SEOUL,
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Ho_Chi_Minh",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "UTC",
)
"""Offered first, before anything is typed."""

_WITHOUT_DATA: Final[dict[str, tzinfo]] = {"UTC": UTC, SEOUL: timezone(timedelta(hours=9), "KST")}
"""For a machine without a database of time zones: neither of these has a summer time."""


@cache
def known_zones() -> frozenset[str]:
    """The names that can be chosen."""
    names = zoneinfo.available_timezones()
    places = {name for name in names if "/" in name and not name.startswith(("Etc/", "SystemV/"))}
    return frozenset(places | set(_WITHOUT_DATA))


def checked_zone(name: str) -> str:
    """The zone's name as it is written in the database of time zones.

    Raises:
        LearnerError: There is none of this name.
    """
    wanted = "_".join(name.split()).casefold()
    found = next((zone for zone in known_zones() if zone.casefold() == wanted), None)
    if found is None:
        near = ", ".join(f"`{zone}`" for zone in suggested_zones(name)[:3])
        raise LearnerError("zone.unknown", near=near or f"`{SEOUL}`")
    return found


def suggested_zones(typed: str, limit: int = 25) -> list[str]:
    """Zones for an autocompletion: the common ones, or those that have what is typed in them."""
    wanted = "_".join(typed.split()).casefold()
    if not wanted:
        return list(COMMON[:limit])
    found = [zone for zone in known_zones() if wanted in zone.casefold()]
    begins = {zone: not zone.casefold().split("/")[-1].startswith(wanted) for zone in found}
    return sorted(found, key=lambda zone: (begins[zone], zone not in COMMON, zone))[:limit]


def zone_of(name: str | None, language: Language) -> tzinfo:
    """The time zone of this name; without one, or without such a zone, that of the language."""
    for each in (name, DEFAULTS[language]):
        zone = None if each is None else _zone(each)
        if zone is not None:
            return zone
    return UTC


def _zone(name: str) -> tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return _WITHOUT_DATA.get(name)
