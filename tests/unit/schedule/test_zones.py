"""Time zones by name."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import LearnerError
from bot.schedule import zones
from bot.schedule.zones import COMMON, checked_zone, suggested_zones, zone_of

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def offset(name: str | None, language: str = "ko") -> timedelta | None:
    """How far that zone is from UTC now."""
    return zone_of(name, "ko" if language == "ko" else "en").utcoffset(NOW)


def test_who_chose_none() -> None:
    """Korean is spoken in Korea; where English is spoken nobody knows. Nonsense is as none."""
    assert offset(None, "ko") == timedelta(hours=9)
    assert offset(None, "en") == timedelta(0)
    for nonsense in ("Asia/Nowhere", "../../etc/passwd", "/etc/passwd", "", "\0"):
        assert offset(nonsense, "ko") == timedelta(hours=9)
    assert offset("America/New_York", "ko") == timedelta(hours=-5)


def test_names_as_people_type_them() -> None:
    """Spaces and capital letters don't matter; what is no zone is refused, with what is near."""
    assert checked_zone("asia/seoul") == "Asia/Seoul"
    assert checked_zone(" america/new york ") == "America/New_York"
    assert checked_zone("utc") == "UTC"
    for nonsense in ("seoul city", "+09:00", "../zone", "Etc/GMT+5"):
        with pytest.raises(LearnerError, match=r"zone\.unknown"):
            checked_zone(nonsense)
    with pytest.raises(LearnerError) as caught:
        checked_zone("seoul")
    assert caught.value.values["near"] == "`Asia/Seoul`"


def test_suggestions() -> None:
    """The common ones first, then what begins with what is typed; 25 at most."""
    assert suggested_zones("") == list(COMMON)
    assert suggested_zones("ber")[0] == "Europe/Berlin"
    assert len(suggested_zones("a")) == 25
    assert suggested_zones("qqq") == []
    assert set(COMMON) <= zones.known_zones()


def test_without_a_database_of_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seoul and UTC are known anyway."""

    def missing(name: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    assert offset("Asia/Seoul", "en") == timedelta(hours=9)
    assert offset("Europe/Berlin", "en") == timedelta(0)
