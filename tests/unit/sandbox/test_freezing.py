"""Sandboxes that nobody uses are frozen, and awake again before anything is asked of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.contract import Ended
from sandbox.engine import Status
from sandbox.errors import HostEngineDown
from tests.unit.sandbox.stage import DEADLINES, Stage

FREEZE_S = DEADLINES.freeze_s


def status_of(stage: Stage, learner: str) -> Status:
    """What the learner's container does."""
    return stage.engine.states[stage.container_of(learner)].status


async def freeze(stage: Stage, learner: str = "1") -> None:
    """Open the learner's sandbox, and let it be frozen."""
    await stage.lifecycle.open(learner)
    stage.clock.now += FREEZE_S
    await stage.lifecycle.meet_deadlines()


async def test_what_nobody_uses_is_frozen_and_not_dead(stage: Stage) -> None:
    """It holds its place, is seen as frozen, and rounds leave it alone."""
    await freeze(stage)
    await stage.lifecycle.meet_deadlines()
    await stage.lifecycle.sync()

    assert status_of(stage, "1") is Status.FROZEN
    assert (stage.insides["1"].rests, stage.insides["1"].closed) == (True, False)
    assert stage.lifecycle.view("1").state == "frozen"
    assert (stage.lifecycle.running, stage.lifecycle.frozen) == (1, 1)
    assert stage.engine.removed == []


async def test_a_command_that_runs_is_never_frozen(stage: Stage) -> None:
    """However long it takes."""
    async with stage.lifecycle.use("1"):
        stage.clock.now += 10 * FREEZE_S
        await stage.lifecycle.meet_deadlines()
        assert status_of(stage, "1") is Status.RUNNING


async def test_the_next_command_thaws_it(stage: Stage) -> None:
    """The same container; several at once thaw it once, and nobody runs into the ice."""
    await freeze(stage)
    container = stage.container_of("1")
    results = await asyncio.gather(*(stage.run("1", f"echo {n}") for n in range(3)))

    assert all(isinstance(events[-1], Ended) for events in results)
    assert stage.container_of("1") == container
    assert stage.lifecycle.view("1").state == "running"
    assert not stage.insides["1"].rests
    assert len(stage.engine.specs) == 1


async def test_the_way_into_an_older_image_is_closed(stage: Stage) -> None:
    """Its end of a connection may not bear the silence; the next command comes in anew."""
    await stage.lifecycle.open("1")
    stage.engine.images = {"docent/engine:latest": "sha256:2"}
    await stage.lifecycle.sync()
    stage.clock.now += FREEZE_S
    await stage.lifecycle.meet_deadlines()
    assert stage.insides["1"].closed

    assert isinstance((await stage.run("1", "docker ps"))[-1], Ended)
    assert len(stage.engine.specs) == 1


async def test_facts_and_pages_thaw_it_too(stage: Stage) -> None:
    """Whatever uses a sandbox finds it awake."""
    await freeze(stage)
    async with stage.lifecycle.use("1", known_only=True) as opened:
        await opened.sandbox.inside.facts()

    assert status_of(stage, "1") is Status.RUNNING


async def test_a_restarted_service_finds_what_is_frozen(tmp_path: Path) -> None:
    """Adopted as it is, thawed by the next command."""
    before = Stage(tmp_path)
    await freeze(before)
    after = Stage(tmp_path)
    after.engine.states = before.engine.states
    await after.lifecycle.sync()
    assert after.lifecycle.view("1").state == "frozen"
    await after.run("1", "docker ps")

    assert after.lifecycle.view("1").state == "running"
    assert after.engine.specs == []


async def test_what_somebody_else_froze_is_thawed(stage: Stage) -> None:
    """An operator's docker pause, or a freeze whose answer never came."""
    await stage.lifecycle.open("1")
    await stage.engine.freeze(stage.container_of("1"))

    assert (await stage.lifecycle.open("1")).state == "running"
    assert len(stage.engine.specs) == 1


async def test_what_somebody_else_thawed_is_used_as_it_is(stage: Stage) -> None:
    """An operator's docker unpause."""
    await freeze(stage)
    await stage.engine.thaw(stage.container_of("1"))

    assert (await stage.lifecycle.open("1")).state == "running"


@pytest.mark.parametrize("removed", [True, False])
async def test_what_died_in_the_ice_is_started_again(stage: Stage, removed: bool) -> None:
    """With its disk."""
    await freeze(stage)
    container = stage.container_of("1")
    stage.engine.die(container, exit_code=137)
    if removed:
        await stage.engine.remove(container)
    view = await stage.lifecycle.open("1")

    assert (view.state, view.fresh) == ("running", False)
    assert stage.container_of("1") != container


async def test_a_freeze_that_breaks_off_harms_nobody(stage: Stage) -> None:
    """The engine went away in the middle: whether it froze is not known, and the next use works."""
    await stage.lifecycle.open("1")
    stage.clock.now += FREEZE_S
    stage.engine.down = True
    with pytest.raises(HostEngineDown):
        await stage.lifecycle.meet_deadlines()
    with pytest.raises(HostEngineDown):
        await stage.lifecycle.open("1")
    stage.engine.down = False

    assert (await stage.lifecycle.open("1")).state == "running"


async def test_what_is_frozen_for_long_is_stopped(stage: Stage) -> None:
    """It frees its memory then, and leaves its disk."""
    await freeze(stage)
    stage.clock.now += DEADLINES.idle_s
    await stage.lifecycle.meet_deadlines()

    assert stage.engine.states == {}
    assert stage.lifecycle.view("1").state == "stopped"


async def test_a_frozen_sandbox_can_be_closed_and_reset(stage: Stage) -> None:
    """Without being thawed by us first."""
    await freeze(stage)
    await stage.lifecycle.reset("1")
    assert stage.lifecycle.view("1").state == "running"
    await freeze(stage)
    await stage.lifecycle.close("1")

    assert stage.engine.states == {}
