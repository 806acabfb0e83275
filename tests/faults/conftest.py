"""Scenes for faults: on the host's engine, and on one of their own that may be killed."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from ops.images import ENGINE
from ops.testing import TOGETHER_VARIABLE
from sandbox.client import SandboxClient
from tests.docker_fixtures import home_with_mirror, images_home, new_home
from tests.faults.host import HostEngine, engine_of_our_own
from tests.faults.hurried import JUMP_FILE
from tests.faults.scene import BACK_S, HurriedService, Scene

__all__ = ["images_home"]

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With all tests only a sample of this folder runs."""
    if TOGETHER_VARIABLE not in os.environ:
        return
    left_out = [
        item
        for item in items
        if item.path.parent == FOLDER and item.get_closest_marker("sample") is None
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed shows what the service said meanwhile; all tell how long it took."""
    report = yield
    if report.when == "call":
        for part in vars(item).get("funcargs", {}).values():
            scene = part if isinstance(part, Scene) else getattr(part, "scene", None)
            if isinstance(scene, Scene):
                report.user_properties.append(("back after", scene.took_s))
                if report.failed:
                    report.sections.append(("the service's log", scene.service.log()))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how soon everything was back, whatever the limit was on this machine."""
    took = [
        (took_s, report.nodeid.rpartition("::")[2])
        for report in terminalreporter.getreports("passed")
        for name, took_s in report.user_properties
        if name == "back after"
    ]
    if took:
        late = sum(took_s > BACK_S for took_s, _ in took)
        longest, where = max(took)
        terminalreporter.write_line(
            f"{len(took) - late} of {len(took)} were back within {BACK_S:g} s, "
            f"the last one after {longest:.1f} s ({where})"
        )


@asynccontextmanager
async def scene_on(service: HurriedService, engine: HostEngine) -> AsyncGenerator[Scene]:
    """A learner of this test's own, of whom nothing is left."""
    async with SandboxClient.connect(service.url, service.token) as client:
        scene = Scene(service, engine, client)
        yield scene
        if service.is_running:
            await client.close(scene.learner)
            service.home.disk(scene.learner).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def fault_home(images_home: Path) -> Generator[Path]:
    """A home with a mirror."""
    with home_with_mirror(images_home) as root:
        yield root


@pytest.fixture
async def scene(fault_home: Path) -> AsyncGenerator[Scene]:
    """On the host's engine, with a service of its own."""
    with _running(HurriedService(fault_home)) as service:
        async with scene_on(service, HostEngine()) as scene:
            yield scene
    (fault_home / JUMP_FILE).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def own_engine() -> Generator[HostEngine]:
    """A host engine that may be killed; it has the engine image."""
    with engine_of_our_own() as engine:
        engine.load(ENGINE)
        yield engine


@pytest.fixture
async def own_scene(images_home: Path, own_engine: HostEngine) -> AsyncGenerator[Scene]:
    """On the engine that may be killed, without a mirror."""
    with (
        new_home(images_home) as root,
        _running(HurriedService(root, DOCKER_URL=own_engine.url)) as service,
    ):
        async with scene_on(service, own_engine) as scene:
            yield scene


@contextmanager
def _running(service: HurriedService) -> Generator[HurriedService]:
    service.start()
    try:
        yield service
    finally:
        service.stop()
