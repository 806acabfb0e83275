"""One service for all attacks; who attacks and who is attacked have working sandboxes before."""

from __future__ import annotations

import pytest

from tests.docker_fixtures import ServiceProcess, home, images_home, service
from tests.security.door import Door
from tests.security.stage import Stage

__all__ = ["home", "images_home", "service"]

ATTACKER = "101"
NEIGHBOUR = "102"


@pytest.fixture(scope="session")
def live(service: ServiceProcess) -> Stage:
    """A running service with its mirror."""
    return Stage(service)


@pytest.fixture
def door(live: Stage) -> Door:
    """The door of the running service."""
    return Door(live.home.socket, live.service.token, live.service.pid)


@pytest.fixture
async def attacker(live: Stage) -> str:
    """A learner with a working engine that has busybox; what the last test broke is reset."""
    return await _ready(live, ATTACKER)


@pytest.fixture
async def neighbour(live: Stage) -> str:
    """Another learner, with a container that runs."""
    learner = await _ready(live, NEIGHBOUR)
    await live.run(learner, "docker start web || docker run -d --name web -p 80:80 nginx")
    return learner


async def _ready(live: Stage, learner: str) -> str:
    ask = "docker image inspect busybox >/dev/null 2>&1 || docker pull -q busybox"
    answer = await live.run(learner, ask)
    if answer.exit_code != 0:
        async with live.client() as client:
            await client.reset(learner)
        answer = await live.run(learner, ask)
    assert answer.exit_code == 0, answer.output
    return learner
