"""Seats that classes keep for their learners until a time, and the file that remembers them.

A class that has seats kept is served from those first; nobody else gets one that its learners
leave free. The file is in the home folder, so seats outlive the service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

log = structlog.get_logger(__name__)


class Reservation(BaseModel):
    """What one class keeps: `seats` places for `learners`, `until` seconds since 1970.

    `warm` sandboxes of them should be started already, so that a lesson begins without a wait.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    learners: frozenset[str]
    seats: int
    warm: int
    until: float


_RESERVATIONS = TypeAdapter(list[Reservation])


class Seats:
    """Who keeps seats now, in the order in which classes asked. Calls are quick file operations."""

    def __init__(self, file: Path | None = None, *, now: Callable[[], float] = time.time) -> None:
        """Without a file nothing outlives the service. `now` is in seconds since 1970."""
        self._file = file
        self._now = now
        self._reservations: dict[str, Reservation] = {r.name: r for r in self._read()}

    def active(self) -> list[Reservation]:
        """Reservations whose time is not over; the earliest to ask comes first."""
        now = self._now()
        over = [name for name, kept in self._reservations.items() if kept.until <= now]
        if over:
            for name in over:
                del self._reservations[name]
            self._write()
        return list(self._reservations.values())

    def reserve(self, reservation: Reservation) -> None:
        """Keep these seats, in place of what the class had; it keeps its turn.

        Raises:
            OSError: the file can't be written; then nothing changed.
        """
        before = dict(self._reservations)
        self._reservations[reservation.name] = reservation
        try:
            self._write()
        except OSError:
            self._reservations = before
            raise

    def give_back(self, name: str) -> None:
        """Keep none for this class any more; none kept is not an error. Raises as `reserve`."""
        if self._reservations.pop(name, None) is not None:
            self._write()

    def _read(self) -> Iterable[Reservation]:
        """A file that makes no sense costs the seats, not the service."""
        if self._file is None:
            return []
        try:
            return _RESERVATIONS.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValidationError) as exc:
            log.warning("seats_forgotten", file=str(self._file), error=type(exc).__name__)
            return []

    def _write(self) -> None:
        """All or nothing: it is written beside, then put in its place."""
        if self._file is None:
            return
        unfinished = self._file.with_suffix(".new")
        unfinished.write_bytes(_RESERVATIONS.dump_json(list(self._reservations.values())))
        unfinished.chmod(0o600)
        unfinished.replace(self._file)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many seats of a class are its own now."""

    reservation: Reservation
    granted: int
    """Seats that are really kept: a class that comes late gets what is left."""
    taken: int
    """Learners of the class who have a place."""

    @property
    def unused(self) -> int:
        """Places that nobody else may take."""
        return max(0, self.granted - self.taken)


def shared_out(
    reservations: Iterable[Reservation], *, capacity: int, held: Iterable[str]
) -> list[Kept]:
    """Who gets how many of `capacity` places, and how many of them the class's learners hold.

    A learner of two classes sits on a seat of the first that has one left.
    """
    left, waiting_for_a_class = capacity, set(held)
    kept = []
    for reservation in reservations:
        granted = min(reservation.seats, left)
        left -= granted
        # In a fixed order, so that nobody moves from seat to seat between two looks.
        mine = sorted(reservation.learners & waiting_for_a_class)
        waiting_for_a_class.difference_update(mine[:granted])
        kept.append(Kept(reservation, granted=granted, taken=len(mine)))
    return kept
