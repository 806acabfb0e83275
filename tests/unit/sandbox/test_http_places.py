"""Seats, timers and expiring disks through the client, the HTTP face and a service of fakes."""

from __future__ import annotations

import asyncio
import os
import time

import aiohttp
import pytest

from sandbox.client import SandboxClient
from sandbox.contract import SeatsRequest
from sandbox.errors import BadRequest, InLine, SandboxGone
from sandbox.files import AT_ONCE
from sandbox.places import ROOM_IDLE_S
from sandbox.retention import DAY_S
from sandbox.waiting import PATIENCE_S
from tests.unit.sandbox.serving import TOKEN
from tests.unit.sandbox.stage import Stage


def seats(*learners: str, **changes: float) -> SeatsRequest:
    """A class of these learners that keeps two seats for an hour."""
    values = {"learners": learners, "seats": 2, "until": time.time() + 3600} | changes
    return SeatsRequest.model_validate(values)


async def test_a_class_keeps_seats_and_gives_them_back(client: SandboxClient) -> None:
    """What was granted is the answer; giving back is safe to repeat."""
    view = await client.keep_seats("docker-101", seats("1", "2"))
    assert (view.name, view.seats, view.granted, view.taken) == ("docker-101", 2, 2, 0)
    await client.open("1")
    [view] = await client.seats()
    assert (view.taken, view.queue_estimate_s) == (1, 0)
    await client.give_back_seats("docker-101")
    await client.give_back_seats("docker-101")

    assert await client.seats() == []


@pytest.mark.parametrize("name", ["a b", "x" * 65, "%C3%A9", "a.b"])
async def test_a_class_has_a_plain_name(client: SandboxClient, name: str) -> None:
    """It goes into logs and files."""
    with pytest.raises(BadRequest):
        await client.keep_seats(name, seats("1"))


async def test_a_time_that_is_over_is_refused(client: SandboxClient) -> None:
    """A mistake, probably in the unit."""
    with pytest.raises(BadRequest):
        await client.keep_seats("a", seats("1", until=1000))


async def test_a_full_house_answers_202(client: SandboxClient, stage: Stage, url: str) -> None:
    """With the place in line, which the next ask keeps."""
    for learner in "12345":
        await client.open(learner)
    async with (
        stage.lifecycle.use("1"),
        aiohttp.ClientSession(
            base_url="http://service/",
            connector=aiohttp.UnixConnector(path=url.removeprefix("unix:")),
            headers={"Authorization": f"Bearer {TOKEN}"},
        ) as raw,
        raw.put("/sandboxes/6") as response,
    ):
        assert response.status == 202
    view = await client.open("6")

    assert (view.state, view.place) == ("waiting", 1)
    assert (await client.view("6")).state == "waiting"
    health = await client.health()
    assert (health.waiting, health.capacity, health.capacity_by) == (1, 5, "settings")


async def test_what_a_full_house_refuses_says_the_place(
    client: SandboxClient, stage: Stage
) -> None:
    """Facts, pages and files of a stopped sandbox: as an error that has place and estimate."""
    for learner in "67":
        await client.open(learner)
        await client.close(learner)
    for learner in "12345":
        await client.open(learner)
    async with stage.lifecycle.use("2"):
        for call in (client.facts("6"), client.page("6", 80), client.list_files("6")):
            with pytest.raises(InLine) as caught:
                await call
            assert (caught.value.place, caught.value.estimate_s) == (1, ROOM_IDLE_S)
        with pytest.raises(InLine) as caught:
            await client.screenshot("7", 80)
    assert caught.value.place == 2


async def test_who_finds_no_place_gets_the_other_disk(client: SandboxClient) -> None:
    """A reset and a restore are done, and the sandbox starts later."""
    await client.open("6")
    await client.take_snapshot("6", "mine")
    await client.close("6")
    for learner in "12345":
        await client.open(learner)
    restored, reset = await client.restore("6", "mine"), await client.reset("6")

    assert (restored.state, restored.place) == ("waiting", 1)
    assert (reset.state, reset.place) == ("waiting", 1)
    await client.close("1")
    assert (await client.open("6")).fresh


async def test_files_wait_for_nobody_who_waits_for_a_place(
    client: SandboxClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few are on their way at once: whoever stands in line is not, yet."""
    others = [str(number) for number in range(10, 10 + AT_ONCE)]
    for learner in others:
        await client.open(learner)
        await client.close(learner)
    await client.open("1")
    stage.insides["1"].files["/root/a"] = b"mine"
    monkeypatch.setattr(stage.places, "_starts_at_once", 1)
    monkeypatch.setattr(stage.places, "_capacity", 2 + AT_ONCE)
    stage.engine.start_s = 30
    starting = asyncio.create_task(stage.lifecycle.open("2"))
    async with asyncio.timeout(20):
        while not stage.lifecycle.starting:  # noqa: ASYNC110 - only asking tells it
            await asyncio.sleep(0.01)
        asking = [asyncio.create_task(client.read_file(learner, "/root/a")) for learner in others]
        while stage.places.waiting < AT_ONCE:  # noqa: ASYNC110 - only asking tells it
            await asyncio.sleep(0.01)
        assert await client.read_file("1", "/root/a") == b"mine"
        assert not any(one.done() for one in asking)
        while not all(one.done() for one in asking):
            await asyncio.sleep(0.01)
            stage.clock.now += PATIENCE_S / 2
    assert all(isinstance(one.exception(), InLine) for one in asking)
    starting.cancel()
    await asyncio.wait({starting})


async def test_a_sandbox_is_kept_longer(client: SandboxClient) -> None:
    """Its timers show it at once."""
    await client.open("1")
    view = await client.extend("1", 120)

    assert view.timers is not None
    assert view.timers.idle_stop_s == pytest.approx(7200)
    assert (await client.view("1")).timers == view.timers


async def test_what_cannot_be_extended(client: SandboxClient) -> None:
    """Nonsense, and what does not run."""
    with pytest.raises(SandboxGone):
        await client.extend("1", 60)
    for minutes in (0, 241):
        with pytest.raises(BadRequest):
            await client.extend("1", minutes)


async def test_an_unused_disk_is_listed_until_its_learner_returns(
    client: SandboxClient, stage: Stage
) -> None:
    """Unwarned first, then warned; nobody can be warned about what is in use."""
    for learner in "12":
        await client.open(learner)
        await client.close(learner)
    old = time.time() - 61 * DAY_S
    os.utime(stage.home.disk("1"), (old, old))
    [disk] = await client.expiring()
    assert (disk.learner, disk.unused_days, disk.warned) == ("1", 61, False)
    assert disk.deleted_at == pytest.approx(time.time() + 7 * DAY_S, abs=60)
    await client.warned("1")
    [disk] = await client.expiring()
    assert disk.warned
    with pytest.raises(SandboxGone):
        await client.warned("2")
    await client.open("1")

    assert await client.expiring() == []
