"""The warm pool, and what becomes of a sandbox of it when something dies in the middle."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import pytest

from sandbox.contract import Ended
from sandbox.engine import Status
from sandbox.errors import HostEngineDown, SandboxReset, StartFailed
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.stage import Stage


@pytest.fixture
async def warm(tmp_path: Path) -> Stage:
    """A service with one warm sandbox, and two places more."""
    stage = Stage(tmp_path, capacity=3, warm=1)
    await stage.lifecycle.pool.fill()
    return stage


def after_a_crash(before: Stage, *, warm: int = 1) -> Stage:
    """The next service of the same home: files and containers are all that is left."""
    after = Stage(before.home.root, capacity=3, warm=warm)
    after.engine.states = before.engine.states
    return after


def disks(stage: Stage) -> set[str]:
    """Names of the disks that there are, the pool's as `pool`."""
    return {path.stem.partition("-")[0] for path in stage.home.disks.iterdir()}


async def test_a_new_learner_gets_what_is_warm(warm: Stage) -> None:
    """No container is started for it, and nothing about it says that it was somebody's spare."""
    [container] = warm.engine.states
    view = await warm.lifecycle.open("1")

    assert (view.learner, view.state, view.fresh) == ("1", "running", True)
    assert list(warm.engine.states) == [container]
    assert disks(warm) == {"1"}
    assert (warm.lifecycle.running, warm.lifecycle.warm) == (1, 0)
    assert isinstance((await warm.run("1", "docker ps"))[-1], Ended)


async def test_who_has_a_disk_is_started_on_it(warm: Stage) -> None:
    """What is warm has a disk already, and not theirs."""
    await warm.disks.ensure("1")
    await warm.lifecycle.open("1")

    assert len(warm.engine.states) == 2
    assert (warm.lifecycle.running, warm.lifecycle.warm) == (1, 1)


async def test_two_learners_never_get_the_same_one(warm: Stage) -> None:
    """However close together they ask."""
    await asyncio.gather(warm.lifecycle.open("1"), warm.lifecycle.open("2"))

    assert disks(warm) == {"1", "2"}
    assert len(warm.engine.states) == 2


async def test_a_frozen_one_is_thawed_for_its_learner(warm: Stage) -> None:
    """It waits without the processor when it waits for long."""
    await warm.lifecycle.pool.freeze_idle(0)
    [container] = warm.engine.states
    assert warm.engine.states[container].status is Status.FROZEN
    [inside] = warm.insides.values()
    assert (inside.rests, inside.closed) == (True, False)
    await warm.lifecycle.open("1")
    assert not inside.rests

    assert warm.engine.states[container].status is Status.RUNNING
    assert isinstance((await warm.run("1", "docker ps"))[-1], Ended)


async def test_one_that_is_given_away_while_another_is_frozen_is_left_alone(
    tmp_path: Path,
) -> None:
    """The round goes on, and the learner's runs."""
    stage = Stage(tmp_path, capacity=3, warm=2)
    await stage.lifecycle.pool.fill()
    await stage.lifecycle.pool.fill()
    await asyncio.gather(stage.lifecycle.pool.freeze_idle(0), stage.lifecycle.open("1"))

    assert stage.lifecycle.learners == ["1"]
    assert (stage.lifecycle.warm, len(stage.engine.running)) == (1, 1)


async def test_one_that_can_not_be_frozen_leaves_no_way_open(warm: Stage) -> None:
    """It is found again by the next round, which makes a way of its own."""
    [container] = warm.engine.states
    [inside] = warm.insides.values()
    warm.engine.refuses[container] = HostEngineDown("busy")
    await warm.lifecycle.pool.freeze_idle(0)
    del warm.engine.refuses[container]
    await warm.lifecycle.sync()

    assert inside.closed
    assert warm.lifecycle.warm == 1


async def test_a_warm_one_without_its_disk_is_ended(warm: Stage) -> None:
    """Somebody removed the file: nobody may get what runs on it."""
    [disk] = warm.home.disks.iterdir()
    held = disk.open()
    disk.unlink()
    await warm.lifecycle.sync()
    await warm.lifecycle.let_go()
    held.close()

    assert warm.engine.states == {}
    assert warm.lifecycle.warm == 0


async def test_one_that_died_while_it_waited_is_nobodys_problem(warm: Stage) -> None:
    """The learner gets a new one, and nothing is left of the dead one."""
    [container] = warm.engine.states
    warm.engine.die(container, exit_code=137)
    view = await warm.lifecycle.open("1")
    await warm.lifecycle.sync()

    assert view.state == "running"
    assert container not in warm.engine.states
    assert disks(warm) == {"1"}


async def test_the_pool_never_takes_a_place_from_a_learner(tmp_path: Path) -> None:
    """It gives up its own, for those who have a disk too, and is not filled into a full house."""
    stage = Stage(tmp_path, capacity=2, warm=2)
    while await stage.lifecycle.pool.fill():
        pass
    assert stage.lifecycle.warm == 2
    for learner in ("1", "2"):
        await stage.disks.ensure(learner)
        await stage.lifecycle.open(learner)
    await stage.lifecycle.let_go()

    assert stage.engine.running == {"1", "2"}
    assert (stage.lifecycle.warm, await stage.lifecycle.pool.fill()) == (0, False)
    assert (await stage.lifecycle.open("3")).state == "waiting"


async def test_a_full_house_has_nothing_warm_for_those_outside(tmp_path: Path) -> None:
    """A warm sandbox needs a place as well as any other."""
    stage = Stage(tmp_path, capacity=2, warm=2)
    await stage.lifecycle.pool.fill()
    await stage.lifecycle.open("1")
    await stage.lifecycle.pool.fill()
    await stage.lifecycle.open("2")

    assert (await stage.lifecycle.open("3")).state == "waiting"
    assert disks(stage) == {"1", "2"}


async def test_the_pool_follows_what_is_wanted(tmp_path: Path) -> None:
    """More for a class, fewer afterwards."""
    stage = Stage(tmp_path, capacity=5)
    stage.lifecycle.pool.want(3)
    while await stage.lifecycle.pool.fill():
        pass
    assert stage.lifecycle.warm == 3
    stage.lifecycle.pool.want(1)
    await stage.lifecycle.pool.drop_outdated()
    await stage.lifecycle.let_go()

    assert len(stage.engine.states) == stage.lifecycle.warm == 1
    assert disks(stage) == {"pool"}


async def test_a_new_engine_image_replaces_what_is_warm(warm: Stage) -> None:
    """A learner who comes after the upgrade gets the new image."""
    warm.engine.images["docent/engine:latest"] = "sha256:2"
    await warm.lifecycle.pool.drop_outdated()
    await warm.lifecycle.let_go()
    assert warm.engine.states == {}
    await warm.lifecycle.pool.fill()

    assert [state.image for state in warm.engine.states.values()] == ["sha256:2"]


async def test_a_start_for_the_pool_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Neither a disk nor a container nor a taken place."""
    stage = Stage(tmp_path, warm=1)
    stage.engine.ends_at_start = [70]
    with pytest.raises(StartFailed):
        await stage.lifecycle.pool.fill()

    assert stage.engine.states == {}
    assert disks(stage) == set()
    assert stage.lifecycle.warm == 0


async def test_the_pool_fills_itself_again_after_a_hand_out(warm: Stage) -> None:
    """When it is calm again."""
    keeping = asyncio.create_task(warm.lifecycle.pool.run())
    await warm.lifecycle.open("1")
    warm.clock.now += 5
    async with asyncio.timeout(5):
        while not warm.lifecycle.pool.has_some:  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.02)
    keeping.cancel()
    await asyncio.wait({keeping})

    assert len(warm.engine.states) == 2


# A reset.


async def test_a_reset_hands_out_what_is_warm_and_ends_the_old_one(warm: Stage) -> None:
    """Nobody waits for the end, and what was on the old disk is on none."""
    await warm.lifecycle.open("1")
    old = warm.container_of("")
    await warm.lifecycle.pool.fill()
    view = await warm.lifecycle.reset("1")
    assert (view.state, view.fresh) == ("running", True)
    await warm.lifecycle.let_go()

    assert warm.engine.ended == [old]
    assert disks(warm) == {"1"}
    assert warm.lifecycle.running == 1


async def test_a_reset_in_a_full_house_keeps_the_place(tmp_path: Path) -> None:
    """Nobody who waits outside gets in between."""
    stage = Stage(tmp_path, capacity=1)
    await stage.lifecycle.open("1")
    stage.engine.start_s = 0.1
    resetting = asyncio.create_task(stage.lifecycle.reset("1"))
    await asyncio.sleep(0.02)
    assert (await stage.lifecycle.open("2")).state == "waiting"

    assert (await resetting).state == "running"


async def test_a_command_in_a_sandbox_that_is_reset_hears_why(warm: Stage) -> None:
    """It ends, and not as if the machine had failed."""
    await warm.disks.ensure("1")
    await warm.lifecycle.open("1")
    warm.insides["1"].programs["sleep 99"] = program = FakeProgram(holds=True, dies=True)
    running = asyncio.create_task(warm.run("1", "sleep 99"))
    await asyncio.sleep(0.02)
    await warm.lifecycle.reset("1")
    program.let_go.set()

    assert (await running)[-1].model_dump()["error"] == SandboxReset.code


# Something dies in the middle. A hand-out is one rename, so there are three times to die at.


async def test_a_crash_before_the_hand_out_leaves_a_warm_one(warm: Stage) -> None:
    """The next service finds it in the pool."""
    after = after_a_crash(warm)
    await after.lifecycle.sync()

    assert (after.lifecycle.warm, after.lifecycle.running) == (1, 0)
    assert (await after.lifecycle.open("1")).opened_in_ms == 0
    assert after.engine.specs == []


async def test_a_crash_right_after_the_rename_leaves_the_learners_sandbox(warm: Stage) -> None:
    """Though no container has the learner's name."""
    [state] = warm.engine.states.values()
    await warm.disks.give(f"pool-{state.sandbox_id}", "1")
    after = after_a_crash(warm)
    await after.lifecycle.sync()

    assert after.lifecycle.learners == ["1"]
    assert after.lifecycle.warm == 0
    assert after.engine.specs == []


async def test_a_name_that_was_missed_while_it_changed_ends_nobody(
    warm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads a folder while a file is renamed may see it under neither name."""
    await warm.lifecycle.open("1")
    names = warm.disks.names
    looks = count(1)
    monkeypatch.setattr(warm.disks, "names", lambda: {} if next(looks) == 1 else names())
    await warm.lifecycle.sync()
    await warm.lifecycle.let_go()

    assert warm.lifecycle.learners == ["1"]
    assert warm.engine.ended == []


async def test_a_crash_in_the_middle_of_a_reset_ends_the_old_sandbox(warm: Stage) -> None:
    """The old disk has no name any more: what runs on it is nobody's, whoever sits in it."""
    await warm.disks.ensure("1")
    await warm.lifecycle.open("1")
    old = warm.container_of("1")
    [state] = [s for s in warm.engine.states.values() if s.learner == ""]
    held = warm.home.disk("1").open()  # as the loop device of the old sandbox does
    await warm.disks.give(f"pool-{state.sandbox_id}", "1")
    after = after_a_crash(warm, warm=0)
    await after.lifecycle.sync()
    await after.lifecycle.let_go()
    held.close()

    assert after.engine.ended == [old]
    assert after.lifecycle.learners == ["1"]
    assert set(after.engine.states) == {state.container_id}


async def test_a_hand_out_that_is_cancelled_loses_nothing(warm: Stage) -> None:
    """At every step of it: afterwards the sandbox is in the pool, or the learner's."""
    for steps in range(12):
        opening = asyncio.create_task(warm.lifecycle.open("1"))
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        await asyncio.sleep(0.02)  # a rename that began on a thread is finished there
        await warm.lifecycle.sync()
        assert warm.lifecycle.warm + warm.lifecycle.running == len(warm.engine.states) == 1
    view = await warm.lifecycle.open("1")

    assert view.state == "running"
    assert len(warm.engine.specs) == 1


async def test_a_disk_of_the_pool_without_a_sandbox_is_removed(warm: Stage) -> None:
    """The machine went down: nothing runs, and nobody misses it."""
    warm.engine.states.clear()
    after = after_a_crash(warm)
    await after.lifecycle.sync()

    assert disks(after) == set()


async def test_an_end_that_fails_is_made_up_for(warm: Stage) -> None:
    """The host's engine was away for the moment."""
    await warm.disks.ensure("1")
    await warm.lifecycle.open("1")
    old = warm.container_of("1")
    held = warm.home.disk("1").open()
    warm.engine.end_error = HostEngineDown("no answer")
    await warm.lifecycle.reset("1")
    await asyncio.sleep(0.05)
    assert old in warm.engine.states
    warm.engine.end_error = None
    await warm.lifecycle.sync()
    await warm.lifecycle.let_go()
    held.close()

    assert old in warm.engine.ended
    assert warm.lifecycle.learners == ["1"]


async def test_a_disk_that_somebody_removed_takes_its_sandbox_along(stage: Stage) -> None:
    """An operator's rm: what runs on it has no future."""
    await stage.lifecycle.open("1")
    held = stage.home.disk("1").open()
    stage.home.disk("1").unlink()
    await stage.lifecycle.sync()
    await stage.lifecycle.let_go()
    held.close()

    assert stage.engine.states == {}
    assert stage.lifecycle.running == 0
