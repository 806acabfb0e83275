"""When questions come back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.banks.boxes import DUE_BEFORE_NEW, INTERVALS, Boxed, comes_back, due, moved, next_key
from tests.factories import NOON

DECK = [f"q{number}" for number in range(6)]
KEYS = st.sampled_from(DECK)
BOXES = st.dictionaries(
    KEYS,
    st.builds(
        Boxed,
        st.integers(1, len(INTERVALS)),
        st.integers(-1000, 1000).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
)


def test_right_answers_move_up_and_a_wrong_one_to_the_bottom() -> None:
    """A new one that is right begins in box 2; the last box is the last."""
    boxed = moved(None, right=True, now=NOON)
    assert boxed == Boxed(2, NOON + INTERVALS[1])
    seen = []
    for _ in range(5):
        boxed = moved(boxed, right=True, now=NOON)
        seen.append(boxed.box)
    assert seen == [3, 4, 5, 5, 5]
    assert moved(boxed, right=False, now=NOON) == Boxed(1, NOON + INTERVALS[0])
    assert moved(None, right=False, now=NOON) == Boxed(1, NOON + INTERVALS[0])
    assert list(INTERVALS) == sorted(INTERVALS)


def test_what_waits_longest_comes_first_and_new_ones_between() -> None:
    """After three that come back, a new one, though more wait."""
    boxes = {key: Boxed(1, NOON - timedelta(hours=n)) for n, key in enumerate(DECK[:5], start=1)}
    assert next_key(DECK, boxes, NOON) == "q4"
    assert next_key(DECK, boxes, NOON, due_in_a_row=DUE_BEFORE_NEW) == "q5"
    assert next_key(DECK[:5], boxes, NOON, due_in_a_row=DUE_BEFORE_NEW) == "q4"
    assert next_key(DECK, boxes, NOON, last="q4") == "q3"
    assert next_key(["q4"], boxes, NOON, last="q4") == "q4"
    assert next_key(DECK[:5], dict.fromkeys(DECK, Boxed(1, NOON + INTERVALS[0])), NOON) is None
    assert comes_back(DECK, boxes) == NOON - timedelta(hours=5)


@given(BOXES, st.none() | KEYS, st.integers(0, 5), st.integers(0, len(DECK)))
def test_a_question_is_due_or_new_and_not_the_last_again(
    boxes: dict[str, Boxed], last: str | None, in_a_row: int, size: int
) -> None:
    """Unless it is the only one; whatever is due or new keeps the practice going."""
    deck = DECK[:size]
    key = next_key(deck, boxes, NOON, last=last, due_in_a_row=in_a_row)
    waiting, new = due(deck, boxes, NOON), [each for each in deck if each not in boxes]
    if key is None:
        assert not waiting
        assert not new
        return
    assert key in waiting + new
    assert key != last or [*waiting, *new] == [last]
    others = [each for each in waiting if each != last]
    if key in new and others:
        assert in_a_row >= DUE_BEFORE_NEW


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_practice_goes_through_a_deck(answers: list[bool]) -> None:
    """Whatever is answered: never the same twice in a row, and every question comes in time."""
    boxes: dict[str, Boxed] = {}
    last, in_a_row, now, asked = None, 0, NOON, []
    for right in answers:
        key = next_key(DECK, boxes, now, last=last, due_in_a_row=in_a_row)
        if key is None:
            back = comes_back(DECK, boxes)
            assert back is not None
            assert back > now
            now = back
            key = next_key(DECK, boxes, now, last=last, due_in_a_row=in_a_row)
        assert key is not None
        assert key != last or len(due(DECK, boxes, now)) == 1
        in_a_row = in_a_row + 1 if key in boxes else 0
        boxes[key] = moved(boxes.get(key), right=right, now=now)
        last, now = key, now + timedelta(minutes=1)
        asked.append(key)
    # New ones come at least every fourth time, while there are any.
    assert len(set(asked)) >= min(len(DECK), len(asked) // (DUE_BEFORE_NEW + 1))
