"""The newest commands of each learner, and the pages that they looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import HistoryRow, LearnerRow

KEPT_PER_LEARNER = 500

Kind = Literal["command", "page"]


@dataclass(frozen=True, slots=True)
class Record:
    """A command line with its exit code (None: ended by a limit), or a page with its status.

    `error` is the id of the known error that the command met.
    """

    kind: Kind
    line: str
    exit_code: int | None
    took_ms: int
    at: datetime
    port: int | None = None
    status: int | None = None
    error: str | None = None


async def record(
    session: AsyncSession,
    learner_id: int,
    *,
    line: str,
    exit_code: int | None,
    took_ms: int,
    at: datetime,
    kind: Kind = "command",
    port: int | None = None,
    status: int | None = None,
    error: str | None = None,
) -> None:
    """Remember one command or page; the oldest beyond `KEPT_PER_LEARNER` are forgotten.

    Of somebody who is no learner nothing is: whose data were deleted in the middle of a command.
    """
    share = {"read": True, "key_share": True}  # nobody deletes the learner until this is written
    if await session.get(LearnerRow, learner_id, with_for_update=share) is None:
        return
    row = HistoryRow(
        learner_id=learner_id,
        kind=kind,
        line=line,
        exit_code=exit_code,
        took_ms=took_ms,
        at=at,
        port=port,
        status=status,
        error=error,
    )
    session.add(row)
    await session.flush()
    oldest_kept = (
        select(HistoryRow.id)
        .where(HistoryRow.learner_id == learner_id)
        .order_by(HistoryRow.id.desc())
        .offset(KEPT_PER_LEARNER - 1)
        .limit(1)
        .scalar_subquery()
    )
    await session.execute(
        delete(HistoryRow)
        .where(HistoryRow.learner_id == learner_id, HistoryRow.id < oldest_kept)
        .execution_options(synchronize_session=False)
    )


async def since(session: AsyncSession, learner_id: int, at: datetime) -> list[Record]:
    """What the learner did at or after this moment, oldest first."""
    rows = await session.scalars(
        select(HistoryRow)
        .where(HistoryRow.learner_id == learner_id, HistoryRow.at >= at)
        .order_by(HistoryRow.id)
    )
    return [_record(row) for row in rows]


async def learners_since(session: AsyncSession, at: datetime) -> list[int]:
    """Ids of the learners who did something at or after this moment, the lowest first."""
    found = await session.scalars(
        select(HistoryRow.learner_id)
        .where(HistoryRow.at >= at)
        .distinct()
        .order_by(HistoryRow.learner_id)
    )
    return list(found)


async def recent(session: AsyncSession, learner_id: int, limit: int) -> list[Record]:
    """The newest `limit` of what the learner did, newest first."""
    rows = await session.scalars(
        select(HistoryRow)
        .where(HistoryRow.learner_id == learner_id)
        .order_by(HistoryRow.id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


def _record(row: HistoryRow) -> Record:
    return Record(
        kind="page" if row.kind == "page" else "command",
        line=row.line,
        exit_code=row.exit_code,
        took_ms=row.took_ms,
        at=row.at,
        port=row.port,
        status=row.status,
        error=row.error,
    )
