"""The life of sandboxes on the real engine, at the pace of a test: the service in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.contract import Ended, RunEvent, RunRequest
from sandbox.docker_engine import DockerEngine
from sandbox.home import Home
from sandbox.service import Service, running_service
from sandbox.settings import SandboxSettings
from tests.docker_fixtures import LIMITS, docker, new_home

pytestmark = pytest.mark.docker

THAW_S = 0.3
"""The aim is 0.1 s on a machine of its own; this one runs other tests beside it."""
STOP_S = 15


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


def statuses(home: Path) -> str:
    """What the host's engine says of the home's containers."""
    label = f"label=docent.home={Home(home).label}"
    return docker("ps", "--all", "--filter", label, "--format", "{{.State}}").strip()


async def test_a_frozen_sandbox_answers_at_once(own_home: Path) -> None:
    """All that it had in memory is there, and nothing of it ran meanwhile."""
    async with service_of(own_home) as service:
        await run(service, "1", "(while sleep 0.1; do date >>/tmp/ticks; done) & true")
        await run(service, "1", "echo here >/tmp/mark")
        await service.lifecycle.freeze_idle(0)
        assert statuses(own_home) == "paused"
        times = []
        for _ in range(5):
            begun = time.monotonic()
            events = await run(service, "1", "cat /tmp/mark")
            times.append(time.monotonic() - begun)
            await service.lifecycle.freeze_idle(0)

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
        await service.lifecycle.freeze_idle(0)
    async with service_of(own_home) as service:
        assert service.lifecycle.view("1").state == "frozen"
        events = await run(service, "1", "cat /tmp/mark")
        assert isinstance(events[-1], Ended)
        assert events[-1].exit_code == 0


async def test_a_frozen_sandbox_is_stopped_in_time(own_home: Path) -> None:
    """A frozen process takes no signal; the stop thaws it on the way."""
    async with service_of(own_home) as service:
        await service.lifecycle.open("1")
        await service.lifecycle.freeze_idle(0)
        begun = time.monotonic()
        await service.lifecycle.stop_idle(0)

        assert statuses(own_home) == ""
        assert time.monotonic() - begun < STOP_S
