"""Whether a lesson was done in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.schedule.lateness import Lateness, lateness
from tests.factories import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("due", "finished", "joined", "wanted"),
    [
        (None, 0, -5, None),
        (-1, -2, -5, "in_time"),
        (-1, -1, -5, "in_time"),
        (-1, 0, -5, "late"),
        (-1, None, -5, "overdue"),
        (0, None, -5, None),
        (1, None, -5, None),
        (1, 0, -5, "in_time"),
        (-2, None, -1, None),
        (-2, 0, -1, None),
        (-2, -3, -1, "in_time"),
        (-2, None, -2, "overdue"),
    ],
)
def test_how_somebody_stands(
    due: int | None, finished: int | None, joined: int, wanted: Lateness | None
) -> None:
    """In hours from now; what was due before they came nobody holds against them."""
    found = lateness(
        None if due is None else NOON + due * HOUR,
        None if finished is None else NOON + finished * HOUR,
        joined_at=NOON + joined * HOUR,
        now=NOON,
    )
    assert found == wanted
