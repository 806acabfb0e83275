"""How a soak sees that something grows."""

from __future__ import annotations

import pytest

from tests.bench.soak import Course


def test_a_steady_growth_is_told_per_hour() -> None:
    """One megabyte a minute is sixty in an hour."""
    course = Course()
    for minute in range(40):
        course.add(minute * 60, 100 + minute)
    assert course.per_hour == pytest.approx(60)


def test_what_fills_in_the_beginning_is_not_growth() -> None:
    """Caches and pools fill in the first quarter; then it is flat."""
    course = Course()
    for minute in range(40):
        course.add(minute * 60, 50 + min(minute, 9))
    assert course.per_hour == pytest.approx(0)
