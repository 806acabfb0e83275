"""What is due in the life of a sandbox, and how long everything is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.timers import (
    HARD_WARNING_S,
    LONGEST_EXTENSION_S,
    Deadlines,
    Due,
    Life,
    due,
    extended,
    is_orphaned,
    time_left,
)

DEADLINES = Deadlines(freeze_s=60, idle_s=600, hard_s=3600, orphaned_s=900, start_s=30)
UNUSED = Life(started_at=0, last_used=100, in_use=False)
IN_USE = replace(UNUSED, in_use=True)


@pytest.mark.parametrize(
    ("life", "now", "expected"),
    [
        (UNUSED, 159, Due.NOTHING),
        (UNUSED, 160, Due.FREEZE),
        (replace(UNUSED, frozen=True), 160, Due.NOTHING),
        (replace(UNUSED, frozen=True), 700, Due.IDLE_STOP),
        (UNUSED, 700, Due.IDLE_STOP),
        (IN_USE, 700, Due.NOTHING),
        (IN_USE, 3600, Due.HARD_STOP),
        (replace(UNUSED, last_used=3590), 3600, Due.HARD_STOP),
    ],
)
def test_the_hardest_that_is_due(life: Life, now: float, expected: Due) -> None:
    """A use keeps it awake and from the idle stop, but not from the hard limit."""
    assert due(life, DEADLINES, now) is expected


def test_every_deadline_has_its_own_time() -> None:
    """All from now on, never below zero."""
    left = time_left(UNUSED, DEADLINES, 150)

    assert (left.freeze_s, left.idle_stop_s, left.hard_stop_s) == (10, 550, 3450)
    assert time_left(UNUSED, DEADLINES, 9999).hard_stop_s == 0


def test_in_use_only_the_hard_limit_holds() -> None:
    """The other two begin when the last command is over."""
    left = time_left(IN_USE, DEADLINES, 150)

    assert (left.freeze_s, left.idle_stop_s) == (None, None)


def test_the_hard_limit_is_announced() -> None:
    """So long before that a learner can finish what they do."""
    assert not time_left(IN_USE, DEADLINES, 3600 - HARD_WARNING_S - 1).warns
    assert time_left(IN_USE, DEADLINES, 3600 - HARD_WARNING_S).warns


def test_extending_puts_off_the_idle_stop() -> None:
    """A learner who has lunch keeps what runs; the freezing stays, nothing is lost by it."""
    kept = replace(UNUSED, keep_until=extended(UNUSED, DEADLINES, 150, by_s=1800))

    left = time_left(kept, DEADLINES, 150)
    assert (left.freeze_s, left.idle_stop_s, left.hard_stop_s) == (10, 1800, 3450)


def test_extending_puts_off_the_hard_limit() -> None:
    """From the moment at which somebody asks."""
    kept = replace(IN_USE, keep_until=extended(IN_USE, DEADLINES, 3500, by_s=1800))

    assert due(kept, DEADLINES, 3600) is Due.NOTHING
    assert time_left(kept, DEADLINES, 3500).hard_stop_s == 1800


def test_extending_never_shortens() -> None:
    """Asking for less than there is changes nothing."""
    kept = replace(IN_USE, keep_until=extended(IN_USE, DEADLINES, 3500, by_s=1800))

    assert extended(kept, DEADLINES, 3500, by_s=60) == kept.keep_until


def test_extending_has_an_end() -> None:
    """Again and again does not mean for ever."""
    life, now = IN_USE, 0.0
    while due(life, DEADLINES, now) is not Due.HARD_STOP:
        life = replace(life, keep_until=extended(life, DEADLINES, now, by_s=3600))
        now += 600

    assert now <= DEADLINES.hard_s + LONGEST_EXTENSION_S + 600
    assert time_left(life, DEADLINES, now).extendable_s == 0


def test_a_service_that_was_away_for_long_leaves_orphans() -> None:
    """A short restart doesn't."""
    assert is_orphaned(DEADLINES, away_s=900)
    assert not is_orphaned(DEADLINES, away_s=899)
