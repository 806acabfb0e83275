"""The life of a challenge, and who may join when, for all ways through it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenge import rules
from bot.challenge.phases import OPEN, OVER, PHASES, Phase, before, phase_of
from tests.factories import NOON

phases = st.sampled_from(PHASES)


@given(st.lists(phases, max_size=30))
def test_a_challenge_only_goes_forward(wishes: list[Phase]) -> None:
    """Whatever is asked for and how often: no phase comes twice, and over is over."""
    been: list[Phase] = ["lobby"]
    for wish in wishes:
        if been[-1] in before(wish):
            been.append(wish)
    assert len(set(been)) == len(been)
    order = [PHASES.index(phase) for phase in been]
    assert order == sorted(order)
    assert not any(phase in OVER for phase in been[:-1])


@given(phases)
def test_whatever_is_open_can_be_cancelled(phase: Phase) -> None:
    """And what is over can't be anything else."""
    assert (phase in before("cancelled")) == (phase in OPEN)
    if phase in OVER:
        assert not any(phase in before(following) for following in PHASES)


def test_nothing_begins_without_having_been_prepared() -> None:
    """One step at a time."""
    assert before("running") == {"countdown"}
    assert before("countdown") == {"preparing"}
    assert before("ended") == {"running"}


def test_a_phase_is_known_by_its_name() -> None:
    """Another word is none."""
    assert phase_of("running") == "running"
    with pytest.raises(ValueError, match="sleeping"):
        phase_of("sleeping")


@given(phases, st.integers(-100, 2_000), st.integers(60, 1_000))
def test_joining_ends_at_half_time(phase: Phase, now_s: int, limit_s: int) -> None:
    """In the lobby always; while it runs until half of the time is over; else never."""
    now = NOON + timedelta(seconds=now_s)
    ends_at = NOON + timedelta(seconds=limit_s)
    may = rules.may_join(phase, now, starts_at=NOON, ends_at=ends_at)
    assert may == (phase == "lobby" or (phase == "running" and now_s < limit_s / 2))


@given(phases, st.integers(0, 1_000), st.integers(0, 400))
def test_the_board_stands_still_in_the_last_minutes_only(
    phase: Phase, now_s: int, freeze_s: int
) -> None:
    """Never without a freeze, and never before or after it runs: the end reveals all."""
    ends_at = NOON + timedelta(seconds=600)
    frozen = rules.is_frozen(phase, NOON + timedelta(seconds=now_s), ends_at, freeze_s)
    assert frozen == (phase == "running" and freeze_s > 0 and now_s >= 600 - freeze_s)
