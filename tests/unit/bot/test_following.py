"""Follow-me: who is counted in which group, and lines that run for those who opted in alone."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classroom.following import AT_ONCE, Following, FollowRun, Shown
from bot.classroom.outcomes import GROUPS, met, tally
from bot.errors import LearnerError
from db import following as rows
from db import history, learners
from db.following import Follow, FollowOutcome
from sandbox.errors import NoCapacity
from tests.unit.bot.conftest import YUNA, Room

SERVER, OTHER, CHANNEL, TEACHER = 2**60 + 100, 2**60 + 200, 5, 2**60 + 300
PORT_TAKEN = (
    "docker: Error response from daemon: driver failed programming external connectivity on "
    "endpoint x (abc): Bind for 0.0.0.0:80 failed: port is already allocated.\n"
)

outcomes = st.lists(
    st.builds(
        FollowOutcome,
        learner_id=st.integers(1, 10**6),
        name=st.text(max_size=5),
        outcome=st.sampled_from(["pending", "ok", "failed", "absent", "left"]),
        exit_code=st.one_of(st.none(), st.integers(1, 255)),
        error=st.one_of(st.none(), st.sampled_from(["port_taken", "no_such_image"])),
    ),
    max_size=60,
)


@given(outcomes)
def test_everybody_is_in_one_group(found: list[FollowOutcome]) -> None:
    """Nobody is lost or counted twice; the same error is what most of those who failed met."""
    counted = tally(found)
    assert counted.total == len(found)
    assert sorted(map(repr, (each for _, each in counted.rows()))) == sorted(map(repr, found))
    assert len(counted.of("ok")) == sum(each.outcome == "ok" for each in found)
    errors = [met(each) for each in found if met(each) is not None]
    if not errors:
        assert counted.same is None
        return
    assert len(counted.of("same_error")) == max(map(errors.count, errors))
    assert {met(each) for each in counted.of("same_error")} == {counted.same}
    assert len(counted.of("same_error")) + len(counted.of("other_error")) == len(errors)


@given(outcomes, st.randoms())
def test_the_order_of_answers_changes_no_group(found: list[FollowOutcome], random: object) -> None:
    """Which error is the same one does not hang on who was faster."""
    other = list(found)
    random.shuffle(other)  # type: ignore[attr-defined] # a Random
    sizes = [[len(tally(each).of(group)) for group in GROUPS] for each in (found, other)]
    assert sizes[0] == sizes[1]
    assert tally(found).same == tally(other).same


@pytest.fixture
def following(room: Room) -> Following:
    """The use cases."""
    return room.classroom.following


async def joined(room: Room, *learner_ids: int) -> Follow:
    """A follow-me with these learners in it."""
    following = room.classroom.following
    follow, _ = await following.start(server_id=SERVER, channel_id=CHANNEL, instructor_id=TEACHER)
    for learner_id in learner_ids:
        async with room.database.transaction() as session:
            await learners.enrol(session, learner_id, language="ko", name=f"L{learner_id}")
        assert await following.join(follow, learner_id)
    return follow


async def performed(following: Following, run: FollowRun) -> list[Shown]:
    """The line, said yes to."""
    followers = await following.begin(run)
    return [shown async for shown in following.perform(run, followers)]


async def test_a_line_runs_for_those_who_opted_in(following: Following, room: Room) -> None:
    """Like a command of their own: in their history, with its error; and for nobody else."""
    follow = await joined(room, YUNA, YUNA + 1, YUNA + 2)
    await following.leave(follow, YUNA + 2)
    room.sandboxes.answer("docker run -p 80:80 nginx", PORT_TAKEN, exit_code=125)
    run, engines = await following.ask(follow, TEACHER, "run -p 80:80 nginx")
    assert (run.line, engines) == ("docker run -p 80:80 nginx", 2)
    assert room.sandboxes.ran == []

    shown = await performed(following, run)

    assert {who for who, _ in room.sandboxes.ran} == {str(YUNA), str(YUNA + 1)}
    assert {each.follower.learner_id for each in shown} == {YUNA, YUNA + 1}
    counted = await following.tally(run)
    assert len(counted.of("same_error")) == 2
    async with room.database.transaction() as session:
        (record,) = await history.recent(session, YUNA, 5)
    assert (record.line, record.exit_code) == (run.line, 125)
    assert record.error == counted.same


async def test_one_yes_is_one_run(following: Following, room: Room) -> None:
    """However often it is pressed; and none after a no."""
    follow = await joined(room, YUNA)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    both = await asyncio.gather(*(following.begin(run) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, LearnerError) for each in both) == 4
    second, _ = await following.ask(follow, TEACHER, "docker ps")
    assert await following.cancel(second)
    with pytest.raises(LearnerError, match="asked_before"):
        await following.begin(second)


async def test_only_a_few_engines_at_once(following: Following, room: Room) -> None:
    """A class of forty does not start forty commands in one moment."""
    follow = await joined(room, *range(YUNA, YUNA + 40))
    busiest = 0
    running = 0
    play = room.sandboxes._play

    async def counted(run: object) -> object:
        nonlocal busiest, running
        running += 1
        busiest = max(busiest, running)
        try:
            async for event in play(run):  # type: ignore[arg-type] # what it is given
                await asyncio.sleep(0)
                yield event
        finally:
            running -= 1

    room.sandboxes._play = counted  # type: ignore[assignment,method-assign] # counts on the way
    room.sandboxes.places._capacity, room.sandboxes.slow_s = 100, 0.05
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    await performed(following, run)
    assert 1 < busiest <= AT_ONCE
    assert len((await following.tally(run)).of("ok")) == 40


async def test_an_engine_that_fails_is_one_that_did_not_run(
    following: Following, room: Room
) -> None:
    """The others go on."""
    follow = await joined(room, YUNA, YUNA + 1)
    room.sandboxes.answer("docker ps", dies=True)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    await performed(following, run)
    assert len((await following.tally(run)).of("absent")) == 2
    room.sandboxes.down = NoCapacity()
    run, _ = await following.ask(follow, TEACHER, "docker images")
    shown = await performed(following, run)
    assert {each.outcome for each in shown} == {"absent"}


async def test_who_leaves_in_time_is_left_out(following: Following, room: Room) -> None:
    """Between the yes and their turn, too."""
    follow = await joined(room, YUNA, YUNA + 1)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    followers = await following.begin(run)
    await following.leave(follow, YUNA)
    shown = [each async for each in following.perform(run, followers)]
    assert [each.follower.learner_id for each in shown] == [YUNA + 1]
    assert str(YUNA) not in {who for who, _ in room.sandboxes.ran}


async def test_who_deletes_their_data_is_in_no_table(following: Following, room: Room) -> None:
    """In the middle of a run, too, and the run comes to its end."""
    follow = await joined(room, YUNA, YUNA + 1)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    followers = await following.begin(run)
    await room.classroom.privacy.delete(YUNA)
    shown = [each async for each in following.perform(run, followers)]
    assert [each.follower.learner_id for each in shown] == [YUNA + 1]
    assert (await following.tally(run)).total == 1
    assert str(YUNA) not in room.sandboxes.known


async def test_an_outcome_that_comes_too_late(following: Following, room: Room) -> None:
    """Nothing is written down of somebody who deleted their data while it ran."""
    follow = await joined(room, YUNA)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    await following.begin(run)
    await room.classroom.privacy.delete(YUNA)
    async with room.database.transaction() as session:
        await rows.note(session, run.id, YUNA, outcome="ok", exit_code=0)
        assert await rows.outcomes(session, run.id) == []


async def test_who_left_the_server_is_counted_once(following: Following, room: Room) -> None:
    """Before the yes alone: what a run found out is not overwritten by a second press."""
    follow = await joined(room, YUNA, YUNA + 1, YUNA + 2)
    run, engines = await following.ask(follow, TEACHER, "docker ps", gone={YUNA})
    assert engines == 2
    await following.let_go(run, {YUNA + 1})
    followers = await following.begin(run)
    assert [each.learner_id for each in followers] == [YUNA + 2]
    _ = [each async for each in following.perform(run, followers)]
    await following.let_go(run, {YUNA + 2})
    counted = await following.tally(run)
    assert [each.learner_id for each in counted.of("left")] == [YUNA, YUNA + 1]
    assert [each.learner_id for each in counted.of("ok")] == [YUNA + 2]
    assert await following.count(follow) == 0


@pytest.mark.parametrize("line", ["docker run -it nginx sh", "vi x", "docker logs -f web"])
async def test_nothing_that_keeps_going(following: Following, room: Room, line: str) -> None:
    """Nobody types for forty people at once."""
    follow = await joined(room, YUNA)
    with pytest.raises(LearnerError, match=r"follow\.interactive"):
        await following.ask(follow, TEACHER, line)


async def test_another_server_knows_nothing_of_it(following: Following, room: Room) -> None:
    """Its ids in buttons lead nowhere there."""
    follow = await joined(room, YUNA)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    with pytest.raises(LearnerError, match=r"follow\.over"):
        await following.of(follow.id, OTHER)
    with pytest.raises(LearnerError, match=r"follow\.over"):
        await following.run_of(run.id, OTHER)
    with pytest.raises(LearnerError, match=r"follow\.none_here"):
        await following.here(CHANNEL, OTHER)
    await following.end(follow)
    with pytest.raises(LearnerError, match=r"follow\.over"):
        await following.of(follow.id, SERVER)
    with pytest.raises(LearnerError, match=r"follow\.over"):
        await following.begin(run)
    assert await following.count(follow) == 0


async def test_what_a_killed_bot_left_is_broken_off(following: Following, room: Room) -> None:
    """What is known stays, the rest did not run; it is not begun again by itself."""
    follow = await joined(room, YUNA, YUNA + 1)
    run, _ = await following.ask(follow, TEACHER, "docker ps")
    await following.begin(run)
    assert await following.running() == [run.id]
    broken = await following.break_off(run.id)
    assert broken is not None
    assert broken.state == "broken"
    assert len((await following.tally(run)).of("absent")) == 2
    assert await following.running() == []
    assert await following.break_off(run.id) == broken
    assert room.sandboxes.ran == []
