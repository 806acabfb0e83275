"""What a class may ask for: seats until a time, and sandboxes that are started ahead for them."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from sandbox.contract import AllSeats, SeatsRequest, SeatsView
from sandbox.errors import BadRequest
from sandbox.places import Places
from sandbox.seats import Kept, Reservation

MOST_CLASSES = 100
"""Classes that keep seats at the same time."""

log = structlog.get_logger(__name__)


class Seating:
    """Keeps seats for classes, and the warm pool as large as they want it."""

    def __init__(
        self, places: Places, *, warm: int, want: Callable[[int], None], ready: Callable[[], int]
    ) -> None:
        """`warm` sandboxes are wanted in any case; `want` tells the pool, `ready` asks it."""
        self._places = places
        self._warm = warm
        self._want = want
        self._ready = ready

    def keep(self, name: str, request: SeatsRequest) -> SeatsView:
        """Keep these seats for the class from now on.

        Raises:
            BadRequest: too many classes keep seats already.
            OSError: it can't be remembered; nothing changed.
        """
        seats = self._places.seats
        names = {reservation.name for reservation in seats.active()}
        if name not in names and len(names) >= MOST_CLASSES:
            raise BadRequest(f"{MOST_CLASSES} classes keep seats already")
        seats.reserve(
            Reservation(
                name=name,
                learners=frozenset(request.learners),
                seats=request.seats,
                warm=request.warm,
                until=request.until,
            )
        )
        log.info("seats_kept", name=name, seats=request.seats, warm=request.warm)
        self.refresh()
        views = {view.name: view for view in self.all().seats}
        if name not in views:
            raise BadRequest("that time is over already")
        return views[name]

    def give_back(self, name: str) -> None:
        """Keep none for this class any more; safe to repeat. Raises `OSError`."""
        self._places.seats.give_back(name)
        self.refresh()

    def all(self) -> AllSeats:
        """Every class that keeps seats now."""
        ready, views = self._ready(), []
        for kept in self._places.kept():
            views.append(self._view(kept, ready))
            ready = max(0, ready - kept.reservation.warm)
        return AllSeats(seats=views)

    def refresh(self) -> None:
        """Let the pool know how many are wanted now: learners came, or a class's time is over."""
        self._places.look_again()
        # A learner who sits needs no warm one any more.
        for_classes = sum(min(k.reservation.warm, k.unused) for k in self._places.kept())
        self._want(self._warm + for_classes)

    def _view(self, kept: Kept, ready: int) -> SeatsView:
        reservation = kept.reservation
        return SeatsView(
            name=reservation.name,
            learners=len(reservation.learners),
            seats=reservation.seats,
            granted=kept.granted,
            taken=kept.taken,
            waiting=self._places.waiting_of(reservation.learners),
            warm_wanted=reservation.warm,
            warm_ready=min(ready, reservation.warm),
            until=reservation.until,
            queue_estimate_s=self._places.estimate(),
        )
