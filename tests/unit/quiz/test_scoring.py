"""Points and places, whatever the answers are."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as some

from bot.quiz.scoring import (
    FULL,
    HALF,
    Scored,
    Tally,
    fastest,
    newcomer,
    podium,
    points,
    standings,
    tallied,
)

TIMES = some.integers(min_value=-10_000, max_value=1_000_000)
LIMITS = some.integers(min_value=1, max_value=600_000)
TALLIES = some.lists(
    some.builds(
        Tally,
        learner_id=some.integers(min_value=1, max_value=2**63 - 1),
        name=some.sampled_from(["Yuna", "Minho", "Jisu", ""]),
        points=some.integers(min_value=0, max_value=3),
        right=some.integers(min_value=0, max_value=2),
        elapsed_ms=some.integers(min_value=0, max_value=2),
    ),
    max_size=40,
    unique_by=lambda tally: tally.learner_id,
)


def test_points_fall_to_half_over_the_time() -> None:
    """All at once, three quarters in the middle, half at the end; nothing for what is wrong."""
    in_all = [points(right=True, elapsed_ms=at, limit_ms=20_000) for at in (0, 10_000, 20_000)]
    assert in_all == [1000, 750, 500]
    assert points(right=False, elapsed_ms=0, limit_ms=20_000) == 0
    assert points(right=True, elapsed_ms=0, limit_ms=20_000, practice=True) == 0


@given(first=TIMES, second=TIMES, limit=LIMITS)
def test_who_is_later_never_earns_more(first: int, second: int, limit: int) -> None:
    """And whatever the clock says, a right answer earns between half and all."""
    early, late = sorted((first, second))
    for_early = points(right=True, elapsed_ms=early, limit_ms=limit)
    for_late = points(right=True, elapsed_ms=late, limit_ms=limit)
    assert HALF <= for_late <= for_early <= FULL


@given(TALLIES)
def test_places_are_fair(tallies: list[Tally]) -> None:
    """Everybody has one place; who is better stands higher, who is equal shares."""
    placed = standings(tallies)
    assert sorted(one.tally.learner_id for one in placed) == sorted(t.learner_id for t in tallies)

    def better(a: Tally, b: Tally) -> bool:
        return (a.points, a.right, -a.elapsed_ms) > (b.points, b.right, -b.elapsed_ms)

    for one in placed:
        assert one.place == 1 + sum(better(other, one.tally) for other in tallies)


@given(TALLIES)
def test_a_newcomer_stands_where_a_recount_would_put_them(tallies: list[Tally]) -> None:
    """Below all who have something, beside all who have nothing."""
    late = newcomer(standings(tallies), 0, "Late")
    assert late in standings([*tallies, Tally(0, "Late")])


@given(TALLIES, some.randoms())
def test_the_order_of_arrival_does_not_matter(tallies: list[Tally], by: random.Random) -> None:
    """The same results in another order are the same board."""
    shuffled = list(tallies)
    by.shuffle(shuffled)
    assert standings(shuffled) == standings(tallies)


@given(TALLIES)
def test_nobody_stands_on_the_podium_without_points(tallies: list[Tally]) -> None:
    """Three places, more people only when they tie."""
    placed = standings(tallies)
    up = podium(placed)
    assert all(one.tally.points > 0 and one.place <= 3 for one in up)
    below = [one for one in placed if one not in up]
    assert all(one.place > 3 or one.tally.points == 0 for one in below)


ANSWERS = some.lists(
    some.builds(
        Scored,
        learner_id=some.integers(min_value=1, max_value=5),
        right=some.booleans(),
        points=some.integers(min_value=0, max_value=1000),
        elapsed_ms=some.integers(min_value=0, max_value=30_000),
        newest=some.booleans(),
        position=some.integers(min_value=0, max_value=30),
    ),
    max_size=60,
)


@given(ANSWERS, some.randoms())
def test_a_tally_is_the_sum_of_its_answers(answers: list[Scored], by: random.Random) -> None:
    """In whatever order they come; who gave none has none; who never joined has no tally."""
    shuffled = list(answers)
    by.shuffle(shuffled)
    names = [(learner, f"P{learner}") for learner in range(1, 5)]
    made = tallied(names, shuffled)
    assert made == tallied(names, answers)
    assert [(tally.learner_id, tally.name) for tally in made] == names
    for tally in made:
        own = [one for one in answers if one.learner_id == tally.learner_id]
        assert tally.points == sum(one.points for one in own)
        assert tally.answered == len(own)
        assert tally.elapsed_ms == sum(one.elapsed_ms for one in own if one.right)
        assert tally.gained <= tally.points


@given(ANSWERS)
def test_nobody_was_faster_than_the_fastest(answers: list[Scored]) -> None:
    """Who is named was right, and alone with that time; who answers alone races nobody."""
    found = fastest(answers)
    right = [one.elapsed_ms for one in answers if one.right]
    alone = len({one.learner_id for one in answers}) < 2
    if found is None:
        assert alone or not right or right.count(min(right)) > 1
    else:
        assert not alone
        assert found.right
        assert found.elapsed_ms == min(right)
        assert right.count(min(right)) == 1


def test_a_fast_guess_that_is_wrong_wins_nothing() -> None:
    """Only what is right counts, on whichever question it was."""
    guess = Scored(1, right=False, points=0, elapsed_ms=100)
    slow = Scored(1, right=True, points=600, elapsed_ms=9_000, position=1)
    quick = Scored(2, right=True, points=900, elapsed_ms=2_500, position=4)
    assert fastest([guess, slow, quick]) == quick
    assert fastest([guess, slow]) is None
    assert fastest([guess, quick]) == quick
