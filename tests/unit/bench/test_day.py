"""The plan of the simulated day."""

from __future__ import annotations

from collections import Counter

from tests.bench.day import BREAK_S, COMES_TWICE, HAS_A_BREAK, LINES, plan_day

LEARNERS = [str(number) for number in range(100)]


def test_everybody_comes_and_some_come_twice() -> None:
    """Nobody of those who are registered stays away."""
    visits = Counter(visit.learner for visit in plan_day(LEARNERS, 60))
    assert set(visits) == set(LEARNERS)
    assert sum(times == 2 for times in visits.values()) == len(LEARNERS) // COMES_TWICE


def test_visits_are_spread_over_the_day() -> None:
    """They begin within it, in its first half as in its second."""
    begins = [visit.at for visit in plan_day(LEARNERS, 60)]
    assert 0 <= min(begins) < 30 < max(begins) <= 60


def test_some_visits_have_a_break_long_enough_for_the_freeze() -> None:
    """Thawing is a part of the day; each visit has a wait for each of its commands."""
    visits = plan_day(LEARNERS, 60)
    assert all(len(visit.waits_s) == len(LINES) for visit in visits)
    with_break = sum(BREAK_S in visit.waits_s for visit in visits)
    assert with_break == -(-len(visits) // HAS_A_BREAK)


def test_the_same_numbers_make_the_same_day() -> None:
    """Two runs can be compared."""
    assert plan_day(LEARNERS, 60) == plan_day(LEARNERS, 60)
