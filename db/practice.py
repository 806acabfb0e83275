"""Practice alone: the boxes of questions, the question of now, the drill of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import DrillRow, HistoryRow, PracticeCardRow, PracticeRunRow


@dataclass(frozen=True, slots=True)
class PracticeRun:
    """What a learner practises; `ref` is the question that they were asked last."""

    server_id: int
    deck: str
    number: int = 0
    ref: str | None = None
    answered: bool = True
    due_in_a_row: int = 0
    right: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class KeptDrill:
    """The drill that a learner is at, or was at last."""

    drill: str
    began_at: datetime
    ended_at: datetime | None
    passed: bool


async def boxes(session: AsyncSession, learner_id: int) -> dict[str, tuple[int, datetime]]:
    """Box and time of every question that the learner answered."""
    rows = await session.scalars(
        select(PracticeCardRow).where(PracticeCardRow.learner_id == learner_id)
    )
    return {row.question: (row.box, row.due_at) for row in rows}


async def put_box(
    session: AsyncSession,
    learner_id: int,
    question: str,
    *,
    box: int,
    due_at: datetime,
    right: bool,
) -> None:
    """Remember an answer of a learner who is enrolled."""
    row = await session.get(PracticeCardRow, (learner_id, question))
    if row is None:
        row = PracticeCardRow(learner_id=learner_id, question=question, right=0, wrong=0)
        session.add(row)
    row.box, row.due_at = box, due_at
    row.right, row.wrong = row.right + right, row.wrong + (not right)
    await session.flush()


async def count_due(session: AsyncSession, learner_id: int, prefix: str, now: datetime) -> int:
    """How many questions whose names begin so are to be asked again by now."""
    found = await session.scalar(
        select(func.count())
        .select_from(PracticeCardRow)
        .where(
            PracticeCardRow.learner_id == learner_id,
            PracticeCardRow.due_at <= now,
            PracticeCardRow.question.startswith(prefix, autoescape=True),
        )
    )
    return found or 0


async def run_of(session: AsyncSession, learner_id: int) -> PracticeRun | None:
    """What the learner practises."""
    row = await session.get(PracticeRunRow, learner_id)
    if row is None:
        return None
    return PracticeRun(
        row.server_id, row.deck, row.number, row.ref, row.answered,
        row.due_in_a_row, row.right, row.wrong,
    )  # fmt: skip


async def put_run(session: AsyncSession, learner_id: int, run: PracticeRun) -> None:
    """Remember it for a learner who is enrolled."""
    row = await session.get(PracticeRunRow, learner_id)
    if row is None:
        row = PracticeRunRow(learner_id=learner_id)
        session.add(row)
    row.server_id, row.deck, row.number, row.ref = run.server_id, run.deck, run.number, run.ref
    row.answered, row.due_in_a_row = run.answered, run.due_in_a_row
    row.right, row.wrong = run.right, run.wrong
    await session.flush()


async def drill_of(session: AsyncSession, learner_id: int) -> KeptDrill | None:
    """The drill that the learner is at, or was at last."""
    row = await session.get(DrillRow, learner_id)
    return None if row is None else KeptDrill(row.drill, row.began_at, row.ended_at, row.passed)


async def put_drill(session: AsyncSession, learner_id: int, kept: KeptDrill) -> None:
    """Remember it for a learner who is enrolled."""
    row = await session.get(DrillRow, learner_id)
    if row is None:
        row = DrillRow(learner_id=learner_id)
        session.add(row)
    row.drill, row.began_at = kept.drill, kept.began_at
    row.ended_at, row.passed = kept.ended_at, kept.passed
    await session.flush()


async def errors_met(session: AsyncSession, learner_id: int) -> Sequence[str]:
    """Ids of the known errors that the learner met, the latest first, each once."""
    newest = func.max(HistoryRow.id)
    found = await session.execute(
        select(HistoryRow.error, newest)
        .where(HistoryRow.learner_id == learner_id, HistoryRow.error.is_not(None))
        .group_by(HistoryRow.error)
        .order_by(newest.desc())
    )
    return [error for error, _ in found if error is not None]
