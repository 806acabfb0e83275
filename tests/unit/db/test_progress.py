"""How far a learner is."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import progress
from db.engine import Database
from db.models import AttemptRow
from db.progress import LessonProgress
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA


async def open_lesson(database: Database, learner_id: int, lesson_id: str) -> LessonProgress:
    async with database.transaction() as session:
        return await progress.open_lesson(session, learner_id, lesson_id, version=1, at=NOON)


async def load(database: Database, learner_id: int, lesson_id: str) -> LessonProgress:
    async with database.transaction() as session:
        found = await progress.of_lesson(session, learner_id, lesson_id)
    assert found is not None
    return found


async def test_the_lesson_opened_last_is_the_current_one(database: Database) -> None:
    """Going back to an earlier lesson makes that one current again."""
    async with database.transaction() as session:
        assert await progress.current(session, YUNA) is None
    seen = []
    for lesson_id in ("one", "two", "one"):
        await open_lesson(database, YUNA, lesson_id)
        async with database.transaction() as session:
            current = await progress.current(session, YUNA)
            seen.append(current.lesson_id if current else None)

    assert seen == ["one", "two", "one"]


async def test_opening_a_lesson_again_keeps_what_was_done(database: Database) -> None:
    """The first opening counts, ticks stay, and a newer version is noted."""
    await open_lesson(database, YUNA, "one")
    async with database.transaction() as session:
        await progress.tick(session, YUNA, "one", "run", version=1, at=NOON)
        later = NOON + timedelta(days=1)
        again = await progress.open_lesson(session, YUNA, "one", version=2, at=later)

    assert (again.opened_at, again.version, again.done) == (NOON, 2, frozenset({"run"}))


async def test_a_task_is_ticked_once(database: Database) -> None:
    """Only the first tick is news, even when several checks see it at the same moment."""
    await open_lesson(database, YUNA, "one")

    async def tick() -> bool:
        async with database.transaction() as session:
            return await progress.tick(session, YUNA, "one", "run", version=1, at=NOON)

    assert sorted(await asyncio.gather(*(tick() for _ in range(5)))) == [False] * 4 + [True]
    assert (await load(database, YUNA, "one")).done == {"run"}


async def test_a_lesson_is_finished_once(database: Database) -> None:
    """The celebration comes once, and the first time is kept."""
    await open_lesson(database, YUNA, "one")

    async def finish(minutes: int) -> bool:
        async with database.transaction() as session:
            at = NOON + timedelta(minutes=minutes)
            return await progress.finish(session, YUNA, "one", at)

    assert [await finish(1), await finish(2)] == [True, False]
    assert (await load(database, YUNA, "one")).finished_at == NOON + timedelta(minutes=1)


async def test_hints_are_counted_by_task(database: Database) -> None:
    """A hint of one task does not show one of another, and taking a hint ticks nothing."""
    await open_lesson(database, YUNA, "one")
    async with database.transaction() as session:
        counts = [
            await progress.use_hint(session, YUNA, "one", task) for task in ("run", "run", "page")
        ]
    found = await load(database, YUNA, "one")

    assert counts == [1, 2, 1]
    assert (found.hints, found.done) == ({"run": 2, "page": 1}, frozenset())


async def test_the_card_and_the_step_are_remembered(database: Database) -> None:
    """After a restart the card is found again, at the step where the learner was."""
    await open_lesson(database, YUNA, "one")
    async with database.transaction() as session:
        await progress.set_step(session, YUNA, "one", "help")
        await progress.set_card(session, YUNA, "one", 2**61, 2**61 + 1)
    found = await load(database, YUNA, "one")

    assert found.step_id == "help"
    assert (found.card_channel_id, found.card_message_id) == (2**61, 2**61 + 1)


async def test_the_overview_has_every_lesson_of_this_learner_only(database: Database) -> None:
    """Lessons come in the order of their first opening, each with its own ticks."""
    for number, (learner_id, lesson_id) in enumerate(
        [(YUNA, "two"), (YUNA, "one"), (MINHO, "one")]
    ):
        async with database.transaction() as session:
            at = NOON + timedelta(minutes=number)
            await progress.open_lesson(session, learner_id, lesson_id, version=1, at=at)
            await progress.tick(session, learner_id, lesson_id, f"t{number}", version=1, at=at)
    async with database.transaction() as session:
        overview = await progress.overview(session, YUNA)

    assert [(p.lesson_id, sorted(p.done)) for p in overview] == [("two", ["t0"]), ("one", ["t1"])]


async def test_the_newest_attempts_are_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts of one learner are bounded, and never at the cost of another's."""
    monkeypatch.setattr(progress, "ATTEMPTS_KEPT_PER_LEARNER", 3)
    await open_lesson(database, YUNA, "one")
    await open_lesson(database, MINHO, "one")
    async with database.transaction() as session:
        for learner_id, count in ((MINHO, 2), (YUNA, 5)):
            for number in range(count):
                await progress.record_attempt(
                    session,
                    learner_id,
                    "one",
                    "run",
                    passed=False,
                    missing=["port_other"],
                    at=NOON + timedelta(seconds=number),
                )
    async with database.transaction() as session:
        kept = await session.scalars(
            select(AttemptRow).where(AttemptRow.learner_id == YUNA).order_by(AttemptRow.id)
        )
        attempts = kept.all()
        others = await session.scalar(
            select(func.count()).where(AttemptRow.learner_id == MINHO).select_from(AttemptRow)
        )

    assert [attempt.at for attempt in attempts] == [NOON + timedelta(seconds=n) for n in (2, 3, 4)]
    assert attempts[0].missing == ["port_other"]
    assert others == 2


async def test_a_lesson_that_was_never_opened_has_no_progress(database: Database) -> None:
    """Reading gives None; writing is a bug of the caller's and says so."""
    async with database.transaction() as session:
        assert await progress.of_lesson(session, YUNA, "one") is None
        assert await progress.overview(session, YUNA) == []
        with pytest.raises(LookupError, match="never opened"):
            await progress.tick(session, YUNA, "one", "run", version=1, at=NOON)
