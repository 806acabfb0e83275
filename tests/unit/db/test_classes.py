"""Classes in the database: one open name per server, members, and what instructors did."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from db import classes, learners, personal
from db.engine import Database
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

SERVER, OTHER, TEACHER = 2**60 + 100, 2**60 + 200, 2**60 + 300


async def make(database: Database, name: str = "Docker", server_id: int = SERVER) -> int:
    """A class; its number."""
    async with database.transaction() as session:
        made = await classes.create(
            session, server_id=server_id, name=name, created_by=TEACHER, channel_id=None, at=NOON
        )
    assert made is not None
    return made.id


async def test_one_open_class_of_a_name(database: Database) -> None:
    """Two at once make one; another server's, and one that was closed, don't matter."""

    async def create() -> classes.SchoolClass | None:
        async with database.transaction() as session:
            return await classes.create(
                session, server_id=SERVER, name="A", created_by=1, channel_id=None, at=NOON
            )

    made = [each for each in await asyncio.gather(create(), create()) if each is not None]
    assert len(made) == 1
    await make(database, "A", OTHER)
    async with database.transaction() as session:
        await classes.close(session, made[0].id, NOON)
    again = await make(database, "A")
    async with database.transaction() as session:
        assert [each.id for each in await classes.of_server(session, SERVER)] == [again]


async def test_the_role_of_instructors(database: Database) -> None:
    """None at first; the newest choice holds, in that server alone."""
    async with database.transaction() as session:
        assert await classes.instructor_role(session, SERVER) is None
        await classes.set_instructor_role(session, SERVER, 5)
        await classes.set_instructor_role(session, SERVER, 6)
        await classes.set_instructor_role(session, OTHER, 7)
        assert await classes.instructor_role(session, SERVER) == 6
        await classes.set_instructor_role(session, SERVER, None)
    async with database.transaction() as session:
        assert await classes.instructor_role(session, SERVER) is None
        assert await classes.instructor_role(session, OTHER) == 7


async def test_members(database: Database) -> None:
    """By name; joining twice changes nothing; who left or was deleted is not among them."""
    class_id = await make(database)
    async with database.transaction() as session:
        assert await classes.join(session, class_id, YUNA, NOON)
        assert await classes.join(session, class_id, MINHO, NOON)
        assert not await classes.join(session, class_id, YUNA, NOON + timedelta(days=1))
        found = await classes.members(session, class_id)
        assert [(each.name, each.language, each.joined_at) for each in found] == [
            ("Minho", "en", NOON),
            ("Yuna", "ko", NOON),
        ]
        assert await classes.sizes(session, SERVER) == {class_id: 2}
        assert [each.id for each in await classes.of_learner(session, YUNA)] == [class_id]
        assert await classes.leave(session, class_id, YUNA)
        assert not await classes.leave(session, class_id, YUNA)
        await personal.delete_everything(session, MINHO)
    async with database.transaction() as session:
        assert await classes.members(session, class_id) == []
        assert await classes.sizes(session, SERVER) == {}


async def test_a_closed_class_is_nobodys(database: Database) -> None:
    """Neither the server nor its members have it any more."""
    class_id = await make(database)
    async with database.transaction() as session:
        await classes.join(session, class_id, YUNA, NOON)
        await classes.close(session, class_id, NOON)
    async with database.transaction() as session:
        assert await classes.of_server(session, SERVER) == []
        assert await classes.of_learner(session, YUNA) == []
        closed = await classes.get(session, class_id)
        assert closed is not None
        assert closed.closed_at == NOON


async def test_acts_are_the_learners(database: Database) -> None:
    """Newest first, of this learner only; for people who are no learners nothing is written."""
    async with database.transaction() as session:
        for number, who in enumerate(([YUNA, MINHO, 4711], [YUNA])):
            await classes.record_acts(
                session,
                server_id=SERVER,
                instructor_id=TEACHER,
                learner_ids=who,
                act="removed",
                detail=f"{number}" * 300,
                at=NOON + timedelta(minutes=number),
            )
        found = await classes.acts_of(session, YUNA, 10)
        assert [(each.detail[:1], len(each.detail)) for each in found] == [("1", 200), ("0", 200)]
        assert len(await classes.acts_of(session, YUNA, 1)) == 1
        assert len(await classes.acts_of(session, MINHO, 10)) == 1
        assert await classes.acts_of(session, 4711, 10) == []


async def test_the_same_is_not_told_twice(database: Database) -> None:
    """Since a moment: who was told before it, of somebody else or something else is told."""

    async def told(who: list[int], minute: int, *, by: int = TEACHER, detail: str = "x" * 300,
                   since: int | None = 0) -> None:  # fmt: skip
        async with database.transaction() as session:
            await classes.record_acts(
                session,
                server_id=SERVER,
                instructor_id=by,
                learner_ids=who,
                act="quiz_files",
                detail=detail,
                at=NOON + timedelta(minutes=minute),
                since=None if since is None else NOON + timedelta(minutes=since),
            )

    async def counts() -> list[int]:
        async with database.transaction() as session:
            return [len(await classes.acts_of(session, who, 99)) for who in (YUNA, MINHO)]

    await told([YUNA], 0)
    await told([YUNA, MINHO], 1)
    assert await counts() == [1, 1]
    await told([YUNA], 2, by=TEACHER + 1)
    await told([YUNA], 3, detail="other")
    assert await counts() == [3, 1]
    await told([YUNA, MINHO], 4, since=1)
    assert await counts() == [4, 1]
    await told([MINHO], 5, since=None)
    assert await counts() == [4, 2]
    await asyncio.gather(*(told([YUNA, MINHO], 6, by=9) for _ in range(4)))
    assert await counts() == [5, 3]


async def test_old_acts_are_forgotten(database: Database) -> None:
    """After a year, so that the table does not grow without end."""
    async with database.transaction() as session:
        for at in (NOON - classes.ACTS_KEPT - timedelta(seconds=1), NOON - classes.ACTS_KEPT, NOON):
            await classes.record_acts(
                session,
                server_id=SERVER,
                instructor_id=TEACHER,
                learner_ids=[YUNA],
                act="removed",
                detail="",
                at=at,
            )
        found = await classes.acts_of(session, YUNA, 10)
        assert [each.at for each in found] == [NOON, NOON - classes.ACTS_KEPT]


async def test_acts_of_many_at_once(database: Database) -> None:
    """A class of 300 is one statement or a few, not 300 transactions."""
    async with database.transaction() as session:
        ids = list(range(10_000, 10_300))
        for learner_id in ids:
            await learners.enrol(session, learner_id, language="ko", name="L")
        await classes.record_acts(
            session,
            server_id=SERVER,
            instructor_id=TEACHER,
            learner_ids=ids,
            act="closed",
            detail="",
            at=NOON,
        )
    async with database.transaction() as session:
        for learner_id in (ids[0], ids[-1]):
            assert len(await classes.acts_of(session, learner_id, 10)) == 1
