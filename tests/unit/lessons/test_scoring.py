"""The score of a timed lesson: simple enough to work out in the head."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons.scoring import MOST_POINTS, Score
from tests.factories import NOON


@pytest.mark.parametrize(
    ("minutes", "hints", "points"),
    [(0, 0, 1000), (12, 3, 730), (50, 0, 500), (9_999, 0, 500), (0, 99, 500), (9_999, 99, 0)],
)
def test_time_and_hints_cost_points_up_to_a_half_each(
    minutes: int, hints: int, points: int
) -> None:
    """Whoever sleeps over it keeps what they did without hints, and the other way round."""
    score = Score(minutes, hints)
    assert score.points == points
    assert score.points + score.lost_by_time + score.lost_by_hints == MOST_POINTS


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59.9, 0), (60, 1), (3_601, 60), (-5, 0)])
def test_whole_minutes_count(seconds: float, minutes: int) -> None:
    """A minute that is not over is free, and a clock that was set back gives nothing."""
    assert Score.of(NOON, NOON + timedelta(seconds=seconds), 0).minutes == minutes
