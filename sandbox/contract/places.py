"""Places: seats that a class keeps, sandboxes that are kept longer, disks that nobody uses."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sandbox.contract.wire import LearnerName, Wire

MOST_SEATS = 500
MOST_LEARNERS = 1000
"""Learners of one class."""
LONGEST_EXTENSION_MINUTES = 240

SeatsName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class SeatsRequest(Wire):
    """Keep `seats` places for these learners until `until`, in seconds since 1970.

    `warm` sandboxes are started ahead for them. Asking again changes what the class has.
    """

    learners: list[LearnerName] = Field(max_length=MOST_LEARNERS)
    seats: int = Field(ge=0, le=MOST_SEATS)
    warm: int = Field(default=0, ge=0, le=MOST_SEATS)
    until: float = Field(gt=0, lt=1e11)


class SeatsView(Wire):
    """What a class keeps. `granted` is less than `seats` when others keep the rest.

    `taken` counts its learners who have a sandbox, `waiting` those who wait for one.
    `queue_estimate_s`: how long somebody without a seat would wait now; None: nobody knows.
    """

    name: SeatsName
    learners: int
    seats: int
    granted: int
    taken: int
    waiting: int
    warm_wanted: int
    warm_ready: int
    until: float
    queue_estimate_s: float | None


class AllSeats(Wire):
    """Every class that keeps seats now, the first to ask first."""

    seats: list[SeatsView]


class ExtendRequest(Wire):
    """Keep the sandbox for so long from now, whatever its timers say."""

    minutes: int = Field(ge=1, le=LONGEST_EXTENSION_MINUTES)


class Expiring(Wire):
    """A disk that nobody used for long.

    It is deleted at `deleted_at` (seconds since 1970) at the earliest, and only after its learner
    was told: `warned` says whether they were.
    """

    learner: LearnerName
    unused_days: int
    deleted_at: float
    warned: bool


class AllExpiring(Wire):
    """The disks that expire, the longest unused first; `MOST_LEARNERS` at most."""

    disks: list[Expiring]
