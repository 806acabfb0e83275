"""The life of a challenge: from its lobby to its end, each phase once and in order."""

from __future__ import annotations

from typing import Final, Literal, get_args

Phase = Literal["lobby", "preparing", "countdown", "running", "ended", "cancelled"]

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
OVER: Final[frozenset[Phase]] = frozenset({"ended", "cancelled"})
OPEN: Final[frozenset[Phase]] = frozenset(PHASES) - OVER

_BEFORE: Final[dict[Phase, frozenset[Phase]]] = {
    "lobby": frozenset(),
    "preparing": frozenset({"lobby"}),
    "countdown": frozenset({"preparing"}),
    "running": frozenset({"countdown"}),
    "ended": frozenset({"running"}),
    "cancelled": OPEN,
}


def before(phase: Phase) -> frozenset[Phase]:
    """The phases that this one may follow."""
    return _BEFORE[phase]


def phase_of(name: str) -> Phase:
    """The phase of this name; `ValueError` when there is none."""
    for phase in PHASES:
        if phase == name:
            return phase
    raise ValueError(f"no phase is called {name!r}")
