"""How many places classes may keep: enough for those who are in them, and never all there are."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.classroom.seat_bounds import AHEAD, most_at_once, most_for_class, most_for_classes
from db.assignments import SeatsPlan
from tests.factories import NOON

STEP = timedelta(minutes=15)
steps = st.integers(0, 20)


@st.composite
def plans(draw: st.DrawFn) -> SeatsPlan:
    """A lesson that begins at some quarter of an hour."""
    begins = NOON + draw(steps) * STEP
    lasts = draw(st.integers(1, 8)) * STEP
    return SeatsPlan(draw(st.integers(1, 99)), begins, begins + lasts, draw(st.integers(1, 50)), 0)


@given(st.integers(0, 2000))
def test_a_class_has_room_for_its_learners_and_some_more(members: int) -> None:
    """A small class for five more, a great one for a fifth more; nobody keeps all there is."""
    most = most_for_class(members)
    assert most >= members + 5
    assert most >= members * 1.2
    assert most <= max(members + 5, members * 1.2 + 1)


@given(st.integers(0, 2000))
def test_some_places_are_left_for_everybody(capacity: int) -> None:
    """Where there is more than one; where there is one, a class may have it."""
    share = most_for_classes(capacity)
    assert 0 <= share <= capacity
    assert share < capacity or capacity <= 1
    assert share >= capacity * 0.8 - 1
    assert share > 0 or capacity == 0


@given(st.lists(plans(), max_size=8), steps, st.integers(1, 8))
def test_the_fullest_moment(others: list[SeatsPlan], begin: int, lasts: int) -> None:
    """The same as looking at each moment of the lesson, and of the time that goes ahead of it."""
    begins = NOON + begin * STEP
    ends = begins + lasts * STEP
    moments = [begins - AHEAD + number * STEP for number in range(lasts + 1)]
    expected = max(
        sum(each.seats for each in others if each.begins_at - AHEAD <= moment < each.ends_at)
        for moment in moments
    )
    assert most_at_once(others, begins, ends) == expected
