"""Places for a class's lesson: asked for in time, within what the service has, and given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.classroom.classes import SchoolClass
from bot.classroom.seat_bounds import most_for_classes
from bot.classroom.seats import AHEAD, LONGEST, ClassSeats, Seating, SeatsPlan
from bot.errors import LearnerError
from db import assignments
from sandbox.contract import SeatsRequest
from sandbox.errors import SandboxError, ServiceDown
from tests.unit.bot.conftest import YUNA, Room

SERVER, OTHER, TEACHER = 2**60 + 100, 2**60 + 200, 2**60 + 300
HOUR = timedelta(hours=1)


@pytest.fixture
def seats(room: Room) -> ClassSeats:
    """The use cases."""
    return room.classroom.seats


async def make(room: Room, name: str = "Docker", *, members: int = 3) -> SchoolClass:
    """A class with so many learners."""
    made = await room.classroom.classes.create(SERVER, name, created_by=TEACHER)
    for number in range(members):
        await room.classroom.classes.join(
            SERVER, made.id, YUNA + number, language="ko", name=f"L{number}"
        )
    return made


async def plan(
    room: Room, made: SchoolClass, begins_in: timedelta = HOUR, count: int | None = None
) -> Seating:
    """Places for an hour."""
    return await room.classroom.seats.plan(
        SERVER, made.id, begins_at=room.clock() + begins_in, lasts=HOUR, seats=count, warm=None
    )


async def kept(room: Room) -> dict[str, tuple[int, int]]:
    """What the service keeps: seats and learners by name."""
    room.sandboxes.places.look_again()  # it remembers for a moment what it saw last
    return {each.name: (each.seats, each.learners) for each in await room.sandboxes.seats()}


async def test_a_lesson_that_is_put_off_gives_its_places_back(
    room: Room, seats: ClassSeats
) -> None:
    """At once, not when the lesson would have been over; they come again in time."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    made, other = await make(room), await make(room, "Other", members=1)
    await plan(room, other, begins_in=timedelta())
    await plan(room, made, begins_in=timedelta())
    assert set(await kept(room)) == {f"class-{made.id}", f"class-{other.id}"}
    seating = await plan(room, made, begins_in=2 * HOUR)
    assert seating.view is None
    assert set(await kept(room)) == {f"class-{other.id}"}
    assert await seats.keep_up() == 1
    room.clock.skip(2 * HOUR - AHEAD)
    await seats.keep_up()
    assert f"class-{made.id}" in await kept(room)


async def test_places_come_a_quarter_of_an_hour_before(room: Room, seats: ClassSeats) -> None:
    """Not before, since nobody else may take them; who joins meanwhile counts."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    made = await make(room)
    seating = await plan(room, made)
    assert (seating.plan.seats, seating.plan.warm, seating.view) == (3, 3, None)
    assert seating.capacity == room.sandboxes.places.capacity
    assert await seats.keep_up() == 0
    assert await kept(room) == {}
    room.clock.skip(HOUR - AHEAD)
    assert await seats.keep_up() == 1
    assert await kept(room) == {f"class-{made.id}": (3, 3)}
    await room.classroom.classes.join(SERVER, made.id, 99, language="ko", name="Late")
    await seats.keep_up()
    assert await kept(room) == {f"class-{made.id}": (3, 4)}
    seen = await seats.of(SERVER, made.id)
    assert seen is not None
    assert seen.view is not None
    assert seen.view.granted == 3
    room.clock.skip(AHEAD + HOUR)
    assert await seats.keep_up() == 0
    assert await kept(room) == {}
    assert await seats.of(SERVER, made.id) is None


async def test_now_is_at_once(room: Room) -> None:
    """And the answer says what was really kept, where others have places of the service."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    capacity = room.sandboxes.places.capacity
    until = (room.clock() + HOUR).timestamp()
    await room.sandboxes.keep_seats(
        "elsewhere", SeatsRequest(learners=[], seats=capacity - 2, warm=0, until=until)
    )
    seating = await plan(room, await make(room), timedelta(0), 5)
    assert seating.view is not None
    assert seating.view.seats == 5
    assert seating.view.granted == 2


async def test_no_more_than_the_class_needs(room: Room, seats: ClassSeats) -> None:
    """However small it is; a class that grew keeps more, and one that shrank less."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    made = await make(room)
    with pytest.raises(LearnerError, match=r"class\.seats\.most") as refused:
        await plan(room, made, count=9)
    assert refused.value.values == {"members": 3, "most": 8}
    assert await seats.of(SERVER, made.id) is None
    await plan(room, made, timedelta(0), 8)
    assert await kept(room) == {f"class-{made.id}": (8, 3)}
    await room.classroom.classes.leave(made.id, YUNA)
    assert await seats.keep_up() == 1
    assert await kept(room) == {f"class-{made.id}": (7, 2)}
    for number in (50, 51, 52):
        await room.classroom.classes.join(
            SERVER, made.id, YUNA + number, language="ko", name="Late"
        )
    await seats.keep_up()
    assert await kept(room) == {f"class-{made.id}": (8, 5)}
    assert (await plan(room, made, timedelta(0), 10)).plan.seats == 10


async def test_classes_leave_some_places_for_everybody(room: Room, seats: ClassSeats) -> None:
    """All classes together keep a share; who asks later has what is left of it, or another time."""
    share = most_for_classes(room.sandboxes.places.capacity)
    assert share < room.sandboxes.places.capacity
    first, second = await make(room, "A", members=share - 2), await make(room, "B", members=9)
    await plan(room, first, count=share - 3)
    with pytest.raises(LearnerError, match=r"class\.seats\.full") as refused:
        await plan(room, second, count=4)
    assert refused.value.values["free"] == 3
    seating = await plan(room, second)
    assert (seating.plan.seats, seating.plan.warm, seating.members) == (3, 3, 9)
    with pytest.raises(LearnerError, match=r"class\.seats\.none_left"):
        await plan(room, await make(room, "C"))
    later = await plan(room, second, HOUR * 3)
    assert later.plan.seats == 9
    assert (await plan(room, first)).plan.seats == share - 2  # its own places are not in its way


async def test_two_who_asked_at_the_same_moment(room: Room, seats: ClassSeats) -> None:
    """Together they keep no more than the share: the second one gets less."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    share = most_for_classes(room.sandboxes.places.capacity)
    first, second = await make(room, "A", members=share), await make(room, "B", members=share)
    begins = room.clock()
    async with room.database.transaction() as session:
        for each, count in ((first, share - 1), (second, share)):
            plan = SeatsPlan(each.id, begins, begins + HOUR, count, count)
            await assignments.plan_seats(session, plan)
    assert await seats.keep_up() == 2
    found = await kept(room)
    assert [found[f"class-{each.id}"][0] for each in (first, second)] == [share - 1, 1]


async def test_given_back(room: Room, seats: ClassSeats) -> None:
    """By an instructor, or with the class."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    made = await make(room)
    await plan(room, made, timedelta(0))
    await seats.give_back(SERVER, made.id)
    assert await kept(room) == {}
    assert await seats.of(SERVER, made.id) is None
    await plan(room, made, timedelta(0))
    room.sandboxes.down = ServiceDown("no")
    await room.classroom.classes.close(SERVER, made.id, instructor_id=TEACHER)
    await seats.class_closed(made.id)  # the service forgets it by itself
    room.sandboxes.down = None
    assert await seats.keep_up() == 0


async def test_one_class_that_is_refused(
    room: Room, seats: ClassSeats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doesn't keep the others from their places."""
    room.sandboxes.places.seats._now = lambda: room.clock().timestamp()
    first, second = await make(room, "A"), await make(room, "B", members=1)
    for each in (first, second):
        await plan(room, each)
    room.clock.skip(HOUR)
    ask = room.sandboxes.keep_seats

    async def refuse(name: str, request: object) -> object:
        if name == f"class-{first.id}":
            raise SandboxError("no")
        return await ask(name, request)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(room.sandboxes, "keep_seats", refuse)
    assert await seats.keep_up() == 1
    assert list(await kept(room)) == [f"class-{second.id}"]


async def test_odd_wishes(room: Room, seats: ClassSeats) -> None:
    """Another server's class, nobody to sit, too long a lesson."""
    made, empty = await make(room), await make(room, "Empty", members=0)
    with pytest.raises(LearnerError, match=r"class\.unknown"):
        await seats.of(OTHER, made.id)
    with pytest.raises(LearnerError, match=r"class\.unknown"):
        await seats.give_back(OTHER, made.id)
    with pytest.raises(LearnerError, match=r"class\.unknown"):
        await seats.plan(OTHER, made.id, begins_at=room.clock(), lasts=HOUR, seats=None, warm=None)
    with pytest.raises(LearnerError, match=r"class\.seats\.nobody"):
        await plan(room, empty)
    with pytest.raises(LearnerError, match=r"class\.seats\.long"):
        await seats.plan(
            SERVER, made.id, begins_at=room.clock(), lasts=LONGEST * 2, seats=1, warm=1
        )
    assert await seats.of(SERVER, made.id) is None
    assert (await plan(room, empty, count=2)).plan.seats == 2


async def test_without_a_service(room: Room) -> None:
    """It is said; nothing is remembered."""
    seats = ClassSeats(database=room.database, sandboxes=None, clock=room.clock)
    made = await make(room)
    with pytest.raises(LearnerError, match=r"error\.sandbox\.service_down"):
        await seats.plan(SERVER, made.id, begins_at=room.clock(), lasts=HOUR, seats=1, warm=1)
    assert await seats.of(SERVER, made.id) is None
    assert await seats.keep_up() == 0
