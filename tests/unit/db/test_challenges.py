"""Challenges in the database: who is in, what counts, and that nothing comes after the end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.challenge.phases import OVER, PHASES, Phase, before
from db import challenges, duels, personal
from db.challenges import NewChallenge, StoredMark
from db.engine import Database
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

NEW = NewChallenge(
    server_id=1,
    channel_id=2,
    kind="class",
    lesson_id="night",
    variant=3,
    language="ko",
    limit_s=600,
    freeze_s=60,
)
DUEL = replace(NEW, kind="duel")
CHANNELS = count(100)


async def opened(database: Database, new: NewChallenge = NEW, *members: int) -> int:
    """The id of a challenge with these members, in a channel of its own."""
    async with database.transaction() as session:
        made = await challenges.create(session, replace(new, channel_id=next(CHANNELS)), NOON)
        for number, learner_id in enumerate(members):
            await challenges.add_member(
                session,
                made.id,
                learner_id,
                name=str(learner_id),
                at=NOON,
                side=1 + number,
                captain=True,
                state="joined" if number == 0 else "invited",
            )
    return made.id


async def test_a_challenge_is_what_it_was_opened_with(database: Database) -> None:
    """Its lobby is open; where its board is comes later."""
    number = await opened(database)
    async with database.transaction() as session:
        await challenges.place(session, number, 20, 30)
        found = await challenges.get(session, number)
    assert found is not None
    assert (found.phase, found.lesson_id, found.variant) == ("lobby", "night", 3)
    assert (found.channel_id, found.message_id, found.created_at) == (20, 30, NOON)


async def test_a_class_has_one_challenge_at_a_time_in_a_channel(database: Database) -> None:
    """Also when two instructors open one in the same moment; duels may be many."""

    async def open_one(new: NewChallenge) -> int | None:
        try:
            async with database.transaction() as session:
                return (await challenges.create(session, new, NOON)).id
        except IntegrityError:
            return None

    opened_now = await asyncio.gather(*(open_one(NEW) for _ in range(4)))
    (number,) = (each for each in opened_now if each is not None)
    assert None not in [await open_one(DUEL) for _ in range(2)]
    async with database.transaction() as session:
        assert await challenges.go_on(session, number, "cancelled", after=before("cancelled"))
    assert await open_one(NEW) is not None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PHASES), max_size=12))
async def test_phases_go_on_in_the_database_as_the_rules_say(
    database: Database, wishes: list[Phase]
) -> None:
    """What was refused changed nothing: after any wishes the phases that were make a life."""
    number, been = await opened(database), ["lobby"]
    for wish in wishes:
        async with database.transaction() as session:
            if await challenges.go_on(session, number, wish, after=before(wish)):
                been.append(wish)
        async with database.transaction() as session:
            found = await challenges.get(session, number)
        assert found is not None
        assert found.phase == been[-1]
    assert all(first in before(second) for first, second in pairwise(been))  # type: ignore[arg-type]


async def test_two_who_begin_it_at_once_begin_it_once(database: Database) -> None:
    """One of them is told that it was the other."""
    number = await opened(database, NEW, YUNA)

    async def begin() -> bool:
        async with database.transaction() as session:
            return await challenges.go_on(session, number, "preparing", after=["lobby"])

    assert sorted(await asyncio.gather(*(begin() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_mark_is_kept_once(database: Database) -> None:
    """Two judgements that see the same: the first one's time stays."""
    number = await opened(database, NEW, YUNA)

    async def solve(second: int) -> bool:
        at = NOON + timedelta(seconds=second)
        async with database.transaction() as session:
            await challenges.get(session, number, hold=True)
            mark = StoredMark(YUNA, "solve", "port", 0, at)
            return await challenges.add_mark(session, number, mark)

    assert sum(await asyncio.gather(solve(1), solve(2), solve(3))) == 1
    async with database.transaction() as session:
        assert len(await challenges.marks(session, number)) == 1


async def test_whoever_left_can_come_back_when_their_engine_has(database: Database) -> None:
    """Not while it is still the challenge's; a name of any length is cut."""
    number = await opened(database, NEW, YUNA)
    async with database.transaction() as session:
        await challenges.change_member(session, number, YUNA, state="left", engine="due")
        name = "x" * 300
        assert not await challenges.add_member(session, number, YUNA, name=name, at=NOON)
        await challenges.change_member(session, number, YUNA, engine="own")
        assert await challenges.add_member(session, number, YUNA, name=name, at=NOON)
        assert not await challenges.add_member(session, number, YUNA, name=name, at=NOON)
        member = await challenges.member(session, number, YUNA)
    assert member is not None
    assert len(member.name) == 100


async def test_an_engine_is_kept_for_a_challenge_that_goes_on_only(database: Database) -> None:
    """It was cancelled while the disk was copied: the disk stays the learner's."""
    number = await opened(database, NEW, YUNA)
    async with database.transaction() as session:
        await challenges.change_member(session, number, YUNA, state="preparing")
        member = await challenges.member(session, number, YUNA)
        assert member is not None
        assert await challenges.keep_engine(session, member, had_disk=True)
        await challenges.change_member(session, number, YUNA, engine="own")
        await challenges.go_on(session, number, "cancelled", after=["lobby"])
        assert not await challenges.keep_engine(session, member, had_disk=True)
        assert await challenges.engines_due(session, number) == 0


async def test_what_has_to_go_on_is_found_after_a_start(database: Database) -> None:
    """What is open, and what is over but owes somebody their engine; nothing else."""
    going, owing, over = [await opened(database, NEW, YUNA, MINHO) for _ in range(3)]
    async with database.transaction() as session:
        for number in (owing, over):
            await challenges.go_on(session, number, "cancelled", after=["lobby"])
        await challenges.change_member(session, owing, MINHO, engine="due")
        assert await challenges.unfinished(session) == [going, owing]
        assert [m.learner_id for m in await challenges.with_their_engine(session)] == [MINHO]
        assert await challenges.busy_with(session, MINHO) == owing
        assert await challenges.busy_with(session, YUNA) == going


async def test_who_is_deleted_is_in_no_challenge(database: Database) -> None:
    """Their rows go, the challenge of the others stays."""
    number = await opened(database, NEW, YUNA, MINHO)
    async with database.transaction() as session:
        await challenges.add_mark(session, number, StoredMark(YUNA, "solve", "port", 0, NOON))
        await personal.delete_everything(session, YUNA)
        assert [m.learner_id for m in await challenges.members(session, number)] == [MINHO]
        assert await challenges.marks(session, number) == []
        assert not await challenges.change_member(session, number, YUNA, state="left")


async def test_how_often_somebody_proposed_lately(database: Database) -> None:
    """Only what they proposed themselves, and only since then."""
    for _ in range(2):
        await opened(database, DUEL, YUNA, MINHO)
    async with database.transaction() as session:
        assert await duels.proposed_since(session, YUNA, NOON) == 2
        assert await duels.proposed_since(session, YUNA, NOON + timedelta(seconds=1)) == 0
        assert await duels.proposed_since(session, MINHO, NOON) == 0
        assert await duels.asked_of(session, [YUNA, MINHO]) == {MINHO}


async def test_a_no_is_remembered_for_its_proposer(database: Database) -> None:
    """Somebody else may still ask."""
    number = await opened(database, DUEL, YUNA, MINHO)
    async with database.transaction() as session:
        await challenges.change_member(session, number, MINHO, state="declined", changed_at=NOON)
        assert await duels.declined(session, YUNA, [MINHO], NOON) == {MINHO}
        assert await duels.declined(session, MINHO, [MINHO], NOON) == set()
        assert await duels.declined(session, YUNA, [MINHO], NOON + timedelta(hours=1)) == set()


def test_over_means_the_same_everywhere() -> None:
    """The database's word for it is the rules'."""
    assert set(challenges.OVER) == OVER


@pytest.mark.parametrize("state", challenges.TAKES_PART)
async def test_who_takes_part(database: Database, state: str) -> None:
    """Whoever left or declined does not."""
    number = await opened(database, NEW, YUNA)
    async with database.transaction() as session:
        await challenges.change_member(session, number, YUNA, state=state)
        member = await challenges.member(session, number, YUNA)
        assert member is not None
        assert member.takes_part
        await challenges.change_member(session, number, YUNA, state="left")
        member = await challenges.member(session, number, YUNA)
    assert member is not None
    assert not member.takes_part
