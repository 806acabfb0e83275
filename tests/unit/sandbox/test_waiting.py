"""Waiting in line: news while it lasts, room made where it may be, and always an end."""

from __future__ import annotations

import asyncio
import math

import pytest

from sandbox import waiting
from sandbox.errors import EngineFailed, InLine, NoCapacity
from sandbox.places import ROOM_IDLE_S, Occupant, Places, Position
from sandbox.waiting import PATIENCE_S, TELL_AGAIN_S, Ticket, WaitingLine
from tests.unit.sandbox.stage import FakeClock

LIMIT_S = 100.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come quickly; the clock of a test goes its own pace."""
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", 0.01)


class House:
    """Some places and a line in front of them."""

    def __init__(self, capacity: int = 1, starts_at_once: float = math.inf) -> None:
        self.clock = FakeClock()
        self.inside: dict[str, float | None] = {}
        self.stopped: list[str] = []
        self.cancelled = asyncio.Event()
        self.stop_error: EngineFailed | None = None
        self.stop_takes = asyncio.Event()
        """Stops last until it is set; it is, unless a test clears it."""
        self.stop_takes.set()
        self.stopping: set[str] = set()
        self.most_stopping = 0
        self.places = Places(
            capacity=capacity,
            starts_at_once=starts_at_once,
            occupants=lambda: [Occupant(name, since) for name, since in self.inside.items()],
            clock=self.clock,
        )
        self.line = WaitingLine(self.places, stop=self.stop, limit_s=LIMIT_S, clock=self.clock)

    async def stop(self, learner: str) -> None:
        """What the lifecycle does."""
        self.inside[learner] = None  # it changes: that is a use
        self.stopping.add(learner)
        self.most_stopping = max(self.most_stopping, len(self.stopping))
        await asyncio.sleep(0)
        await self.stop_takes.wait()
        self.stopping.discard(learner)
        if self.stop_error is not None:
            self.inside[learner] = self.clock.now - ROOM_IDLE_S
            raise self.stop_error
        self.stopped.append(learner)
        self.end(learner)

    async def come(self, learner: str) -> None:
        """Wait as a command does, and have a sandbox."""
        with self.line.ticket(learner) as ticket:
            await self.wait(ticket, [])
            self.inside[learner] = None

    def end(self, learner: str) -> None:
        """A sandbox ends."""
        del self.inside[learner]
        self.line.freed()

    async def wait(self, ticket: Ticket, told: list[Position]) -> None:
        """Wait to the end."""
        async with asyncio.timeout(5):
            async for position in ticket.until_called(self.cancelled):
                told.append(position)  # noqa: PERF401 - one by one, as they come


async def ticks(count: int = 5) -> None:
    """Let those who wait look a few times."""
    await asyncio.sleep(0.02 * count)


async def test_a_free_place_is_no_wait() -> None:
    """Nothing is told, and the place is kept until the ticket is handed in."""
    house, told = House(), list[Position]()
    with house.line.ticket("1") as ticket:
        await house.wait(ticket, told)

        assert told == []
        assert house.places.has("1")


async def test_who_waits_is_told_when_it_changes() -> None:
    """First where they stand, then that they moved up, then the block goes on."""
    house, told = House(), list[Position]()
    house.inside["1"] = None
    with house.line.ticket("2"), house.line.ticket("3") as mine:
        work = asyncio.create_task(house.wait(mine, told))
        await ticks()
        assert [position.place for position in told] == [2]
        house.places.leave("2")
        house.line.changed()
        await ticks()
        assert [position.place for position in told] == [2, 1]
        house.end("1")
        await work

        assert house.places.has("3")


async def test_an_estimate_that_runs_down_is_no_news() -> None:
    """But silence would look like nobody is there."""
    house, told = House(), list[Position]()
    house.inside["1"] = house.clock.now
    with house.line.ticket("2") as ticket:
        work = asyncio.create_task(house.wait(ticket, told))
        await ticks()
        house.clock.now += 10
        await ticks()
        assert [position.estimate_s for position in told] == [ROOM_IDLE_S]
        house.clock.now += TELL_AGAIN_S
        await ticks()
        assert [position.estimate_s for position in told] == [ROOM_IDLE_S, ROOM_IDLE_S - 30]
        work.cancel()
        await asyncio.wait({work})


async def test_a_wait_ends_in_any_case() -> None:
    """After the longest time there is, and says so."""
    house = House()
    house.inside["1"] = None
    with house.line.ticket("2") as ticket:
        work = asyncio.create_task(house.wait(ticket, []))
        await ticks()
        house.clock.now += LIMIT_S
        with pytest.raises(NoCapacity, match="100 s"):
            await work

    assert house.places.waiting == 0


async def test_who_goes_away_is_out_of_the_line() -> None:
    """Cancelled in the middle of the wait."""
    house = House()
    house.inside["1"] = None

    async def wait() -> None:
        with house.line.ticket("2") as ticket:
            await house.wait(ticket, [])

    work = asyncio.create_task(wait())
    await ticks()
    assert house.places.waiting == 1
    work.cancel()
    await asyncio.wait({work})

    assert house.places.waiting == 0


async def test_a_cancel_is_heard_while_waiting() -> None:
    """At once, and without an error: whoever cancelled knows."""
    house = House()
    house.inside["1"] = None
    with house.line.ticket("2") as ticket:
        work = asyncio.create_task(house.wait(ticket, []))
        await ticks()
        house.cancelled.set()
        await work

        assert not house.places.has("2")


async def test_room_is_made_as_soon_as_it_may_be() -> None:
    """A sandbox that nobody used for two minutes is stopped for the first in line."""
    house = House()
    house.inside["1"] = house.clock.now
    with house.line.ticket("2") as ticket:
        work = asyncio.create_task(house.wait(ticket, []))
        await ticks()
        assert house.stopped == []
        house.clock.now += ROOM_IDLE_S
        await work

    assert house.stopped == ["1"]


async def test_a_stop_that_fails_is_tried_again_later() -> None:
    """Not in circles, and the wait goes on."""
    house = House()
    house.inside["1"] = house.clock.now - ROOM_IDLE_S
    house.stop_error = EngineFailed("no")
    with house.line.ticket("2") as ticket:
        work = asyncio.create_task(house.wait(ticket, []))
        await ticks()
        house.stop_error = None
        await work

    assert house.stopped == ["1"]


async def test_whoever_can_not_wait_hears_how_they_stand() -> None:
    """Behind those who came before, and there they stay while they ask again."""
    house = House()
    house.inside["1"] = None
    with house.line.ticket("2"), pytest.raises(InLine, match="place 2 in line") as caught:
        await house.line.take("3")
    assert (caught.value.place, caught.value.estimate_s) == (2, None)
    assert house.places.waiting == 1
    house.end("1")
    await house.line.take("3")

    house.places.forget("3")
    assert house.places.waiting == 0


async def test_a_slow_stop_is_waited_for_only_so_long() -> None:
    """Somebody else's sandbox is being stopped: whoever looks at a spinner hears how they stand."""
    house = House()
    house.inside["1"] = house.clock.now - ROOM_IDLE_S
    house.stop_takes.clear()
    first = asyncio.create_task(house.line.take("2"))
    await ticks()
    second = asyncio.create_task(house.line.take("2"))
    await ticks()
    assert not second.done()
    house.clock.now += PATIENCE_S
    with pytest.raises(InLine):
        async with asyncio.timeout(5):
            await second
    house.stop_takes.set()
    await first

    assert house.stopped == ["1"]


async def test_room_is_made_as_fast_as_sandboxes_start() -> None:
    """A class that comes when another one left: not everybody is stopped at the same moment."""
    house = House(capacity=6, starts_at_once=2)
    for name in "123456":
        house.inside[name] = house.clock.now - ROOM_IDLE_S
    house.stop_takes.clear()
    works = [asyncio.create_task(house.come(name)) for name in ("a", "b", "c", "d", "e", "f")]
    await ticks()
    assert house.most_stopping == 2
    house.stop_takes.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*works)

    assert house.most_stopping == 2
    assert sorted(house.stopped) == [*"123456"]


async def test_whoever_does_not_wait_gets_what_nobody_uses() -> None:
    """As long as nobody is in line before them."""
    house = House()
    house.inside["1"] = house.clock.now - ROOM_IDLE_S
    await house.line.take("3")

    assert house.stopped == ["1"]


async def test_a_ticket_is_handed_in_once() -> None:
    """The end of the block after it takes nothing from anybody."""
    house = House()
    with house.line.ticket("2"), house.line.ticket("2") as second:
        second.hand_in()
        second.hand_in()
        assert house.places.take("2")
        assert house.places.has("2")
