"""Follow-me: who opted in, the lines that were run for them, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import FollowerRow, FollowOutcomeRow, FollowRow, FollowRunRow, LearnerRow
from db.upsert import insert_new

State = Literal["asked", "running", "done", "cancelled", "broken"]
Outcome = Literal["pending", "ok", "failed", "absent", "left"]
"""Not yet known; exit code 0; another one, or ended by a limit; no engine that ran it; they had
left the server, so that it was not for them."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A follow-me in a channel; `message_id` is its card."""

    id: int
    server_id: int
    channel_id: int
    message_id: int | None
    instructor_id: int | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Follower:
    """A learner who opted in; `lab_id` is where they see what happens."""

    learner_id: int
    name: str
    lab_id: int | None


@dataclass(frozen=True, slots=True)
class FollowRun:
    """A line for all who follow; `message_id` is the card that shows how far it is."""

    id: int
    follow: Follow
    instructor_id: int | None
    line: str
    state: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class FollowOutcome:
    """What came out on one engine; `error` is the id of a known error."""

    learner_id: int
    name: str
    outcome: str
    exit_code: int | None = None
    error: str | None = None
    took_ms: int = 0


async def start(
    session: AsyncSession, *, server_id: int, channel_id: int, instructor_id: int, at: datetime
) -> tuple[Follow, bool]:
    """The follow-me that is open in this channel, and True when this call began it."""
    new = await insert_new(
        session,
        FollowRow,
        server_id=server_id,
        channel_id=channel_id,
        instructor_id=instructor_id,
        started_at=at,
    )
    found = await in_channel(session, channel_id)
    if found is None:
        raise LookupError("a follow-me that was begun is not there")
    return found, new


async def in_channel(session: AsyncSession, channel_id: int) -> Follow | None:
    """The follow-me that is open in this channel."""
    row = await session.scalar(
        select(FollowRow).where(FollowRow.channel_id == channel_id, FollowRow.ended_at.is_(None))
    )
    return None if row is None else _follow(row)


async def get(session: AsyncSession, follow_id: int) -> Follow | None:
    """This one, open or not."""
    row = await session.get(FollowRow, follow_id, populate_existing=True)
    return None if row is None else _follow(row)


async def keep_card(session: AsyncSession, follow_id: int, message_id: int) -> None:
    """Remember where its card is."""
    await session.execute(
        update(FollowRow).where(FollowRow.id == follow_id).values(message_id=message_id)
    )


async def end(session: AsyncSession, follow_id: int, at: datetime) -> bool:
    """It is over, and nobody follows any more; False when it was before."""
    done: Any = await session.execute(
        update(FollowRow)
        .where(FollowRow.id == follow_id, FollowRow.ended_at.is_(None))
        .values(ended_at=at)
    )
    await session.execute(delete(FollowerRow).where(FollowerRow.follow_id == follow_id))
    return bool(done.rowcount)


async def started_before(session: AsyncSession, at: datetime) -> list[Follow]:
    """Those that are open since before this moment."""
    rows = await session.scalars(
        select(FollowRow).where(FollowRow.ended_at.is_(None), FollowRow.started_at < at)
    )
    return [_follow(row) for row in rows]


async def join(session: AsyncSession, follow_id: int, learner_id: int, at: datetime) -> bool:
    """The learner opts in; False when they had, or are no learner."""
    share = {"read": True, "key_share": True}
    if await session.get(LearnerRow, learner_id, with_for_update=share) is None:
        return False
    return await insert_new(
        session, FollowerRow, follow_id=follow_id, learner_id=learner_id, joined_at=at
    )


async def leave(session: AsyncSession, follow_id: int, learner_id: int) -> bool:
    """The learner opts out; False when they had."""
    done: Any = await session.execute(
        delete(FollowerRow).where(
            FollowerRow.follow_id == follow_id, FollowerRow.learner_id == learner_id
        )
    )
    return bool(done.rowcount)


async def count(session: AsyncSession, follow_id: int) -> int:
    """How many follow."""
    found = await session.scalar(
        select(func.count()).select_from(FollowerRow).where(FollowerRow.follow_id == follow_id)
    )
    return found or 0


async def followers(session: AsyncSession, follow_id: int) -> list[Follower]:
    """Who follows, the first to opt in first."""
    rows = await session.execute(
        select(LearnerRow.id, LearnerRow.name, LearnerRow.lab_id)
        .join(FollowerRow, FollowerRow.learner_id == LearnerRow.id)
        .where(FollowerRow.follow_id == follow_id)
        .order_by(FollowerRow.joined_at, LearnerRow.id)
    )
    return [Follower(*row) for row in rows]


async def follows(session: AsyncSession, follow_id: int, learner_id: int) -> bool:
    """Whether this learner follows."""
    return await session.get(FollowerRow, (follow_id, learner_id)) is not None


async def ask(
    session: AsyncSession, follow_id: int, *, instructor_id: int, line: str, at: datetime
) -> int:
    """Keep a line until the instructor says yes; the id of the run."""
    row = FollowRunRow(
        follow_id=follow_id, instructor_id=instructor_id, line=line, state="asked", asked_at=at
    )
    session.add(row)
    await session.flush()
    return row.id


async def run(session: AsyncSession, run_id: int) -> FollowRun | None:
    """This run."""
    row = await session.get(FollowRunRow, run_id, populate_existing=True)
    if row is None:
        return None
    follow = await session.get_one(FollowRow, row.follow_id)
    return FollowRun(
        row.id, _follow(follow), row.instructor_id, row.line, row.state, row.message_id
    )


async def move(session: AsyncSession, run_id: int, before: State, after: State) -> bool:
    """From one state to the next; False when it was not in that state: somebody was faster."""
    done: Any = await session.execute(
        update(FollowRunRow)
        .where(FollowRunRow.id == run_id, FollowRunRow.state == before)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)


async def keep_run_card(session: AsyncSession, run_id: int, message_id: int) -> None:
    """Remember where the card of this run is."""
    await session.execute(
        update(FollowRunRow)
        .where(FollowRunRow.id == run_id)
        .values(message_id=message_id)
        .execution_options(synchronize_session=False)
    )


async def runs_in(session: AsyncSession, state: State) -> list[int]:
    """Ids of all runs in this state."""
    found = await session.scalars(
        select(FollowRunRow.id).where(FollowRunRow.state == state).order_by(FollowRunRow.id)
    )
    return list(found)


async def note(
    session: AsyncSession,
    run_id: int,
    learner_id: int,
    *,
    outcome: Outcome,
    exit_code: int | None = None,
    error: str | None = None,
    took_ms: int = 0,
) -> None:
    """Remember what came out for a learner; of somebody who is no learner nothing is."""
    share = {"read": True, "key_share": True}
    if await session.get(LearnerRow, learner_id, with_for_update=share) is None:
        return
    values = {"outcome": outcome, "exit_code": exit_code, "error": error, "took_ms": took_ms}
    if await insert_new(session, FollowOutcomeRow, run_id=run_id, learner_id=learner_id, **values):
        return
    await session.execute(
        update(FollowOutcomeRow)
        .where(FollowOutcomeRow.run_id == run_id, FollowOutcomeRow.learner_id == learner_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def break_off(session: AsyncSession, run_id: int) -> None:
    """What is not known of a run will not be known."""
    await session.execute(
        update(FollowOutcomeRow)
        .where(FollowOutcomeRow.run_id == run_id, FollowOutcomeRow.outcome == "pending")
        .values(outcome="absent")
        .execution_options(synchronize_session=False)
    )


async def outcomes(session: AsyncSession, run_id: int) -> Sequence[FollowOutcome]:
    """What came out so far, by name."""
    rows = await session.execute(
        select(FollowOutcomeRow, LearnerRow.name)
        .join(LearnerRow, LearnerRow.id == FollowOutcomeRow.learner_id)
        .where(FollowOutcomeRow.run_id == run_id)
        .order_by(LearnerRow.name, LearnerRow.id)
        .execution_options(populate_existing=True)
    )
    return [
        FollowOutcome(row.learner_id, name, row.outcome, row.exit_code, row.error, row.took_ms)
        for row, name in rows
    ]


def _follow(row: FollowRow) -> Follow:
    return Follow(
        id=row.id,
        server_id=row.server_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        instructor_id=row.instructor_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
