"""A full house of two places, as the fake has it and as the real service has it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from sandbox.client import Running, SandboxClient, Sandboxes
from sandbox.contract import Ended, RunEvent, RunRequest, SeatsRequest, Started, Waiting
from sandbox.errors import InLine, SandboxGone
from tests.docker_fixtures import ServiceProcess, images_home, new_home, new_learner
from tests.fakes.sandboxes import FakeSandboxes

__all__ = ["images_home"]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.docker)])
async def sandboxes(request: pytest.FixtureRequest) -> AsyncGenerator[Sandboxes]:
    """One side of the contract, with two places."""
    if request.param == "fake":
        yield FakeSandboxes(capacity=2)
        return
    service: ServiceProcess = request.getfixturevalue("service")
    async with SandboxClient.connect(service.url, service.token) as client:
        yield client


@pytest.fixture(scope="module")
def service(images_home: Path) -> Generator[ServiceProcess]:
    """A real service with two places; nothing here pulls an image."""
    with new_home(images_home) as home:
        process = ServiceProcess(home, CAPACITY="2")
        process.start()
        try:
            yield process
        finally:
            process.stop()


@pytest.fixture
async def learners(sandboxes: Sandboxes) -> AsyncGenerator[list[str]]:
    """Four learners, the first two of whom have the places."""
    names = [new_learner() for _ in range(4)]
    for name in names[:2]:
        await sandboxes.open(name)
    yield names
    for name in names:
        await sandboxes.close(name)


async def until(running: Running, kind: type[RunEvent]) -> list[RunEvent]:
    """The events up to the first of this kind."""
    events: list[RunEvent] = []
    async with asyncio.timeout(20):
        async for event in running:
            events.append(event)
            if isinstance(event, kind):
                return events
    raise AssertionError(f"no {kind.__name__} in {events}")


async def test_a_command_waits_for_a_place(sandboxes: Sandboxes, learners: list[str]) -> None:
    """It is told that it is next, and starts when somebody closes."""
    first, _, third, _ = learners
    async with sandboxes.run(third, RunRequest(line="true")) as running:
        [waiting] = await until(running, Waiting)
        assert isinstance(waiting, Waiting)
        assert waiting.place == 1
        assert (await sandboxes.health()).waiting == 1
        await sandboxes.close(first)
        events = await until(running, Ended)

    assert any(isinstance(event, Started) for event in events)
    assert (await sandboxes.health()).waiting == 0


async def test_cancel_leaves_the_line(sandboxes: Sandboxes, learners: list[str]) -> None:
    """The command ends as cancelled, and nobody waits any more."""
    async with sandboxes.run(learners[2], RunRequest(line="true")) as running:
        await until(running, Waiting)
        await running.cancel()
        last = (await until(running, Ended))[-1]

    assert isinstance(last, Ended)
    assert (last.cancelled, last.exit_code) == (True, None)
    assert (await sandboxes.health()).waiting == 0


async def test_whoever_goes_away_leaves_the_line(sandboxes: Sandboxes, learners: list[str]) -> None:
    """A caller that dies must not hold up the others."""
    async with sandboxes.run(learners[2], RunRequest(line="true")) as running:
        await until(running, Waiting)
    async with asyncio.timeout(10):
        while (await sandboxes.health()).waiting:  # noqa: ASYNC110 - only asking tells it
            await asyncio.sleep(0.05)


async def test_an_open_does_not_wait(sandboxes: Sandboxes, learners: list[str]) -> None:
    """It says where it stands, and asking again keeps that."""
    first, _, third, fourth = learners
    assert (await sandboxes.open(third)).place == 1
    view = await sandboxes.open(fourth)
    assert (view.state, view.place) == ("waiting", 2)
    await sandboxes.close(first)

    assert (await sandboxes.open(fourth)).state == "waiting"
    assert (await sandboxes.open(third)).state == "running"


async def test_what_answers_within_seconds_keeps_its_place(
    sandboxes: Sandboxes, learners: list[str]
) -> None:
    """A stopped sandbox in a full house: the place is said, and asking again goes on from there."""
    first, second, third, fourth = learners
    await sandboxes.close(second)
    await sandboxes.open(third)
    await sandboxes.close(third)
    await sandboxes.open(second)
    with pytest.raises(InLine) as caught:
        await sandboxes.facts(third)
    assert caught.value.place == 1
    assert (await sandboxes.open(fourth)).place == 2
    await sandboxes.close(first)

    assert (await sandboxes.open(fourth)).state == "waiting"
    assert (await sandboxes.facts(third)).containers == []
    assert (await sandboxes.view(third)).state == "running"


async def test_a_reset_is_done_without_a_place(sandboxes: Sandboxes, learners: list[str]) -> None:
    """Of a sandbox that does not run: it starts with the next place."""
    first, second, third, _ = learners
    await sandboxes.close(second)
    await sandboxes.open(third)
    await sandboxes.close(third)
    await sandboxes.open(second)
    assert (await sandboxes.reset(third)).state == "waiting"
    await sandboxes.close(first)
    view = await sandboxes.open(third)

    assert (view.state, view.fresh) == ("running", True)


async def test_a_class_has_its_seats(sandboxes: Sandboxes, learners: list[str]) -> None:
    """Its learner passes those who came first; nobody else gets the seat."""
    first, second, third, fourth = learners
    request = SeatsRequest(learners=[fourth], seats=1, until=time.time() + 600)
    view = await sandboxes.keep_seats("class-a", request)
    assert (view.granted, view.taken) == (1, 0)
    assert (await sandboxes.open(third)).state == "waiting"
    assert (await sandboxes.open(fourth)).place == 1
    await sandboxes.close(first)
    assert (await sandboxes.open(third)).state == "waiting"
    assert (await sandboxes.open(fourth)).state == "running"
    [view] = await sandboxes.seats()
    assert (view.taken, view.waiting) == (1, 0)
    await sandboxes.close(second)
    assert (await sandboxes.open(third)).state == "running"
    await sandboxes.give_back_seats("class-a")

    assert await sandboxes.seats() == []


async def test_timers_are_seen_and_put_off(sandboxes: Sandboxes, learners: list[str]) -> None:
    """Of what runs; what doesn't has none."""
    first, _, third, _ = learners
    before = (await sandboxes.view(first)).timers
    assert before is not None
    assert before.idle_stop_s is not None
    view = await sandboxes.extend(first, 180)
    assert view.timers is not None
    assert view.timers.idle_stop_s is not None
    assert view.timers.idle_stop_s > before.idle_stop_s
    with pytest.raises(SandboxGone):
        await sandboxes.extend(third, 180)
    with pytest.raises(SandboxGone):
        await sandboxes.view(new_learner())


async def test_nothing_expires_that_was_just_used(
    sandboxes: Sandboxes, learners: list[str]
) -> None:
    """And nobody can be warned about it."""
    assert await sandboxes.expiring() == []
    with pytest.raises(SandboxGone):
        await sandboxes.warned(learners[0])
