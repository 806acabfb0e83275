"""What is kept of an endless output, and how fast it may come."""

from __future__ import annotations

from sandbox.kept_output import KeptOutput, Pace
from tests.unit.sandbox.stage import FakeClock


def test_places_are_counted_from_the_beginning() -> None:
    """Whoever knows how far they read goes on there, as long as that is kept."""
    kept = KeptOutput(5)
    kept.add(b"abc")
    kept.add(b"defg")

    assert (kept.start, kept.end) == (2, 7)
    assert kept.after(4, 10) == b"efg"
    assert kept.after(0, 2) == b"cd"
    assert kept.after(7, 10) == b""


def test_a_piece_that_is_larger_than_all() -> None:
    """Its end is kept."""
    kept = KeptOutput(3)
    kept.add(b"abcdef")

    assert kept.after(0, 10) == b"def"


async def test_the_pace_lets_a_second_through_at_once_and_then_slows_down() -> None:
    """A rest is saved up, but for no more than a second."""
    clock = FakeClock()
    slept: list[float] = []

    async def sleep(time_s: float) -> None:
        slept.append(time_s)
        clock.now += time_s

    pace = Pace(100, clock=clock, sleep=sleep)
    clock.now += 50
    await pace.let_through(100)
    assert slept == []
    await pace.let_through(50)
    await pace.let_through(200)
    assert slept == [0.5, 2.0]
