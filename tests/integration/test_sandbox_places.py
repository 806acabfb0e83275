"""A full house on the real engine: the line, who gives up a place, seats, deadlines, old disks."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import places, sizing
from sandbox.contract import Ended, RunEvent, RunFailed, RunRequest, SeatsRequest, Started, Waiting
from sandbox.home import Home
from sandbox.retention import DAY_S
from sandbox.service import Service
from tests.docker_fixtures import new_home
from tests.integration.test_sandbox_life import HAND_OUT_S, service_of

pytestmark = pytest.mark.docker

CROWD = 14


@pytest.fixture
async def own_home(images_home: Path) -> AsyncGenerator[Path]:
    """A home without a mirror, for one test."""
    with new_home(images_home) as root:
        yield root


class Run:
    """A command line under way."""

    def __init__(self, service: Service, learner: str, line: str = "true") -> None:
        self.cancelled = asyncio.Event()
        self.events: list[RunEvent] = []
        self._news = asyncio.Event()
        self._work = asyncio.create_task(self._listen(service, learner, line))

    async def _listen(self, service: Service, learner: str, line: str) -> None:
        request = RunRequest(line=line)
        async for event in service.commands.run(learner, request, self.cancelled):
            self.events.append(event)
            self._news.set()

    async def first(self) -> RunEvent:
        """What it was told first."""
        async with asyncio.timeout(20):
            await self._news.wait()
        return self.events[0]

    async def last(self) -> RunEvent:
        """How it ended."""
        async with asyncio.timeout(40):
            await self._work
        return self.events[-1]


async def test_a_class_comes_at_once(own_home: Path) -> None:
    """There is a place for each, and a few start at a time: everybody gets in."""
    learners = [str(number) for number in range(1, CROWD + 1)]
    most, at_once = 0, sizing.starts_for(len(os.sched_getaffinity(0)))
    async with service_of(own_home, capacity=CROWD) as service:
        runs = [Run(service, learner, "docker ps --quiet") for learner in learners]
        ends = asyncio.gather(*(run.last() for run in runs))
        while not ends.done():
            most = max(most, service.lifecycle.starting)
            await asyncio.sleep(0.02)

        assert [end.exit_code for end in await ends if isinstance(end, Ended)] == [0] * CROWD
        assert 0 < most <= at_once
        assert any(isinstance(run.events[0], Waiting) for run in runs) == (at_once < CROWD)


async def test_the_third_learner_waits_and_gets_in(own_home: Path) -> None:
    """With the place and a guess of the time; a cancel and a place that comes free both count."""
    async with service_of(own_home, capacity=2) as service:
        await service.lifecycle.open("1")
        await service.lifecycle.open("2")
        third, fourth = Run(service, "3"), Run(service, "4")
        waiting = await third.first()
        assert isinstance(waiting, Waiting)
        assert waiting.place == 1
        assert waiting.estimate_s is not None
        assert 100 < waiting.estimate_s <= places.ROOM_IDLE_S
        behind = await fourth.first()
        assert isinstance(behind, Waiting)
        assert behind.place == 2
        third.cancelled.set()
        last = await third.last()
        assert isinstance(last, Ended)
        assert last.cancelled
        await service.lifecycle.close("1")
        last = await fourth.last()

        assert isinstance(last, Ended)
        assert last.exit_code == 0
        assert service.places.waiting == 0


async def test_who_is_away_gives_up_the_place(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their containers are lost, which they are told with the reason; nobody had to close."""
    async with service_of(own_home, capacity=1) as service:
        await Run(service, "1").last()
        third = Run(service, "3", "sleep 2")
        await third.first()
        monkeypatch.setattr(places, "ROOM_IDLE_S", 3.0)
        begun = time.monotonic()
        last = await third.last()
        assert isinstance(last, Ended)
        assert last.exit_code == 0
        print("hand-over, s:", round(time.monotonic() - begun, 1))
        assert service.lifecycle.view("1").ended_because == "room"
        back = Run(service, "1")
        last = await back.last()

        assert isinstance(last, Ended)
        [started] = [event for event in back.events if isinstance(event, Started)]
        assert started.ended_because == "room"


async def test_a_class_has_its_seats_after_a_restart_too(own_home: Path) -> None:
    """Warm for them, refused to others, remembered by the next service."""
    request = SeatsRequest(learners=["7"], seats=1, warm=1, until=time.time() + 600)
    async with service_of(own_home, capacity=2) as service:
        service.seating.keep("class-a", request)
        async with asyncio.timeout(30):
            while service.seating.all().seats[0].warm_ready < 1:  # noqa: ASYNC110 - asked anew
                await asyncio.sleep(0.1)
    async with service_of(own_home, capacity=2) as service:
        assert service.seating.all().seats[0].granted == 1
        assert (await service.lifecycle.open("1")).state == "running"
        assert (await service.lifecycle.open("2")).state == "waiting"
        begun = time.monotonic()
        view = await service.lifecycle.open("7")
        took = time.monotonic() - begun
        print("opened on a seat, ms:", round(took * 1000))

        assert view.state == "running"
        assert took < HAND_OUT_S, "a warm one was kept for the class"
        assert service.seating.all().seats[0].taken == 1


async def test_the_hard_limit_ends_a_command_with_its_reason(own_home: Path) -> None:
    """And the next command starts on the same disk, told why."""
    async with service_of(own_home) as service:
        await Run(service, "1", "echo mine >/root/file").last()
        busy = Run(service, "1", "sleep 50")
        await busy.first()
        service.lifecycle.deadlines = replace(service.lifecycle.deadlines, hard_s=0.1)
        await service.lifecycle.meet_deadlines()
        failed = await busy.last()
        assert isinstance(failed, RunFailed)
        assert failed.error == "hard_limit"
        service.lifecycle.deadlines = replace(service.lifecycle.deadlines, hard_s=3600)
        again = Run(service, "1", "cat /root/file")
        last = await again.last()

        assert isinstance(last, Ended)
        assert last.exit_code == 0
        [started] = [event for event in again.events if isinstance(event, Started)]
        assert started.ended_because == "hard_limit"


async def test_what_ran_while_nobody_was_there_for_long_is_stopped(own_home: Path) -> None:
    """The next service sees how long ago the last one was there."""
    home = Home(own_home)
    async with service_of(own_home) as service:
        await service.lifecycle.open("1")
    long_ago = time.time() - 5 * 3600
    os.utime(home.heartbeat, (long_ago, long_ago))
    async with service_of(own_home) as service:
        assert service.lifecycle.view("1").state == "stopped"
        assert service.lifecycle.view("1").ended_because == "orphaned"


async def test_an_unused_disk_goes_after_the_warning(own_home: Path) -> None:
    """And whoever comes back in time keeps it."""
    home = Home(own_home)
    async with service_of(own_home) as service:
        for learner in ("1", "2"):
            await service.lifecycle.open(learner)
            await service.lifecycle.close(learner)
            old = time.time() - 70 * DAY_S
            os.utime(home.disk(learner), (old, old))
            assert service.retention.warned(learner)
        await Run(service, "2").last()
        for learner in ("1", "2"):
            warning = home.disks / f"{learner}.warned"
            if warning.exists():
                warning.write_text(str(time.time() - 8 * DAY_S))
        await service.lifecycle.close("2")
        await service.lifecycle.delete_expired(service.retention)

        assert not home.disk("1").exists()
        assert home.disk("2").exists()
        assert service.retention.expiring() == []
