"""Who gets a place, in which order, and what those who wait are told."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from sandbox.estimates import START_S
from sandbox.places import ASKS_AGAIN_S, ROOM_IDLE_S, Occupant, Places
from sandbox.seats import Reservation, Seats
from sandbox.sizing import places_for_memory, starts_for
from tests.unit.sandbox.stage import FakeClock

NOW = 1_800_000_000.0


class House:
    """Places, and who sits on them: a learner who gets one occupies it."""

    def __init__(
        self, capacity: int, seats: Seats | None = None, starts_at_once: float = math.inf
    ) -> None:
        self.clock = FakeClock()
        self.inside: dict[str, float | None] = {}
        self.starting: set[str] = set()
        self.places = Places(
            capacity=capacity,
            starts_at_once=starts_at_once,
            occupants=lambda: [
                Occupant(name, since, starting=name in self.starting)
                for name, since in self.inside.items()
            ],
            seats=seats,
            clock=self.clock,
        )

    def take(self, learner: str) -> bool:
        """Try to sit down, in use."""
        got = self.places.take(learner)
        if got:
            self.inside[learner] = None
        return got

    def start(self, learner: str) -> bool:
        """Try to sit down; the sandbox starts from then on."""
        got = self.take(learner)
        if got and learner not in self.starting:
            self.starting.add(learner)
        return got

    def rest(self, learner: str) -> None:
        """The learner's sandbox is unused from now on."""
        self.inside[learner] = self.clock.now

    def end(self, learner: str) -> None:
        """The learner's sandbox ended."""
        del self.inside[learner]
        self.places.freed()

    def served(self, waiting: list[str]) -> list[str]:
        """Let one after the other leave, and see who gets the place each time."""
        order = []
        for _ in range(len(waiting)):
            self.end(next(iter(self.inside)))
            [got] = [name for name in waiting if name not in order and self.take(name)]
            self.places.leave(got)
            order.append(got)
        return order


def reservation(
    name: str, *learners: str, seats: int, warm: int = 0, until: float = NOW + 60
) -> Reservation:
    """Seats of a class."""
    return Reservation(name=name, learners=frozenset(learners), seats=seats, warm=warm, until=until)


def seats(*reservations: Reservation) -> Seats:
    """Seats that are kept at `NOW`."""
    kept = Seats(now=lambda: NOW)
    for each in reservations:
        kept.reserve(each)
    return kept


def test_as_many_as_there_are_places() -> None:
    """And who has one may ask again."""
    house = House(2)

    assert [house.take(name) for name in ("1", "2", "3", "1")] == [True, True, False, True]


def test_a_crowd_that_asks_again_and_again_is_one_look() -> None:
    """Hundreds wait for starts in front: each of them looking for themselves stops everybody."""
    house = House(1000, starts_at_once=1)
    house.start("0")
    crowd = [str(number) for number in range(1, 301)]
    for name in crowd:
        house.places.enter(name)
    looks, occupants = 0, house.places.occupants

    def counted() -> Iterable[Occupant]:
        nonlocal looks
        looks += 1
        return occupants()

    house.places.occupants = counted
    for name in crowd:
        assert not house.places.take(name)
        assert house.places.claim_room(name) is None
        assert house.places.is_turn_coming(name)
        assert house.places.position(name).place == int(name)

    assert looks == 1


def test_a_few_start_at_a_time() -> None:
    """Though there are places; whoever has begun to run makes room for the next start."""
    house = House(10, starts_at_once=2)

    assert [house.start(name) for name in ("1", "2", "3")] == [True, True, False]
    assert house.places.is_turn_coming("3")
    assert house.places.position("3").estimate_s == START_S
    house.inside["1"] = None  # it runs, and is in use
    house.starting.discard("1")
    house.places.look_again()

    assert [house.start(name) for name in ("3", "4", "1")] == [True, False, True]


def test_a_class_with_seats_does_not_start_before_everybody_else() -> None:
    """It has its places for sure; the one learner without a class starts among its first."""
    pupils = [str(number) for number in range(20)]
    house = House(30, seats(reservation("A", *pupils, seats=20)), starts_at_once=2)
    for name in (*pupils, "other"):
        house.places.enter(name)

    assert [name for name in (*pupils, "other") if house.start(name)] == ["0", "other"]


def test_nobody_is_sent_away_for_a_start() -> None:
    """A turn to start comes by itself; an unused sandbox is stopped for a place alone."""
    house = House(10, starts_at_once=1)
    house.take("resting")
    house.starting.clear()
    house.rest("resting")
    house.clock.now += ROOM_IDLE_S + 1
    house.start("1")
    house.places.enter("2")

    assert not house.places.take("2")
    assert house.places.claim_room("2") is None


@pytest.mark.parametrize(("processors", "starts"), [(1, 2), (2, 4), (16, 32)])
def test_starts_for_the_machine(processors: int, starts: int) -> None:
    """Two for each processor, so that one that waits leaves it to another."""
    assert starts_for(processors) == starts


def test_first_come_first_served() -> None:
    """A place that comes free is nobody's but the first one's in line."""
    house = House(1)
    house.take("1")
    for name in ("2", "3", "4"):
        house.places.enter(name)

    assert [house.places.position(name).place for name in ("2", "3", "4")] == [1, 2, 3]
    house.end("1")
    assert not house.take("9"), "who just comes does not pass the line"
    assert not house.take("3")
    assert house.take("2")


def test_who_leaves_the_line_lets_the_others_move_up() -> None:
    """A cancel costs nobody else anything."""
    house = House(1)
    house.take("1")
    for name in ("2", "3"):
        house.places.enter(name)
    house.places.leave("2")

    assert house.places.position("3").place == 1
    assert house.places.waiting == 1


def test_a_place_that_was_called_out_is_kept_until_it_is_used() -> None:
    """Between the call and the start of the sandbox nobody can take it."""
    house = House(1)
    house.take("1")
    house.places.enter("2")
    house.end("1")
    assert house.places.take("2")

    assert not house.take("3")
    house.places.leave("2")
    assert house.take("3"), "it was not used, so it is free again"


def test_asking_again_keeps_a_ticket_and_silence_gives_it_up() -> None:
    """Without a connection, a ticket lives for a minute from question to question."""
    house = House(1)
    house.take("1")
    house.places.ask("2")
    house.places.ask("3")
    house.clock.now += ASKS_AGAIN_S - 1
    assert house.places.ask("3").place == 2
    house.clock.now += 2

    assert house.places.position("3").place == 1
    assert house.places.waiting == 1
    assert house.places.ask("2").place == 2, "it goes to the end of the line"


def test_a_learner_has_one_ticket() -> None:
    """A second command, or a second window, is not a second place in line."""
    house = House(1)
    house.take("1")
    house.places.enter("2")
    house.places.enter("2")
    house.places.ask("2")
    house.places.leave("2")

    house.places.forget("2")

    assert house.places.waiting == 1
    house.places.leave("2")
    assert house.places.waiting == 0


def test_classes_take_turns() -> None:
    """One learner does not wait for the thirty of another class who came a moment earlier."""
    house = House(
        2, seats(reservation("a", "2", "3", "4", "5", seats=0), reservation("b", "8", seats=0))
    )
    house.take("90")
    house.take("91")
    waiting = ["2", "3", "4", "5", "7", "8"]
    for name in waiting:
        house.places.enter(name)

    assert house.served(waiting) == ["2", "7", "8", "3", "4", "5"]


def test_turns_are_not_saved_up() -> None:
    """A class that had many turns while it was alone does not wait for them afterwards."""
    house = House(1, seats(reservation("a", "1", "2", "3", "4", "5", seats=0)))
    house.take("1")
    for name in ("2", "3"):
        house.places.enter(name)
    assert house.served(["2", "3"]) == ["2", "3"]
    for name in ("9", "4", "8", "5"):
        house.places.enter(name)

    order = house.served(["9", "4", "8", "5"])

    assert order.index("4") < 3
    assert order[-1] in {"5", "8"}


def test_the_longest_unused_gives_up_its_place() -> None:
    """Two minutes at least; in use never."""
    house = House(3)
    for name in ("1", "2", "3"):
        house.take(name)
    house.rest("2")
    house.clock.now += 30
    house.rest("3")
    house.places.enter("9")
    assert house.places.claim_room("9") is None, "nobody has left for long enough"
    house.clock.now += ROOM_IDLE_S

    assert house.places.claim_room("9") == "2"
    house.end("2")
    house.places.room_made("9")
    assert house.take("9")


def test_each_in_line_makes_room_once() -> None:
    """Several who wait stop as many sandboxes at the same time, and not one more."""
    house = House(3)
    for name in ("1", "2", "3"):
        house.take(name)
        house.rest(name)
    house.clock.now += ROOM_IDLE_S
    for name in ("8", "9"):
        house.places.enter(name)

    assert house.places.claim_room("8") == "1"
    assert house.places.claim_room("8") is None, "one is on its way out for it already"
    assert house.places.claim_room("9") == "2"
    house.places.room_made("9")
    house.end("1")
    house.places.room_made("8")
    assert house.take("8")


def test_who_asks_for_something_is_not_put_out() -> None:
    """A ticket shows that the learner is back."""
    house = House(1)
    house.take("1")
    house.rest("1")
    house.clock.now += ROOM_IDLE_S
    house.places.enter("1")
    house.places.enter("2")

    assert house.places.claim_room("2") is None


def test_kept_seats_are_for_the_class() -> None:
    """Others don't get them, however empty they are; the class does, up to their number."""
    house = House(3, seats(reservation("a", "1", "2", "3", seats=2)))

    assert house.take("8")
    assert not house.take("9")
    assert house.take("1")
    assert house.take("2")
    house.end("8")
    assert house.take("3"), "beyond its seats a class is like everybody"


def test_a_class_goes_first_for_its_seats() -> None:
    """Seats that were granted while others sat on them come free for the class."""
    house = House(2)
    house.take("8")
    house.take("9")
    house.places.enter("7")
    house.places.seats = seats(reservation("a", "1", seats=1))
    house.places.enter("1")
    house.end("8")

    assert house.places.position("1").place == 1
    assert not house.take("7")
    assert house.take("1")
    house.end("9")
    assert house.take("7")


def test_who_comes_late_gets_the_seats_that_are_left() -> None:
    """And is told how many: seats never add up to more than there are."""
    house = House(5, seats(reservation("a", "1", seats=4), reservation("b", "2", seats=4)))

    assert [kept.granted for kept in house.places.kept()] == [4, 1]


def test_learners_who_sit_already_use_seats_of_their_class() -> None:
    """A reservation in the middle of a lesson does not take more places than it has."""
    house = House(3)
    house.take("1")
    house.places.seats = seats(reservation("a", "1", "2", seats=2))

    [kept] = house.places.kept()
    assert (kept.granted, kept.taken, kept.unused) == (2, 1, 1)
    assert house.take("8")
    assert not house.take("9")


def test_warm_ones_of_a_class_are_not_for_others() -> None:
    """Nor do those who wait for a place of everybody's keep them from being started."""
    house = House(3, seats(reservation("a", "1", "2", seats=2, warm=2)))
    house.take("8")
    house.places.ask("9")

    assert house.places.warm_kept_from("9") == 2
    assert house.places.warm_kept_from("1") == 0
    assert house.places.spare == 2
    house.take("1")
    assert house.places.warm_kept_from("9") == 1
    assert house.places.spare == 1
    house.end("8")
    assert house.places.spare == 1, "the one that came free is the ninth's"


def test_the_estimate_follows_from_unused_sandboxes() -> None:
    """The first leaves when its two minutes are over, the second after it."""
    house = House(2)
    for name in ("1", "2"):
        house.take(name)
    house.rest("1")
    house.clock.now += 20
    house.rest("2")
    for name in ("8", "9"):
        house.places.enter(name)

    assert house.places.position("8").estimate_s == pytest.approx(ROOM_IDLE_S - 20)
    assert house.places.position("9").estimate_s == pytest.approx(ROOM_IDLE_S)


def test_the_estimate_follows_from_places_that_came_free() -> None:
    """One every ten seconds: the third in line waits thirty."""
    house = House(1)
    house.take("1")
    for _ in range(3):
        house.places.freed()
        house.clock.now += 10
    for name in ("7", "8", "9"):
        house.places.enter(name)

    assert house.places.position("9").estimate_s == pytest.approx(45)
    assert house.places.position("7").estimate_s == pytest.approx(15)


def test_without_experience_there_is_no_estimate() -> None:
    """Rather nothing than a made-up number."""
    house = House(1)
    house.take("1")
    house.places.enter("2")

    assert house.places.position("2").estimate_s is None
    assert house.places.estimate() is None


def test_room_is_no_wait() -> None:
    """A free place is told as zero seconds."""
    assert House(1).places.estimate() == 0


@pytest.mark.parametrize(
    ("memory_mib", "total_mib", "overcommit", "expected"),
    [(1024, 4096, 1.0, 4), (1024, 4096, 4.0, 16), (1024, 512, 1.0, 1), (1000, 2999, 1.0, 2)],
)
def test_memory_carries_so_many(
    memory_mib: int, total_mib: int, overcommit: float, expected: int
) -> None:
    """Whole sandboxes only, and one in any case."""
    assert (
        places_for_memory(memory_mib=memory_mib, total_mib=total_mib, overcommit=overcommit)
        == expected
    )


class TestSeats:
    """The file that remembers seats."""

    def test_they_outlive_the_service(self, tmp_path: Path) -> None:
        """Another service of the same home finds them, in the same order."""
        file = tmp_path / "seats.json"
        first = Seats(file, now=lambda: NOW)
        first.reserve(reservation("b", "1", seats=1))
        first.reserve(reservation("a", "2", seats=2))
        first.reserve(reservation("b", "1", "3", seats=2))

        assert [r.name for r in Seats(file, now=lambda: NOW).active()] == ["b", "a"]
        assert Seats(file, now=lambda: NOW).active() == first.active()

    def test_their_time_ends(self, tmp_path: Path) -> None:
        """Nobody has to give them back."""
        file = tmp_path / "seats.json"
        now = NOW
        kept = Seats(file, now=lambda: now)
        kept.reserve(reservation("a", "1", seats=1))
        now += 60

        assert kept.active() == []
        assert Seats(file, now=lambda: NOW).active() == []

    def test_giving_them_back_is_safe_to_repeat(self, tmp_path: Path) -> None:
        """Gone is not an error."""
        kept = Seats(tmp_path / "seats.json", now=lambda: NOW)
        kept.reserve(reservation("a", "1", seats=1))
        kept.give_back("a")
        kept.give_back("a")

        assert kept.active() == []

    def test_a_spoilt_file_costs_the_seats_only(self, tmp_path: Path) -> None:
        """The service starts without them."""
        file = tmp_path / "seats.json"
        file.write_text("[{]")

        assert Seats(file, now=lambda: NOW).active() == []


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_the_promises_hold(seed: int) -> None:
    """Random learners come, wait, leave and go: never too many, and kept seats stay kept."""
    dice = random.Random(seed)
    classes = {"a": {str(n) for n in range(10)}, "b": {str(n) for n in range(10, 16)}}
    kept = {"a": dice.randint(0, 3), "b": dice.randint(0, 2)}
    house = House(
        6, seats(*(reservation(n, *sorted(who), seats=kept[n]) for n, who in classes.items()))
    )
    line: list[str] = []
    for _ in range(400):
        house.clock.now += dice.random() * 20
        name = str(dice.randrange(30))
        match dice.choice(("come", "come", "go", "leave", "rest", "serve", "serve")):
            case "come" if name not in house.inside and name not in line:
                house.places.enter(name)
                line.append(name)
            case "go" if house.inside:
                house.end(dice.choice(sorted(house.inside)))
            case "leave" if name in line:
                house.places.leave(name)
                line.remove(name)
            case "rest" if house.inside:
                house.rest(dice.choice(sorted(house.inside)))
            case _:
                for waiting in [each for each in line if house.take(each)]:
                    house.places.leave(waiting)
                    line.remove(waiting)
        assert len(house.inside) <= 6
        assert house.places.waiting == len(line)
        ranks = sorted(house.places.position(each).place for each in line)
        assert ranks == list(range(1, len(line) + 1))
        unused = sum(seat.unused for seat in house.places.kept())
        assert unused <= 6 - len(house.inside), "nobody sits on a seat that is kept for others"
    for _ in range(100):  # everybody gets their turn once the others leave
        if house.inside:
            house.end(next(iter(house.inside)))
        for waiting in [each for each in line if house.take(each)]:
            house.places.leave(waiting)
            line.remove(waiting)
    assert line == []
