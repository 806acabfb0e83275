"""Who learns, in which language, and where."""

from __future__ import annotations

import asyncio

from db import learners
from db.engine import Database
from tests.unit.db.conftest import MINHO, YUNA

NEW = 2**62


async def test_enrolling_tells_whether_the_learner_is_new(database: Database) -> None:
    """The first time makes the learner, the second time finds them as they are."""
    async with database.transaction() as session:
        first, new = await learners.enrol(session, NEW, language="ko", name="Jisoo")
    async with database.transaction() as session:
        second, again = await learners.enrol(session, NEW, language="ko", name="Jisoo")

    assert (new, again) == (True, False)
    assert first == second
    assert (second.id, second.name, second.lab_id) == (NEW, "Jisoo", None)


async def test_two_enrolments_at_once_make_one_learner(database: Database) -> None:
    """Someone who presses twice is enrolled once."""

    async def enrol() -> bool:
        async with database.transaction() as session:
            return (await learners.enrol(session, NEW, language="en", name="x"))[1]

    assert sorted(await asyncio.gather(*(enrol() for _ in range(5)))) == [False] * 4 + [True]


async def test_the_language_follows_discord_until_the_learner_chooses(database: Database) -> None:
    """A choice outlives whatever Discord says later."""
    async with database.transaction() as session:
        followed, _ = await learners.enrol(session, YUNA, language="en", name="Yuna")
        await learners.set_language(session, YUNA, "ko")
    async with database.transaction() as session:
        chosen, _ = await learners.enrol(session, YUNA, language="en", name="Yuna")

    assert (followed.language, followed.language_chosen) == ("en", False)
    assert (chosen.language, chosen.language_chosen) == ("ko", True)


async def test_a_lab_leads_back_to_its_learner(database: Database) -> None:
    """A channel is one learner's lab at most, and can be given up."""
    async with database.transaction() as session:
        await learners.set_lab(session, YUNA, 77)
    async with database.transaction() as session:
        owner = await learners.by_lab(session, 77)
        await learners.set_lab(session, MINHO, 77)
    async with database.transaction() as session:
        taken_over, before = await learners.by_lab(session, 77), await learners.get(session, YUNA)
        await learners.set_lab(session, MINHO, None)
    async with database.transaction() as session:
        nobody = await learners.by_lab(session, 77)

    assert owner is not None
    assert owner.id == YUNA
    assert taken_over is not None
    assert taken_over.id == MINHO
    assert before is not None
    assert before.lab_id is None
    assert nobody is None


async def test_someone_never_enrolled_is_none(database: Database) -> None:
    """Asking for a stranger is no error."""
    async with database.transaction() as session:
        assert await learners.get(session, NEW) is None
        assert await learners.by_lab(session, NEW) is None


async def test_a_name_that_is_too_long_is_cut(database: Database) -> None:
    """Names come from outside; none of them breaks the enrolment."""
    async with database.transaction() as session:
        learner, _ = await learners.enrol(session, NEW, language="ko", name="가" * 500)
    assert learner.name == "가" * 100
