"""The service as a whole: what it refuses to start with, and how all of it is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.errors import HostEngineDown
from sandbox.service import running_service, stop_all
from sandbox.settings import SandboxSettings
from tests.fakes.engine import FakeEngine
from tests.unit.sandbox.stage import Stage
from tests.unit.sandbox.test_settings import GOOD


def make_settings(home: Path, **changes: str) -> SandboxSettings:
    """Settings of a home that was set up."""
    (home / "seccomp.json").write_text("{}")
    return SandboxSettings(**{**GOOD, "home": home, "warm": "0", **changes})


async def test_a_runtime_that_the_engine_does_not_know_is_refused(tmp_path: Path) -> None:
    """At the start, in a sentence that says which ones there are; not to each learner."""
    settings = make_settings(tmp_path, runtime="runsc")
    with pytest.raises(ValueError, match=r"'runsc' of DOCENT_SANDBOX_RUNTIME; it knows runc"):
        async with running_service(settings, FakeEngine()):
            pass


async def test_a_runtime_that_the_engine_knows_is_used(tmp_path: Path) -> None:
    """For every sandbox."""
    engine = FakeEngine()
    engine.runtimes = frozenset({"runc", "runsc"})
    engine.ends_at_start = [70]  # far enough to see the container that was asked for
    async with running_service(make_settings(tmp_path, runtime="runsc"), engine) as service:
        with pytest.raises(Exception, match="its last words"):
            await service.lifecycle.open("1")

    assert engine.specs[0].config["HostConfig"]["Runtime"] == "runsc"


async def test_an_engine_that_is_down_does_not_keep_the_service_down(tmp_path: Path) -> None:
    """Whether it knows the runtime shows when it is back."""
    engine = FakeEngine()
    engine.down = True
    async with running_service(make_settings(tmp_path, runtime="runsc"), engine) as service:
        health = await service.ability.health()

    assert not health.engine


async def test_stopping_all_goes_on_after_one_that_can_not_be_stopped(tmp_path: Path) -> None:
    """It is counted as left, and the sandboxes of other homes are nobody's business here."""
    stage = Stage(tmp_path / "ours", capacity=9)
    for number in range(5):
        await stage.lifecycle.open(str(number))
    stage.engine.refuses[stage.container_of("1")] = HostEngineDown("can't kill it")
    ours = make_settings(stage.home.root)
    others = make_settings(stage.home.root.parent)

    assert await stop_all(others, stage.engine) == (0, 0)
    assert await stop_all(ours, stage.engine) == (4, 1)
    assert stage.engine.running == {"1"}
