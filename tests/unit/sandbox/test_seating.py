"""Seats of classes as their instructor sees them, and the pool that is filled for them."""

from __future__ import annotations

import pytest

from sandbox.contract import SeatsRequest
from sandbox.errors import BadRequest
from sandbox.places import Occupant, Places
from sandbox.seating import MOST_CLASSES, Seating
from sandbox.seats import Seats

NOW = 1_800_000_000.0


class Room:
    """Places with a pool that is only a number."""

    def __init__(self, capacity: int = 10) -> None:
        self.inside: set[str] = set()
        self.wanted = 0
        self.ready = 0
        self.now = NOW
        self.places = Places(
            capacity=capacity,
            occupants=lambda: [Occupant(name, None) for name in self.inside],
            seats=Seats(now=lambda: self.now),
        )
        self.seating = Seating(self.places, warm=1, want=self.want, ready=lambda: self.ready)

    def want(self, count: int) -> None:
        """What the pool is told."""
        self.wanted = count


def request(*learners: str, seats: int = 5, warm: int = 0, until: float = NOW + 60) -> SeatsRequest:
    """A class of these learners."""
    return SeatsRequest(learners=list(learners), seats=seats, warm=warm, until=until)


def test_the_answer_says_what_was_granted() -> None:
    """Who has a place already counts, and so does the rest of the house."""
    room = Room(capacity=7)
    room.inside |= {"1", "9"}
    first = room.seating.keep("a", request("1", "2"))
    second = room.seating.keep("b", request("3"))

    assert (first.seats, first.granted, first.taken, first.learners) == (5, 5, 1, 2)
    assert (second.seats, second.granted, second.taken) == (5, 2, 0)
    assert [view.name for view in room.seating.all().seats] == ["a", "b"]


def test_the_pool_is_filled_for_the_class() -> None:
    """As many as it wants and still has no sandbox for, besides what is there in any case."""
    room = Room()
    room.inside |= {"1", "2"}
    room.seating.keep("a", request("1", "2", "3", "4", seats=4, warm=3))
    assert room.wanted == 1 + 2
    room.inside.add("3")
    room.seating.refresh()
    assert room.wanted == 1 + 1
    room.seating.give_back("a")

    assert room.wanted == 1


def test_ready_ones_are_counted_once() -> None:
    """Two classes don't both rely on the same warm sandbox."""
    room = Room()
    room.ready = 3
    room.seating.keep("a", request("1", warm=2))
    room.seating.keep("b", request("2", warm=2))

    assert [view.warm_ready for view in room.seating.all().seats] == [2, 1]


def test_the_end_of_the_time_shrinks_the_pool() -> None:
    """Without anybody giving them back."""
    room = Room()
    room.seating.keep("a", request("1", warm=2))
    room.now += 60
    room.seating.refresh()

    assert room.wanted == 1
    assert room.seating.all().seats == []


def test_a_time_that_is_over_is_refused() -> None:
    """It would be forgotten at once."""
    with pytest.raises(BadRequest):
        Room().seating.keep("a", request("1", until=NOW - 1))


def test_there_is_an_end_to_classes() -> None:
    """One caller can't fill the file of seats."""
    room = Room()
    for number in range(MOST_CLASSES):
        room.seating.keep(str(number), request(seats=0))
    with pytest.raises(BadRequest):
        room.seating.keep("one-more", request(seats=0))
    room.seating.keep("0", request("1", seats=1))
