"""Whether the time of day is believed."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from sandbox.steadiness import STEADY_S, Steadiness

YEAR_S = 366 * 86_400


class Clocks:
    """The machine's two clocks; only one of them can be set."""

    def __init__(self) -> None:
        self.passed_s = 1000.0
        self.set_by_s = 0.0

    def monotonic(self) -> float:
        """Time that passes."""
        return self.passed_s

    def time(self) -> float:
        """The time of day."""
        return 1_700_000_000 + self.passed_s + self.set_by_s


@pytest.fixture
def clocks() -> Clocks:
    """Both go as they should."""
    return Clocks()


@pytest.fixture
def steadiness(clocks: Clocks) -> Steadiness:
    """It has just begun to watch."""
    return Steadiness(now=clocks.time, clock=clocks.monotonic)


def test_a_clock_is_believed_after_a_while(clocks: Clocks, steadiness: Steadiness) -> None:
    """At the start nobody knows whether it was set just now."""
    assert not steadiness.is_believed()
    clocks.passed_s += STEADY_S - 1
    assert not steadiness.is_believed()
    clocks.passed_s += 1

    assert steadiness.is_believed()


@pytest.mark.parametrize("jump_s", [YEAR_S, -YEAR_S, 3600])
def test_a_jump_costs_a_clock_its_trust(
    clocks: Clocks, steadiness: Steadiness, jump_s: float
) -> None:
    """In either direction, and again when it's set right; it's said each time."""
    clocks.passed_s += STEADY_S
    assert steadiness.is_believed()
    with capture_logs() as logs:
        clocks.set_by_s = jump_s
        assert not steadiness.is_believed()
        clocks.passed_s += STEADY_S - 1
        assert not steadiness.is_believed()
        clocks.set_by_s = 0
        assert not steadiness.is_believed()
        clocks.passed_s += STEADY_S - 1
        assert not steadiness.is_believed()
        clocks.passed_s += 1
        assert steadiness.is_believed()

    assert [(entry["event"], entry["by_s"]) for entry in logs] == [
        ("clock_jumped", jump_s),
        ("clock_jumped", -jump_s),
    ]


def test_a_little_correction_is_no_jump(clocks: Clocks, steadiness: Steadiness) -> None:
    """A time server's, many times a day."""
    for _ in range(100):
        clocks.passed_s += STEADY_S / 100
        clocks.set_by_s += 5
        steadiness.is_believed()

    assert steadiness.is_believed()
