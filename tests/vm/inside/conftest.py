"""One service for all tests, with limits of time for an emulated machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from tests.docker_fixtures import ServiceProcess, home, images_home, new_learner
from tests.integration.conftest import pytest_runtest_makereport
from tests.security.stage import Stage

__all__ = ["home", "images_home", "pytest_runtest_makereport"]

DISK_MIB = 512


@pytest.fixture(scope="session")
def service(home: Path) -> Generator[ServiceProcess]:
    """The service, running for the whole session."""
    process = ServiceProcess(
        home,
        START_LIMIT_S="60",
        COMMAND_LIMIT_S="600",
        DISK_MIB=str(DISK_MIB),
        FREEZE_MINUTES="1",
    )
    process.start()
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture(scope="session")
def live(service: ServiceProcess) -> Stage:
    """What attacks are typed into."""
    return Stage(service)


@pytest.fixture
async def client(service: ServiceProcess) -> AsyncGenerator[SandboxClient]:
    """A client of the service."""
    async with SandboxClient.connect(service.url, service.token) as connected:
        yield connected


@pytest.fixture(scope="session")
def learner() -> str:
    """One learner for the whole session: in emulation, opening a sandbox takes its time."""
    return new_learner()
