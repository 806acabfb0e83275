"""A full house: commands that wait, opens that ask again, and what the others see of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox import waiting
from sandbox.contract import Ended, RunEvent, RunFailed, RunRequest, Started, Waiting
from sandbox.engine import SandboxState
from sandbox.errors import DiskFull, InLine
from sandbox.places import ASKS_AGAIN_S, ROOM_IDLE_S
from tests.unit.sandbox.stage import Stage

LIMIT_S = 60


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Two places; looks come quickly, the clock goes its own pace."""
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", 0.01)
    return Stage(tmp_path, capacity=2, queue_limit_s=LIMIT_S)


class Run:
    """A command line under way."""

    def __init__(self, stage: Stage, learner: str) -> None:
        self.cancelled = asyncio.Event()
        self.events: list[RunEvent] = []
        self._stage = stage
        self._learner = learner
        self.work = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        request = RunRequest(line="docker ps")
        async for event in self._stage.commands.run(self._learner, request, self.cancelled):
            self.events.append(event)

    async def waits(self) -> None:
        """Until it was told that it waits."""
        async with asyncio.timeout(5):
            while not self.events:  # noqa: ASYNC110 - it is the list that is watched
                await asyncio.sleep(0.01)

    async def end(self) -> list[RunEvent]:
        """All that happened."""
        async with asyncio.timeout(5):
            await self.work
        return self.events


async def refused(stage: Stage, learner: str) -> InLine:
    """How the service refuses what is asked of a learner's stopped sandbox."""
    with pytest.raises(InLine) as caught:
        async with stage.lifecycle.use(learner, known_only=True):
            pass
    return caught.value


async def test_a_command_waits_and_runs_when_a_place_comes_free(full: Stage) -> None:
    """It is told where it stands before it starts."""
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    third = Run(full, "3")
    await third.waits()
    fourth = Run(full, "4")
    await fourth.waits()
    await full.lifecycle.close("1")
    events = await third.end()

    assert events[0] == Waiting(place=1, estimate_s=ROOM_IDLE_S)
    assert [type(event) for event in events[1:]][:1] == [Started]
    assert isinstance(events[-1], Ended)
    assert fourth.events[0] == Waiting(place=2, estimate_s=ROOM_IDLE_S)
    await full.lifecycle.close("2")
    assert isinstance((await fourth.end())[-1], Ended)


async def test_a_cancel_leaves_the_line(full: Stage) -> None:
    """At once, and the next one moves up."""
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    third, fourth = Run(full, "3"), Run(full, "4")
    await third.waits()
    await fourth.waits()
    third.cancelled.set()
    events = await third.end()
    await full.lifecycle.close("1")

    assert events[-1] == Ended(exit_code=None, took_ms=0, cancelled=True)
    assert isinstance((await fourth.end())[-1], Ended)
    assert full.places.waiting == 0


async def test_a_wait_has_an_end(full: Stage) -> None:
    """After the longest time that the operator set, with a reason."""
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        third = Run(full, "3")
        await third.waits()
        full.clock.now += LIMIT_S
        events = await third.end()

    assert isinstance(events[-1], RunFailed)
    assert events[-1].error == "no_capacity"
    assert full.places.waiting == 0


async def test_an_open_answers_at_once_and_keeps_its_place_by_asking(full: Stage) -> None:
    """202 on the wire: it waits; the next ask finds it further on."""
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        first = await full.lifecycle.open("3")
        second = await full.lifecycle.open("4")
        assert (first.state, first.place) == ("waiting", 1)
        assert (second.state, second.place) == ("waiting", 2)
        assert full.lifecycle.view("4").place == 2
    await full.lifecycle.close("1")
    assert (await full.lifecycle.open("4")).state == "waiting", "the place is the third's"
    assert (await full.lifecycle.open("3")).state == "running"
    assert full.lifecycle.view("3").place is None


async def test_what_is_asked_of_a_stopped_sandbox_stands_in_line(full: Stage) -> None:
    """It is answered at once, with the place; whoever asks again goes on from there."""
    for learner in ("3", "4"):
        await full.lifecycle.open(learner)
        await full.lifecycle.close(learner)
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        third, fourth = await refused(full, "3"), await refused(full, "4")
        assert (third.place, fourth.place) == (1, 2)
        again = await refused(full, "3")
        assert again.place == 1, "it keeps its place in line"
        assert full.lifecycle.view("4").place == 2
    await full.lifecycle.close("1")
    assert (await refused(full, "4")).place == 2, "the place is the third's"
    async with full.lifecycle.use("3", known_only=True) as opened:
        assert opened.sandbox.learner == "3"

    assert not full.places.is_waiting("3")
    assert full.places.is_waiting("4")


async def test_who_finds_no_place_costs_the_engine_nothing(
    full: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class that presses at once in a full house must not make it look down to everybody."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        asked, sandboxes = 0, full.engine.sandboxes

        async def counted() -> list[SandboxState]:
            nonlocal asked
            asked += 1
            return await sandboxes()

        monkeypatch.setattr(full.engine, "sandboxes", counted)
        await refused(full, "3")
        assert asked == 0
    await full.lifecycle.close("1")
    assert (await full.lifecycle.open("3")).state == "running"


async def test_a_command_whose_sandbox_died_waits_like_any_other(full: Stage) -> None:
    """The place went to who was first in line: it is told where it stands, and runs later."""
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    third = Run(full, "3")
    await third.waits()
    full.engine.die(full.container_of("1"), exit_code=137)
    first = Run(full, "1")
    await first.waits()
    assert isinstance(first.events[0], Waiting)
    assert isinstance((await third.end())[-1], Ended)
    await full.lifecycle.close("2")

    assert isinstance((await first.end())[-1], Ended)


async def test_a_cancelled_command_leaves_the_line_that_a_button_began(full: Stage) -> None:
    """Whoever cancels wants no place any more."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        await refused(full, "3")
        third = Run(full, "3")
        await third.waits()
        third.cancelled.set()
        await third.end()
        assert full.places.waiting == 0


async def test_those_that_died_at_once_start_a_few_at_a_time(tmp_path: Path) -> None:
    """They had places, but not that many starts: the engine was restarted under all of them."""
    stage = Stage(tmp_path, capacity=12, queue_limit_s=LIMIT_S, starts_at_once=3)
    learners = [str(number) for number in range(1, 13)]
    await asyncio.gather(*(stage.lifecycle.open(learner) for learner in learners))
    for learner in learners:
        stage.engine.die(stage.container_of(learner), exit_code=137)
    stage.engine.start_s, stage.engine.most_starting = 0.1, 0
    runs = await asyncio.gather(*(stage.run(learner, "docker ps") for learner in learners))

    assert [end.exit_code for *_, end in runs if isinstance(end, Ended)] == [0] * 12
    assert 1 < stage.engine.most_starting <= 3


async def test_a_command_goes_on_where_a_button_stood(full: Stage) -> None:
    """A learner has one place in line, whatever they ask for."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    await refused(full, "3")
    fourth = Run(full, "4")
    await fourth.waits()
    third = Run(full, "3")
    await third.waits()
    await full.lifecycle.close("1")

    assert isinstance((await third.end())[-1], Ended)
    assert not fourth.work.done()
    await full.lifecycle.close("2")
    await fourth.end()


async def test_who_asks_no_more_is_out_of_the_line(full: Stage) -> None:
    """A press that nobody follows up holds no place for long."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        await refused(full, "3")
        full.clock.now += ASKS_AGAIN_S + 1
        assert full.places.waiting == 0


async def test_a_reset_needs_no_place(full: Stage) -> None:
    """Of a sandbox that does not run: the disk is gone, and the learner stands in line."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        view = await full.lifecycle.reset("3")
        assert (view.state, view.place) == ("waiting", 1)
        assert not full.disks.exists("3")
    await full.lifecycle.close("1")
    view = await full.lifecycle.open("3")

    assert (view.state, view.fresh) == ("running", True)


async def test_a_place_that_is_coming_is_waited_for_only_so_long(full: Stage) -> None:
    """The start in front hangs: the answer comes all the same."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    full.places._starts_at_once = 1
    full.engine.start_s = 30
    starting = asyncio.create_task(full.lifecycle.open("1"))
    async with asyncio.timeout(20):
        while not full.lifecycle.starting:  # noqa: ASYNC110 - it is the number that is watched
            await asyncio.sleep(0.01)
        asking = asyncio.create_task(refused(full, "3"))
        while not asking.done():
            await asyncio.sleep(0.01)
            full.clock.now += waiting.PATIENCE_S / 2
        assert (await asking).place == 1
    starting.cancel()
    await asyncio.wait({starting})


async def test_what_nobody_uses_gives_up_its_place(full: Stage) -> None:
    """And its learner is told why when they come back."""
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    full.clock.now += ROOM_IDLE_S
    await full.lifecycle.open("3")

    assert full.lifecycle.view("1").ended_because == "room"
    assert full.lifecycle.view("3").state == "running"
    await full.lifecycle.close("2")
    [started] = [e for e in await full.run("1", "docker ps") if isinstance(e, Started)]
    assert started.ended_because == "room"
    [again] = [e for e in await full.run("1", "docker ps") if isinstance(e, Started)]
    assert again.ended_because is None


async def test_a_failed_start_gives_the_place_back(full: Stage) -> None:
    """Nobody holds a place without a sandbox."""
    full.doors_stuck = True
    with pytest.raises(Exception, match="ready"):
        await full.lifecycle.open("1")
    full.doors_stuck = False

    assert full.places.spare == 2


async def test_a_failed_start_after_a_wait_gives_the_place_back(full: Stage) -> None:
    """Whoever stood in line for it has had their turn."""
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        assert (await full.lifecycle.open("3")).state == "waiting"
    await full.lifecycle.close("1")
    full.doors_stuck = True
    with pytest.raises(Exception, match="ready"):
        await full.lifecycle.open("3")

    assert full.places.spare == 1


async def test_a_full_disk_is_not_waited_for(full: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place would not help: it is said at once."""
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        monkeypatch.setattr(full.disks, "free_bytes", lambda: 0)
        events = await Run(full, "3").end()

    assert isinstance(events[-1], RunFailed)
    assert events[-1].error == "disk_full"


async def test_a_full_disk_is_no_place_in_line(
    full: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting does not help: that is said, with places free or not, and nobody stands in line."""
    await full.lifecycle.open("3")
    await full.lifecycle.close("3")
    async with full.lifecycle.use("1"), full.lifecycle.use("2"):
        monkeypatch.setattr(full.disks, "free_bytes", lambda: 0)
        with pytest.raises(DiskFull):
            await full.lifecycle.open("3")
        with pytest.raises(DiskFull):
            await refused(full, "3")

    assert full.places.waiting == 0


async def test_a_full_disk_is_said_though_a_warm_one_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must not look like a place in line, which never comes."""
    stage = Stage(tmp_path, capacity=2, warm=1)
    assert await stage.lifecycle.pool.fill()
    monkeypatch.setattr(stage.disks, "free_bytes", lambda: 0)
    with pytest.raises(DiskFull):
        await stage.lifecycle.open("1")

    assert stage.places.waiting == 0


async def test_many_who_wait_are_served_one_by_one(full: Stage) -> None:
    """In the order in which they came, and everybody gets their turn."""
    await full.lifecycle.open("1")
    await full.lifecycle.open("2")
    runs = {}
    for learner in ("3", "4", "5", "6"):
        runs[learner] = Run(full, learner)
        await runs[learner].waits()
    order = []
    for _ in range(4):
        await full.lifecycle.close(next(iter(full.lifecycle.learners)))
        async with asyncio.timeout(5):
            await asyncio.wait(
                {run.work for run in runs.values()}, return_when=asyncio.FIRST_COMPLETED
            )
        done = [name for name, run in runs.items() if run.work.done()]
        order += done
        for name in done:
            del runs[name]

    assert order == ["3", "4", "5", "6"]


async def test_a_class_that_comes_at_once_starts_a_few_at_a_time(tmp_path: Path) -> None:
    """Nobody fails, and those who wait for the starts in front are told so."""
    stage = Stage(tmp_path, capacity=40, queue_limit_s=LIMIT_S, starts_at_once=3)
    stage.engine.start_s = 0.1

    runs = await asyncio.gather(*(stage.run(str(number), "docker ps") for number in range(1, 13)))
    others = [str(number) for number in range(21, 31)]
    await asyncio.gather(*(stage.lifecycle.open(learner) for learner in others))

    ends = [events[-1] for events in runs]
    assert [end.exit_code for end in ends if isinstance(end, Ended)] == [0] * 12
    assert 1 < stage.engine.most_starting <= 3
    assert sum(isinstance(events[0], Waiting) for events in runs) == 9
    assert stage.engine.running >= {*others}
