"""Raised hands as the use cases see them: the queue, the estimate, forks that can be nobody's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classroom.forks import FIRST, KEPT_FOR, Forks, fork_of, is_fork, snapshot_of
from bot.classroom.hands import LOWERED_AFTER, Hand, Hands, Standing, wait_estimate
from bot.errors import LearnerError
from db import hands as rows
from db import learners
from sandbox.contract import Expiring
from sandbox.errors import EngineFailed, NoCapacity, SandboxGone
from sandbox.snapshots import NAME
from tests.unit.bot.conftest import YUNA, Room

SERVER, OTHER, CHANNEL, TEACHER = 2**60 + 100, 2**60 + 200, 5, 2**60 + 300
MINHO = YUNA + 1


@pytest.fixture
async def hands(room: Room) -> Hands:
    """The use cases; Minho learns here, too."""
    async with room.database.transaction() as session:
        await learners.enrol(session, MINHO, language="en", name="Minho")
    return room.classroom.hands


@pytest.fixture
def forks(room: Room) -> Forks:
    """The forks."""
    return room.classroom.forks


async def raised(hands: Hands, learner_id: int = YUNA, server_id: int = SERVER) -> Standing:
    """The learner's hand, which is up."""
    found = await hands.raise_hand(learner_id, server_id=server_id, channel_id=CHANNEL)
    assert isinstance(found, Standing)
    return found


async def helped(hands: Hands, learner_id: int = YUNA) -> Hand:
    """A help that goes on."""
    hand = (await raised(hands, learner_id)).hand
    taken = await hands.take(hand.id, server_id=SERVER, helper_id=TEACHER)
    assert taken.won
    return await hands.begin(taken.hand, thread_id=9, panel_id=10)


durations = st.lists(st.floats(1, 7200), min_size=1, max_size=20)


def test_nobody_knows_before_the_first_help() -> None:
    """No guess is made up."""
    assert wait_estimate([], place=3, helping=1) is None


@given(durations, st.integers(1, 300), st.integers(0, 20))
def test_further_back_is_never_sooner(found: list[float], place: int, helping: int) -> None:
    """The estimate grows with the place, and does not get longer with more helpers."""
    here = wait_estimate(found, place=place, helping=helping)
    behind = wait_estimate(found, place=place + 1, helping=helping)
    more = wait_estimate(found, place=place, helping=max(1, helping) + 1)
    first = wait_estimate(found, place=place, helping=max(1, helping))
    assert here is not None
    assert behind is not None
    assert more is not None
    assert first is not None
    assert 0 <= here < behind
    assert more <= first


def test_the_first_in_line_waits_for_nobody_when_nobody_is_helped() -> None:
    """And behind a help that goes on, for one help."""
    assert wait_estimate([600], place=1, helping=0) == 0
    assert wait_estimate([600], place=1, helping=1) == 600
    assert wait_estimate([300, 600, 60_000], place=2, helping=2) == 600


async def test_the_queue_goes_by_time(hands: Hands) -> None:
    """Each server has its own; who lowers the hand leaves the place to others."""
    assert (await raised(hands)).place == 1
    assert (await raised(hands, MINHO)).place == 2
    assert (await raised(hands, MINHO, OTHER)).place == 1
    assert not (await raised(hands, MINHO)).new
    assert [hand.name for hand in await hands.queue(SERVER)] == ["Yuna", "Minho"]
    await hands.lower(YUNA, SERVER)
    again = await hands.mine(MINHO, SERVER)
    assert isinstance(again, Standing)
    assert again.place == 1
    assert (await raised(hands)).place == 2


async def test_a_sentence_is_one_visible_line(hands: Hands) -> None:
    """Whatever was pasted into the form, and never longer than a card takes."""
    found = await hands.raise_hand(
        YUNA, server_id=SERVER, channel_id=CHANNEL, sentence="a\n\u202eb\0 " + "c" * 900
    )
    assert isinstance(found, Standing)
    assert found.hand.sentence.startswith("a b c")
    assert len(found.hand.sentence) == 300


async def test_whoever_deleted_their_data_raises_no_hand(hands: Hands, room: Room) -> None:
    """With a form that was open all the while: they hear so, and nothing is kept of them."""
    await raised(hands)
    await room.classroom.privacy.delete(YUNA)
    with pytest.raises(LearnerError, match=r"hand\.none"):
        await hands.raise_hand(YUNA, server_id=SERVER, channel_id=5, sentence="?")
    assert await hands.queue(SERVER) == ()


async def test_a_hundred_at_once_raise_one_hand_each(hands: Hands) -> None:
    """However often it is pressed."""
    await asyncio.gather(*(raised(hands, who) for who in (YUNA, MINHO) * 20))
    assert len(await hands.queue(SERVER)) == 2


async def test_a_hand_of_another_server_is_unknown(hands: Hands) -> None:
    """Its id in a button leads nowhere."""
    hand = (await raised(hands)).hand
    for number in (hand.id, hand.id + 1):
        with pytest.raises(LearnerError, match=r"hand\.over"):
            await hands.of(number, OTHER)
        with pytest.raises(LearnerError, match=r"hand\.over"):
            await hands.take(number, server_id=OTHER, helper_id=TEACHER)
    with pytest.raises(LearnerError, match=r"hand\.own"):
        await hands.take(hand.id, server_id=SERVER, helper_id=YUNA)


async def test_a_help_that_ended_counts_for_the_estimate(hands: Hands, room: Room) -> None:
    """From taken to closed; one that was given up does not."""
    hand = await helped(hands)
    room.clock.skip(timedelta(minutes=10))
    assert await hands.close(hand, "helped")
    assert not await hands.close(hand, "expired")
    usual = await hands.usual(SERVER)
    assert usual == pytest.approx(600, abs=10)
    assert await hands.usual(OTHER) is None


async def test_what_was_allowed_ends_with_the_help(hands: Hands, room: Room) -> None:
    """A later help begins with nothing allowed."""
    hand = await hands.allow(await helped(hands), look=True, fork=True)
    assert hand.may_look
    await hands.close(hand, "helped")
    with pytest.raises(LearnerError):
        await hands.of(hand.id, SERVER)
    again = await helped(hands)
    assert not again.may_look
    assert not again.may_fork
    with pytest.raises(LearnerError, match="not_allowed"):
        await room.classroom.help_looks.look(again, "map")


async def test_a_taken_hand_without_a_help_is_given_back(hands: Hands, room: Room) -> None:
    """A bot that was killed between the two leaves nobody waiting for ever."""
    hand = (await raised(hands)).hand
    await hands.take(hand.id, server_id=SERVER, helper_id=TEACHER)
    await hands.give_back_stuck()
    assert await hands.queue(SERVER) == ()
    room.clock.skip(timedelta(minutes=5))
    await hands.give_back_stuck()
    assert [each.id for each in await hands.queue(SERVER)] == [hand.id]


async def test_hands_go_down_by_themselves(hands: Hands, room: Room) -> None:
    """After the time that the learner was told."""
    hand = (await raised(hands)).hand
    assert await hands.due() == ()
    room.clock.skip(LOWERED_AFTER)
    assert [each.id for each in await hands.due()] == [hand.id]


@given(st.integers(1, 10**15))
def test_a_fork_is_nobodys_sandbox(hand_id: int) -> None:
    """Its name is a name that the service takes, and no id that Discord could give."""
    name = str(FIRST + hand_id)
    assert len(name) == 20
    assert int(name) > 2**64
    assert is_fork(name)
    assert not is_fork(str(2**64 - 1))


async def test_a_fork_needs_consent_and_is_one(hands: Hands, forks: Forks, room: Room) -> None:
    """None without a yes, none twice; in the state of the learner's engine; no snapshot stays."""
    hand = await helped(hands)
    with pytest.raises(LearnerError, match=r"hand\.fork\.not_now"):
        await forks.make(hand)
    hand = await hands.allow(hand, fork=True)
    both = await asyncio.gather(*(forks.make(hand) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(each, LearnerError) for each in both) == 3
    assert fork_of(hand) in room.sandboxes.running
    assert await room.sandboxes.snapshots(str(YUNA)) == []


async def test_two_helps_of_one_learner_make_their_forks_at_once(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """In two servers: neither takes the other's snapshot away, and room for one is enough."""
    first = await hands.allow(await helped(hands), fork=True)
    await raised(hands, YUNA, OTHER)
    found = await hands.queue(OTHER)
    taken = await hands.take(found[0].id, server_id=OTHER, helper_id=TEACHER + 1)
    begun = await hands.begin(taken.hand, thread_id=11, panel_id=12)
    second = await hands.allow(begun, fork=True)
    assert snapshot_of(first) != snapshot_of(second)
    assert NAME.fullmatch(snapshot_of(first))

    room.sandboxes.most_snapshots = 1
    room.sandboxes.slow_s = 0.01
    await asyncio.gather(forks.make(first), forks.make(second))
    assert {fork_of(first), fork_of(second)} <= room.sandboxes.running
    assert await room.sandboxes.snapshots(str(YUNA)) == []


async def test_a_fork_that_ends_leaves_the_snapshot_of_another_help(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """It may be just what that one is made from."""
    hand = await hands.allow(await helped(hands), fork=True)
    await forks.make(hand)
    other = snapshot_of(replace(hand, id=hand.id + 1))
    await room.sandboxes.take_snapshot(str(YUNA), other)
    await forks.throw_away(hand)
    assert [each.name for each in await room.sandboxes.snapshots(str(YUNA))] == [other]


async def test_a_fork_that_can_not_be_made_leaves_nothing(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """The house is full: the learner's snapshot is gone, and it can be tried again."""
    hand = await hands.allow(await helped(hands), fork=True)
    room.sandboxes.places._capacity = 0
    with pytest.raises(NoCapacity):
        await forks.make(hand)
    assert await room.sandboxes.snapshots(str(YUNA)) == []
    assert fork_of(hand) not in room.sandboxes.known
    room.sandboxes.places._capacity = 5
    await forks.make(hand)


async def test_a_fork_ends_with_the_help_the_hour_and_the_learner(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """Whichever comes first; what is deleted leaves no copy of the disk."""
    hand = await hands.allow(await helped(hands), fork=True)
    await forks.make(hand)
    room.clock.skip(KEPT_FOR)
    assert [each.id for each in await forks.clear_away()] == [hand.id]
    assert fork_of(hand) not in room.sandboxes.known
    with pytest.raises(LearnerError, match=r"hand\.fork\.none"):
        async with forks.run(await hands.of(hand.id, SERVER), "docker ps"):
            pass

    await forks.make(hand)
    await hands.close(hand, "helped")
    assert fork_of(hand) not in room.sandboxes.known

    second = await hands.allow(await helped(hands), fork=True)
    await forks.make(second)
    await room.classroom.privacy.delete(YUNA)
    assert fork_of(second) not in room.sandboxes.known


async def test_a_learner_who_leaves_while_the_fork_is_made(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """The copy that comes too late is thrown away."""
    hand = await hands.allow(await helped(hands), fork=True)
    room.sandboxes.slow_s = 0.05
    making = asyncio.ensure_future(forks.make(hand))
    async with asyncio.timeout(5):
        while (await _fork_until(room, hand)) is None:  # noqa: ASYNC110 - by the other task
            await asyncio.sleep(0)
    async with room.database.transaction() as session:
        await rows.allow(session, hand.id, fork=False)
    with pytest.raises(LearnerError, match=r"hand\.fork\.not_now"):
        await making
    assert fork_of(hand) not in room.sandboxes.known
    assert await room.sandboxes.snapshots(str(YUNA)) == []


async def _fork_until(room: Room, hand: Hand) -> object:
    async with room.database.transaction() as session:
        found = await rows.get(session, hand.id)
    return None if found is None else found.fork_until


async def test_a_fork_that_the_service_lost_is_not_opened_empty(
    hands: Hands, forks: Forks, room: Room
) -> None:
    """A command there fails, rather than run on an engine with nothing in it."""
    hand = await hands.allow(await helped(hands), fork=True)
    await forks.make(hand)
    await room.sandboxes.forget(fork_of(hand))
    with pytest.raises(SandboxGone):
        async with forks.run(await hands.of(hand.id, SERVER), "docker ps"):
            pass
    await forks.mend()
    assert (await hands.of(hand.id, SERVER)).fork_until is None


async def test_a_help_is_over_while_the_engine_fails(
    hands: Hands, forks: Forks, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fork is thrown away by a later round, and one that can't be keeps no other."""
    room.sandboxes.known.add(str(MINHO))
    first = await hands.allow(await helped(hands), fork=True)
    second = await hands.allow(await helped(hands, MINHO), fork=True)
    for hand in (first, second):
        await forks.make(hand)
    forget = room.sandboxes.forget
    broken = {fork_of(first), fork_of(second)}

    async def fail(learner: str) -> None:
        if learner in broken:
            raise EngineFailed("no answer")
        await forget(learner)

    monkeypatch.setattr(room.sandboxes, "forget", fail)
    assert await hands.close(first, "helped")
    assert await hands.close(second, "expired")
    assert await hands.opened(SERVER) == []

    broken.remove(fork_of(second))
    await forks.clear_away()
    assert fork_of(second) not in room.sandboxes.known
    assert fork_of(first) in room.sandboxes.known
    broken.clear()
    await forks.clear_away()
    assert fork_of(first) not in room.sandboxes.known


async def test_a_disk_of_a_fork_that_nobody_knows_is_deleted(forks: Forks, room: Room) -> None:
    """Nobody is warned of its end, and it ends."""
    name = str(FIRST + 77)
    await room.sandboxes.open(name)
    room.sandboxes.expires = [Expiring(learner=name, unused_days=30, deleted_at=1.0, warned=False)]
    assert await room.classroom.machines.expiring() == []
    await forks.mend()
    assert name not in room.sandboxes.known
