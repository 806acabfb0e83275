"""Places, ties, first solvers and the freeze, for all marks that could be."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.challenge.rules import HINT_PENALTY_S
from bot.challenge.standings import Mark, Standing, of_sides, standings, winners
from tests.factories import NOON

PEOPLE = range(1, 9)
TASKS = ("port", "name", "page")

moments = st.integers(0, 3_600_000).map(lambda ms: NOON + timedelta(milliseconds=ms))
marks_made = st.lists(
    st.one_of(
        st.builds(Mark, st.sampled_from(PEOPLE), st.just("solve"), st.sampled_from(TASKS), moments),
        st.builds(
            Mark,
            st.sampled_from(PEOPLE),
            st.just("hint"),
            st.sampled_from(TASKS),
            moments,
            st.integers(1, 3),
        ),
    ),
    max_size=60,
)


def recount(who: int, marks: list[Mark]) -> tuple[int, int]:
    """Tasks and time of one person, counted the plainest way."""
    solved: dict[str, datetime] = {}
    for mark in marks:
        if mark.who == who and mark.kind == "solve":
            solved[mark.task_id] = min(mark.at, solved.get(mark.task_id, mark.at))
    hints = {(m.task_id, m.number) for m in marks if m.who == who and m.kind == "hint"}
    last = max(solved.values(), default=NOON)
    return len(solved), int((last - NOON).total_seconds()) + len(hints) * HINT_PENALTY_S


def solve(who: int, task: str, seconds: float) -> Mark:
    """A task done so long after the start."""
    return Mark(who, "solve", task, NOON + timedelta(seconds=seconds))


def hint(who: int, task: str, number: int = 1, seconds: float = 1) -> Mark:
    """A hint taken."""
    return Mark(who, "hint", task, NOON + timedelta(seconds=seconds), number)


def by_who(rows: tuple[Standing, ...]) -> dict[int, Standing]:
    """The rows by person."""
    return {row.who: row for row in rows}


@given(marks_made)
def test_more_tasks_then_less_time_come_first(marks: list[Mark]) -> None:
    """As an independent count has it, for everybody; the places follow from it alone."""
    rows = standings(PEOPLE, marks, start=NOON)
    counted = {who: recount(who, marks) for who in PEOPLE}
    for row in rows:
        done, time_s = counted[row.who]
        assert (len(row.done), row.time_s) == (done, time_s)
        better = sum(
            other[0] > done or (other[0] == done and other[1] < time_s)
            for other in counted.values()
        )
        assert row.place == better + 1
    assert [row.place for row in rows] == sorted(row.place for row in rows)


@given(marks_made, st.randoms())
def test_the_order_of_marks_changes_nothing(marks: list[Mark], chance: object) -> None:
    """Nor does it who joined earlier: only what was done and when."""
    mixed = list(marks)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert standings(PEOPLE, marks, start=NOON) == standings(reversed(PEOPLE), mixed, start=NOON)


@given(marks_made)
def test_equals_share_a_place(marks: list[Mark]) -> None:
    """The same tasks and the same seconds are the same place, and no other two share one."""
    rows = standings(PEOPLE, marks, start=NOON)
    for one in rows:
        for other in rows:
            equal = (len(one.done), one.time_s) == (len(other.done), other.time_s)
            assert equal == (one.place == other.place)


@given(marks_made, moments)
def test_a_freeze_shows_what_was_before_it(marks: list[Mark], until: datetime) -> None:
    """Exactly as if nothing had come later; to the very moment."""
    before = [mark for mark in marks if mark.at <= until]
    frozen = standings(PEOPLE, marks, start=NOON, until=until)
    assert frozen == standings(PEOPLE, before, start=NOON)


@given(marks_made)
def test_every_task_done_has_a_first_solver(marks: list[Mark]) -> None:
    """And nobody is first at a task that somebody did before them."""
    rows = by_who(standings(PEOPLE, marks, start=NOON))
    for task in TASKS:
        solved = [m for m in marks if m.kind == "solve" and m.task_id == task]
        first = {m.who for m in solved if m.at == min(s.at for s in solved)}
        assert {who for who, row in rows.items() if task in row.first} == first


@given(marks_made)
def test_a_side_has_what_its_people_have(marks: list[Mark]) -> None:
    """The tasks of a side are those that any of them did, at the earliest moment; all hints."""
    sides = {who: 1 + who % 2 for who in PEOPLE}
    rows = by_who(standings((1, 2), of_sides(marks, sides), start=NOON))
    for side in (1, 2):
        ours = [mark for mark in marks if sides[mark.who] == side]
        assert rows[side].done == {m.task_id for m in ours if m.kind == "solve"}
        assert rows[side].hints == sum(mark.kind == "hint" for mark in ours)


def test_places_after_a_tie_count_everybody_before() -> None:
    """1, 1, 3."""
    marks = [solve(1, "port", 60.2), solve(2, "port", 60.9), solve(3, "port", 61)]
    rows = standings((1, 2, 3), marks, start=NOON)
    assert [(row.who, row.place) for row in rows] == [(1, 1), (2, 1), (3, 3)]
    assert winners(rows) == (1, 2)


def test_a_hint_costs_two_minutes() -> None:
    """Who needed it is behind who took just as long without; the same hint again costs nothing."""
    marks = [solve(1, "port", 60), hint(1, "port"), hint(1, "port"), solve(2, "port", 179)]
    rows = standings((1, 2), marks, start=NOON)
    assert [(row.who, row.time_s) for row in rows] == [(2, 179), (1, 180)]


def test_nobody_wins_who_did_nothing() -> None:
    """Several at the first place with nothing done are no winners."""
    assert winners(standings((1, 2), [], start=NOON)) == ()
