"""The life of sandboxes on the real engine, at the pace of a test: the service in this process."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.contract import Ended, Output, RunEvent, RunRequest
from sandbox.docker_engine import DockerEngine
from sandbox.home import Home
from sandbox.service import Service, running_service
from sandbox.settings import SandboxSettings
from tests.docker_fixtures import LIMITS, docker, new_home, sweep

pytestmark = pytest.mark.docker

THAW_S = 0.3
"""The aim is 0.1 s on a machine of its own; this one runs other tests beside it."""
STOP_S = 15
HAND_OUT_S = 0.1
FROZEN_HAND_OUT_S = 0.3
"""The aim is 0.1 s, as for `THAW_S`."""
SNAPSHOT_S = RESTORE_S = 5.0
"""The aim is 2 s for a restore, on a machine of its own."""
RESET_S = {0: 4.0, 1: 1.0}
"""By warm ones; without, it's the time of a start, 1 s on a machine of its own."""


@asynccontextmanager
async def service_of(home: Path, **changes: Any) -> AsyncGenerator[Service]:
    """The service of a home; its sandboxes outlive it."""
    limits: dict[str, Any] = {name.lower(): value for name, value in LIMITS.items()}
    settings = SandboxSettings(**(limits | {"home": home} | changes))
    engine = DockerEngine(settings.docker_url)
    try:
        async with running_service(settings, engine) as service:
            yield service
    finally:
        engine.close()


@pytest.fixture
async def own_home(images_home: Path) -> AsyncGenerator[Path]:
    """A home without a mirror, for one test."""
    with new_home(images_home) as root:
        yield root


async def run(service: Service, learner: str, line: str) -> list[RunEvent]:
    """All events of a command line."""
    request = RunRequest(line=line)
    return [event async for event in service.commands.run(learner, request, asyncio.Event())]


async def meet(service: Service, **deadlines: float) -> None:
    """Let these deadlines pass, for everybody who uses nothing."""
    usual = service.lifecycle.deadlines
    service.lifecycle.deadlines = replace(usual, **deadlines)
    try:
        await service.lifecycle.meet_deadlines()
    finally:
        service.lifecycle.deadlines = usual


def statuses(home: Path) -> str:
    """What the host's engine says of the home's containers."""
    label = f"label=docent.home={Home(home).label}"
    return docker("ps", "--all", "--filter", label, "--format", "{{.State}}").strip()


async def test_a_frozen_sandbox_answers_at_once(own_home: Path) -> None:
    """All that it had in memory is there, and nothing of it ran meanwhile."""
    async with service_of(own_home) as service:
        await run(service, "1", "(while sleep 0.1; do date >>/tmp/ticks; done) & true")
        await run(service, "1", "echo here >/tmp/mark")
        await meet(service, freeze_s=0)
        assert statuses(own_home) == "paused"
        times = []
        for _ in range(5):
            begun = time.monotonic()
            events = await run(service, "1", "cat /tmp/mark")
            times.append(time.monotonic() - begun)
            await meet(service, freeze_s=0)

        assert isinstance(events[-1], Ended)
        assert events[-1].exit_code == 0
        print("thaw to answer, ms:", [round(seconds * 1000) for seconds in times])
        assert sorted(times)[2] < THAW_S
        await service.lifecycle.close("1")
        assert statuses(own_home) == ""


async def test_a_frozen_sandbox_is_found_frozen_by_the_next_service(own_home: Path) -> None:
    """And its learner notices neither."""
    async with service_of(own_home) as service:
        await run(service, "1", "echo here >/tmp/mark")
        await meet(service, freeze_s=0)
    async with service_of(own_home) as service:
        assert service.lifecycle.view("1").state == "frozen"
        events = await run(service, "1", "cat /tmp/mark")
        assert isinstance(events[-1], Ended)
        assert events[-1].exit_code == 0


async def test_a_frozen_sandbox_is_stopped_in_time(own_home: Path) -> None:
    """A frozen process takes no signal; the stop thaws it on the way."""
    async with service_of(own_home) as service:
        await service.lifecycle.open("1")
        await meet(service, freeze_s=0)
        begun = time.monotonic()
        await meet(service, idle_s=0)

        assert statuses(own_home) == ""
        assert time.monotonic() - begun < STOP_S


async def until(is_so: Callable[[], bool], *, within_s: float = 30) -> None:
    """Wait for something that happens behind everybody's back."""
    async with asyncio.timeout(within_s):
        while not is_so():  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.05)


async def test_the_pool_gives_a_new_learner_a_sandbox_at_once(own_home: Path) -> None:
    """It runs already, and is filled again behind the learner's back."""
    async with service_of(own_home, warm=1) as service:
        times = []
        for learner in ("1", "2", "3"):
            await until(lambda: service.lifecycle.pool.has_some)
            begun = time.monotonic()
            view = await service.lifecycle.open(learner)
            times.append(time.monotonic() - begun)
            events = await run(service, learner, "docker ps && hostname && pwd")
            assert isinstance(events[-1], Ended)
            assert events[-1].exit_code == 0
            assert view.fresh
        print("hand-out, ms:", [round(seconds * 1000) for seconds in times])
        assert sorted(times)[1] < HAND_OUT_S


async def test_a_frozen_one_of_the_pool_is_handed_out_quickly_too(own_home: Path) -> None:
    """It waited for long; the thaw is part of the hand-out."""
    async with service_of(own_home, warm=1) as service:
        times = []
        for learner in ("1", "2", "3"):
            await until(lambda: service.lifecycle.pool.has_some)
            await service.lifecycle.pool.freeze_idle(0)
            begun = time.monotonic()
            await service.lifecycle.open(learner)
            times.append(time.monotonic() - begun)
            assert isinstance((await run(service, learner, "docker ps"))[-1], Ended)
        print("thawed hand-out, ms:", [round(seconds * 1000) for seconds in times])
        assert sorted(times)[1] < FROZEN_HAND_OUT_S


@pytest.mark.parametrize("warm", [0, 1])
async def test_a_reset_is_quick_and_leaves_nothing_of_before(own_home: Path, warm: int) -> None:
    """With the pool and without; the old sandbox is gone soon after, its disk with it."""
    async with service_of(own_home, warm=warm) as service:
        await run(service, "1", "echo mine >/root/file; docker volume create mine")
        if warm:
            await until(lambda: service.lifecycle.pool.has_some)
        begun = time.monotonic()
        view = await service.lifecycle.reset("1")
        took = time.monotonic() - begun
        events = await run(service, "1", "ls /root; docker volume ls -q")
        print(f"reset with {warm} warm, ms:", round(took * 1000))

        assert (view.state, view.fresh) == ("running", True)
        assert took < RESET_S[warm]
        assert [event.type for event in events] == ["started", "ended"]
        await until(lambda: statuses(own_home).count("running") == 1 + warm)


async def test_a_service_that_dies_leaves_a_pool_that_the_next_one_uses(own_home: Path) -> None:
    """And a sandbox that was handed out is its learner's, though its container has no name."""
    async with service_of(own_home, warm=1) as service:
        await until(lambda: service.lifecycle.pool.has_some)
        await service.lifecycle.open("1")
        await run(service, "1", "echo mine >/root/file")
        await until(lambda: service.lifecycle.pool.has_some)
    async with service_of(own_home, warm=1) as service:
        assert service.lifecycle.learners == ["1"]
        assert service.lifecycle.warm == 1
        events = await run(service, "1", "cat /root/file")
        assert isinstance(events[1], Output)
        assert events[1].text == "mine\n"
        assert (await service.lifecycle.open("2")).opened_in_ms < 1000 * FROZEN_HAND_OUT_S


async def test_a_snapshot_is_one_moment_of_a_disk_that_is_written(own_home: Path) -> None:
    """Taken while a program writes as fast as it can; another learner goes on from there."""
    async with service_of(own_home) as service:
        await run(service, "1", "echo mine >/root/file; docker volume create mine")
        await run(service, "1", "(while :; do seq 1000 >>/root/log; sync; done) & true")
        begun = time.monotonic()
        await service.snapshots.take("1", "start")
        took = time.monotonic() - begun
        await run(service, "1", "echo changed >/root/file")
        await service.snapshots.restore("2", "start", of="1")
        line = "cat /root/file; docker volume ls -q; dmesg 2>/dev/null | grep -c EXT4-fs.error"
        forked = texts(await run(service, "2", line))
        mine = texts(await run(service, "1", "cat /root/file"))
        print("snapshot of a disk in use, ms:", round(took * 1000))

        assert forked.startswith("mine\nmine\n")
        assert mine == "changed\n"
        assert took < SNAPSHOT_S


async def test_a_restore_is_quick_and_the_way_back_is_whole(own_home: Path) -> None:
    """As a lesson does that has to start anew: the disk of before, in the time of a start."""
    async with service_of(own_home) as service:
        await run(
            service, "1", "head -c 100M /dev/urandom >/root/big; sha256sum /root/big >/root/sum"
        )
        await service.snapshots.take("1", "start")
        await run(service, "1", "rm -rf /root/*")
        begun = time.monotonic()
        await service.snapshots.restore("1", "start")
        took = time.monotonic() - begun
        events = await run(service, "1", "sha256sum -c /root/sum")
        print("restore of 100 MB, ms:", round(took * 1000))

        assert texts(events) == "/root/big: OK\n"
        assert took < RESTORE_S
        await until(lambda: statuses(own_home) == "running")


async def test_an_upgrade_of_the_engine_image_takes_the_disk_along(own_home: Path) -> None:
    """What runs goes on in the old one; the next start, and the pool, are of the new one."""
    label = Home(own_home).label
    tag = f"docent/engine:upgrade-{label}"
    docker("tag", "docent/engine:latest", tag)
    try:
        async with service_of(own_home, image=tag, warm=1) as service:
            await until(lambda: service.lifecycle.pool.has_some)
            await service.lifecycle.open("1")
            await run(service, "1", "echo mine >/root/file")
            await until(lambda: service.lifecycle.pool.has_some)
            upgrade(tag)
            assert texts(await run(service, "1", "cat /root/file")) == "mine\n"
            await until(lambda: images_of(own_home)[1:] == [image_id(tag)])
            await service.lifecycle.close("1")
            await service.lifecycle.open("1")

            assert texts(await run(service, "1", "cat /root/file")) == "mine\n"
            assert set(images_of(own_home)) == {image_id(tag)}
    finally:
        sweep(own_home)
        docker("rmi", "--force", tag)


def upgrade(tag: str) -> None:
    """Give the tag to an image that differs from the one before."""
    container = docker("create", tag).strip()
    docker("commit", "--change", "LABEL docent.test=upgraded", container, tag)
    docker("rm", container)


def image_id(tag: str) -> str:
    """What the tag stands for."""
    return docker("image", "inspect", "--format", "{{.Id}}", tag).strip()


def images_of(home: Path) -> list[str]:
    """The images of the home's sandboxes, the oldest sandbox first; none while one goes."""
    found = docker("ps", "--all", "--quiet", "--filter", f"label=docent.home={Home(home).label}")
    try:
        said = docker("inspect", "--format", "{{.Image}}", *found.split())
    except subprocess.CalledProcessError:
        return []
    return said.split()[::-1]


def texts(events: list[RunEvent]) -> str:
    """All that a command line printed."""
    return "".join(event.text for event in events if isinstance(event, Output))
