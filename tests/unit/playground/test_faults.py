"""Planted faults."""

from playground.faults import Faults


def test_a_fault_strikes_as_often_as_it_was_planted() -> None:
    """Only requests that match, only so many of them, the oldest fault first."""
    faults = Faults()
    faults.plant(r"^POST /channels/\d+/messages$", "500", times=2)
    faults.plant("messages", "429", retry_after_s=2.0)

    kinds = [faults.strike("POST", "/channels/1/messages") for _ in range(4)]

    assert [fault and fault.kind for fault in kinds] == ["500", "500", "429", None]
    assert faults.strike("GET", "/users/@me") is None


def test_faults_can_be_taken_back() -> None:
    """After `clear` nothing strikes."""
    faults = Faults()
    faults.plant(".", "drop", times=100)

    faults.clear()

    assert faults.strike("GET", "/gateway") is None
