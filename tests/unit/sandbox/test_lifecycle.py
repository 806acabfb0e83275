"""The life of sandboxes, on a host engine in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.engine import KEEPER_ENDED, LEARNERS_SIDE_ENDED, SAFE_LABEL, Status
from sandbox.errors import (
    EngineFailed,
    HostEngineDown,
    SandboxGone,
    StartFailed,
)
from tests.fakes.engine import FakeInside
from tests.unit.sandbox.stage import Stage


async def test_opening_makes_a_disk_and_a_container_once(stage: Stage) -> None:
    """The second open finds the first one's."""
    first = await stage.lifecycle.open("1")
    second = await stage.lifecycle.open("1")

    assert (first.state, first.fresh, second.fresh) == ("running", True, False)
    assert len(stage.engine.specs) == 1
    assert stage.home.disk("1").exists()
    [folder] = stage.home.sockets.iterdir()
    assert folder.stat().st_mode & 0o7777 == 0o2750


async def test_two_opens_at_once_start_one_container(stage: Stage) -> None:
    """The second waits for the first instead of racing it."""
    await asyncio.gather(stage.lifecycle.open("1"), stage.lifecycle.open("1"))

    assert len(stage.engine.specs) == 1


async def test_learners_start_at_the_same_time(stage: Stage) -> None:
    """A slow start of one is not the other's wait."""
    stage.engine.start_s = 0.3
    async with asyncio.timeout(0.9):
        await asyncio.gather(*(stage.lifecycle.open(str(n)) for n in range(5)))

    assert stage.engine.running == {"0", "1", "2", "3", "4"}


async def test_every_sandbox_has_its_own_uids(stage: Stage) -> None:
    """Also when they start at once, and when another home has some on this host."""
    label = stage.home.label
    taken = stage.engine.put("9", home="another", status=Status.RUNNING, uid_base=0x7000_0000)
    await asyncio.gather(*(stage.lifecycle.open(str(n)) for n in range(5)))

    bases = [state.uid_base for state in stage.engine.states.values()]
    assert len(set(bases)) == len(bases) == 6
    assert stage.engine.states[taken].home != label


async def test_a_full_machine_is_said_and_a_place_given_up_is_free(tmp_path: Path) -> None:
    """Places are counted while sandboxes are still starting."""
    stage = Stage(tmp_path, capacity=2)
    views = await asyncio.gather(*(stage.lifecycle.open(str(n)) for n in range(4)))
    assert sorted(view.state for view in views) == ["running", "running", "waiting", "waiting"]
    await stage.lifecycle.close(stage.engine.running.pop())
    [first, _] = [view.learner for view in views if view.state == "waiting"]
    await stage.lifecycle.open(first)

    assert len(stage.engine.running) == 2
    assert first in stage.engine.running


async def test_a_full_house_makes_room_where_nobody_is(tmp_path: Path) -> None:
    """Who was away the longest gives up the place, and finds the disk as it was."""
    stage = Stage(tmp_path, capacity=3)
    async with stage.lifecycle.use("1"):  # its command runs for a long time
        await stage.lifecycle.open("2")
        stage.clock.now += 60
        await stage.lifecycle.open("3")
        stage.clock.now += 121
        await stage.lifecycle.open("4")
        assert stage.engine.running == {"1", "3", "4"}
        await stage.lifecycle.open("5")

        assert stage.engine.running == {"1", "4", "5"}
        assert (await stage.lifecycle.open("6")).state == "waiting"
    assert stage.home.disk("2").exists()


async def test_a_full_house_never_runs_over(tmp_path: Path) -> None:
    """However many come at once: each takes another one's place, or stands in line."""
    stage = Stage(tmp_path, capacity=2)
    await asyncio.gather(stage.lifecycle.open("1"), stage.lifecycle.open("2"))
    stage.clock.now += 121
    views = await asyncio.gather(*(stage.lifecycle.open(str(n)) for n in range(3, 7)))

    assert sorted(view.state for view in views) == ["running", "running", "waiting", "waiting"]
    assert len(stage.engine.running) == 2
    assert not stage.engine.running & {"1", "2"}


async def test_a_failed_start_gives_its_place_back(tmp_path: Path) -> None:
    """A sandbox that could not start does not use up the classroom."""
    stage = Stage(tmp_path, capacity=1)
    stage.engine.start_error = StartFailed("no")
    with pytest.raises(StartFailed):
        await stage.lifecycle.open("1")
    stage.engine.start_error = None
    await stage.lifecycle.open("2")

    assert stage.engine.running == {"2"}


async def test_a_first_process_that_fails_is_reported_with_its_words(stage: Stage) -> None:
    """70 to 72 are not the learner's doing: no second try, and nothing is left behind."""
    stage.engine.ends_at_start = [70]
    with pytest.raises(StartFailed, match=r"its last words \(70\)"):
        await stage.lifecycle.open("1")

    assert stage.engine.states == {}
    assert stage.insides["1"].closed


async def test_a_disk_that_ends_every_start_is_started_safely(stage: Stage) -> None:
    """After three ends in ten minutes no container of the learner's is started by itself."""
    stage.engine.ends_at_start = [LEARNERS_SIDE_ENDED, KEEPER_ENDED, LEARNERS_SIDE_ENDED]
    with pytest.raises(StartFailed, match="3 times"):
        await stage.lifecycle.open("1")
    view = await stage.lifecycle.open("1")

    assert view.safe
    safe = [spec.config["Labels"][SAFE_LABEL] for spec in stage.engine.specs]
    assert safe == ["", "", "", "1"]


async def test_old_ends_are_forgotten(stage: Stage) -> None:
    """Three ends spread over a day are no crash loop; a reset clears them too."""
    stage.engine.ends_at_start = [LEARNERS_SIDE_ENDED] * 3
    with pytest.raises(StartFailed):
        await stage.lifecycle.open("1")
    stage.clock.now += 3600

    assert not (await stage.lifecycle.open("1")).safe


async def test_a_start_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """With a reason, and without a container left."""
    stage = Stage(tmp_path, start_limit_s=0.1)
    stage.doors_stuck = True
    with pytest.raises(StartFailed, match="not ready"):
        await stage.lifecycle.open("1")

    assert stage.engine.states == {}


async def test_a_cancelled_start_is_found_again(stage: Stage) -> None:
    """Whoever gives up waiting leaves a container with our label; the next open takes it."""
    stage.doors_stuck = True
    opening = asyncio.create_task(stage.lifecycle.open("1"))
    await asyncio.sleep(0.2)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    stage.doors_stuck = False
    await stage.lifecycle.open("1")

    assert len(stage.engine.specs) == 1
    assert stage.lifecycle.running == 1


async def test_close_keeps_the_disk_and_can_be_repeated(stage: Stage) -> None:
    """Gone is not an error."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    await stage.lifecycle.close("1")

    assert stage.engine.running == set()
    assert stage.home.disk("1").exists()
    assert list(stage.home.sockets.iterdir()) == []
    assert stage.lifecycle.view("1").state == "stopped"


async def test_reset_makes_a_new_disk(stage: Stage) -> None:
    """A used file is never used again."""
    await stage.lifecycle.open("1")
    before = stage.container_of("1")
    stage.home.disk("1").write_bytes(b"used")
    view = await stage.lifecycle.reset("1")
    await stage.lifecycle.let_go()

    assert view.fresh
    assert stage.home.disk("1").stat().st_size > 4
    assert stage.engine.ended == [before]
    assert stage.container_of("1") != before


async def test_what_never_was_is_gone(stage: Stage) -> None:
    """A look at a learner without a sandbox says so instead of making one."""
    with pytest.raises(SandboxGone):
        stage.lifecycle.view("1")
    with pytest.raises(SandboxGone):
        async with stage.lifecycle.use("1", known_only=True):
            pass

    assert stage.engine.specs == []


async def test_a_restarted_service_finds_what_runs(tmp_path: Path) -> None:
    """By label, in its own home only."""
    before = Stage(tmp_path)
    await before.lifecycle.open("1")
    after = Stage(tmp_path)
    after.engine.states = before.engine.states
    after.engine.put("8", home="another", status=Status.RUNNING)
    await after.lifecycle.sync()

    assert after.lifecycle.view("1").state == "running"
    assert after.lifecycle.running == 1
    assert (await after.lifecycle.open("1")).opened_in_ms == 0
    assert after.engine.specs == []


async def test_what_goes_while_we_look_takes_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sandbox that was removed between the list and the disks' names is not held."""
    before = Stage(tmp_path)
    await before.lifecycle.open("1")
    await before.lifecycle.open("2")
    after = Stage(tmp_path)
    after.engine.states = before.engine.states
    gone, names = after.container_of("1"), after.disks.names

    def names_after_the_end() -> dict[int, str]:
        after.engine.states.pop(gone, None)
        return names()

    monkeypatch.setattr(after.disks, "names", names_after_the_end)
    monkeypatch.setattr(
        after.lifecycle._finder, "_enter", lambda sandbox: FakeInside(after.engine, sandbox)
    )
    async with after.lifecycle.still("2"):
        pass

    assert after.lifecycle.running == 1
    assert after.lifecycle.view("2").state == "running"


async def test_an_ended_sandbox_is_started_again(stage: Stage) -> None:
    """The next use makes a new container on the same disk."""
    await stage.lifecycle.open("1")
    first = stage.container_of("1")
    stage.engine.die(first, exit_code=137)
    view = await stage.lifecycle.open("1")

    assert view.state == "running"
    assert not view.fresh
    assert first in stage.engine.removed


async def test_sync_removes_what_ended_and_what_was_never_started(stage: Stage) -> None:
    """And leaves other homes' alone."""
    await stage.lifecycle.open("1")
    stage.engine.die(stage.container_of("1"), exit_code=137)
    stage.engine.put("2", home=stage.home.label, status=Status.CREATED)
    others = stage.engine.put("3", home="another", status=Status.ENDED)
    await stage.lifecycle.sync()

    assert set(stage.engine.states) == {others}
    assert stage.lifecycle.running == 0


async def test_sync_forgets_what_somebody_removed(stage: Stage) -> None:
    """An operator's docker rm frees the place."""
    await stage.lifecycle.open("1")
    stage.engine.states.clear()
    await stage.lifecycle.sync()

    assert stage.lifecycle.running == 0


async def test_sync_removes_socket_folders_without_an_owner(stage: Stage) -> None:
    """They are of sandboxes that ended while nobody looked."""
    await stage.lifecycle.open("1")
    folders = list(stage.home.sockets.iterdir())
    stage.home.socket_folder("2").mkdir()
    await stage.lifecycle.sync()

    assert list(stage.home.sockets.iterdir()) == folders


async def test_idle_sandboxes_stop_but_never_while_they_are_used(stage: Stage) -> None:
    """A command that runs for hours is not idle."""
    await stage.lifecycle.open("1")
    async with stage.lifecycle.use("2"):
        stage.clock.now += 7200
        await stage.lifecycle.open("3")
        await stage.lifecycle.meet_deadlines()
        assert stage.engine.running == {"2", "3"}
    await stage.lifecycle.meet_deadlines()

    assert stage.engine.running == {"2", "3"}


async def test_a_dead_host_engine_does_not_stop_what_runs(stage: Stage) -> None:
    """Who is inside goes on; only starting needs the host's engine."""
    await stage.lifecycle.open("1")
    stage.engine.down = True

    async with stage.lifecycle.use("1") as opened:
        assert opened.opened_in_ms == 0
    with pytest.raises(HostEngineDown):
        await stage.lifecycle.open("2")
    stage.engine.down = False
    assert (await stage.lifecycle.open("2")).state == "running"


async def test_a_sandbox_that_runs_but_lets_nobody_in_is_said(stage: Stage) -> None:
    """It is not replaced behind the learner's back."""
    await stage.lifecycle.open("1")
    stage.insides["1"].stuck = True

    with pytest.raises(EngineFailed):
        await stage.lifecycle.open("1")
    assert stage.engine.running == {"1"}


async def test_letting_go_leaves_sandboxes_running(stage: Stage) -> None:
    """The end of the service is not the end of the sandboxes."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.let_go()

    assert stage.insides["1"].closed
    assert stage.engine.running == {"1"}
