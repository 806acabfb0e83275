"""Boxes of questions, the run of now, drills, and the errors that somebody met."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from db import history, practice
from db.engine import Database
from db.practice import KeptDrill, PracticeRun
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

LATER = NOON + timedelta(days=1)


async def put(session: AsyncSession, learner_id: int, question: str, *, right: bool) -> None:
    """An answer; what was right comes back a day later."""
    await practice.put_box(
        session, learner_id, question, box=2 if right else 1,
        due_at=LATER if right else NOON, right=right,
    )  # fmt: skip


async def test_answers_are_kept_for_each_learner(database: Database) -> None:
    """The newest box of each question; what is due is counted by the beginning of its name."""
    async with database.transaction() as session:
        await put(session, YUNA, "lesson:cli/a", right=False)
        await put(session, YUNA, "lesson:cli/a", right=True)
        await put(session, YUNA, "lesson:cli/b", right=False)
        await put(session, YUNA, "bank:1/b", right=False)
        await put(session, MINHO, "lesson:cli/b", right=False)
    async with database.transaction() as session:
        assert await practice.boxes(session, YUNA) == {
            "lesson:cli/a": (2, LATER),
            "lesson:cli/b": (1, NOON),
            "bank:1/b": (1, NOON),
        }
        assert await practice.count_due(session, YUNA, "lesson:", NOON) == 1
        assert await practice.count_due(session, YUNA, "lesson:", LATER) == 2
        assert await practice.count_due(session, YUNA, "less_n:", LATER) == 0


async def test_the_run_of_now_is_one(database: Database) -> None:
    """The newest in place of the one before; each learner has their own."""
    run = PracticeRun(5, "mine", 3, "lesson:cli/a", answered=False, due_in_a_row=2, right=1)
    async with database.transaction() as session:
        assert await practice.run_of(session, YUNA) is None
        await practice.put_run(session, YUNA, run)
        await practice.put_run(session, YUNA, replace(run, number=4, ref=None))
    async with database.transaction() as session:
        assert await practice.run_of(session, YUNA) == replace(run, number=4, ref=None)
        assert await practice.run_of(session, MINHO) is None


async def test_the_drill_of_now_is_one(database: Database) -> None:
    """The same of drills."""
    kept = KeptDrill("paused", NOON, None, passed=False)
    async with database.transaction() as session:
        await practice.put_drill(session, YUNA, kept)
        await practice.put_drill(session, YUNA, replace(kept, ended_at=LATER, passed=True))
    async with database.transaction() as session:
        assert await practice.drill_of(session, YUNA) == replace(kept, ended_at=LATER, passed=True)
        assert await practice.drill_of(session, MINHO) is None


async def test_errors_that_were_met_come_latest_first(database: Database) -> None:
    """Each once; neither what worked nor what others met."""
    async with database.transaction() as session:
        for learner_id, error in (
            (YUNA, "a"), (YUNA, "b"), (YUNA, None), (YUNA, "a"), (MINHO, "c"),
        ):  # fmt: skip
            await history.record(
                session, learner_id, line="x", exit_code=1, took_ms=1, at=NOON, error=error
            )
        assert list(await practice.errors_met(session, YUNA)) == ["a", "b"]
        assert list(await practice.errors_met(session, MINHO)) == ["c"]
