"""Challenges in the database: opened, joined, gone on with, marked; and engines to be given back.

Whoever adds to a challenge holds its row meanwhile, so that nothing is added after its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import ChallengeMarkRow, ChallengeMemberRow, ChallengeRow
from db.upsert import insert_new

OVER = ("ended", "cancelled")
TAKES_PART = ("invited", "joined", "preparing", "ready", "failed")
"""States of somebody who is in; the others have left or declined."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge or a duel, see `ChallengeRow`."""

    id: int
    server_id: int
    channel_id: int
    message_id: int | None
    kind: str
    lesson_id: str
    variant: int
    phase: str
    language: str
    limit_s: int
    freeze_s: int
    faults_each: int
    role_a: int | None
    role_b: int | None
    created_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a challenge, see `ChallengeMemberRow`."""

    challenge_id: int
    learner_id: int
    name: str
    side: int
    captain: bool
    state: str
    why: str | None
    changed_at: datetime
    engine: str
    had_disk: bool
    faults: tuple[str, ...]
    card_channel_id: int | None
    card_message_id: int | None

    @property
    def takes_part(self) -> bool:
        """Whether they are still in."""
        return self.state in TAKES_PART


@dataclass(frozen=True, slots=True)
class StoredMark:
    """A row of `challenge_marks`."""

    learner_id: int
    kind: str
    task_id: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """What a challenge is opened with."""

    server_id: int
    channel_id: int
    kind: str
    lesson_id: str
    variant: int
    language: str
    limit_s: int
    freeze_s: int
    faults_each: int = 0
    role_a: int | None = None
    role_b: int | None = None


async def create(session: AsyncSession, new: NewChallenge, at: datetime) -> Challenge:
    """Open a lobby.

    Raises:
        sqlalchemy.exc.IntegrityError: The class has one in this channel that is not over.
    """
    row = ChallengeRow(
        server_id=new.server_id,
        channel_id=new.channel_id,
        kind=new.kind,
        lesson_id=new.lesson_id,
        variant=new.variant,
        phase="lobby",
        language=new.language,
        limit_s=new.limit_s,
        freeze_s=new.freeze_s,
        faults_each=new.faults_each,
        role_a=new.role_a,
        role_b=new.role_b,
        created_at=at,
    )
    session.add(row)
    await session.flush()
    return _challenge(row)


async def get(session: AsyncSession, challenge_id: int, *, hold: bool = False) -> Challenge | None:
    """The challenge; with `hold` it stays in its phase until the transaction ends."""
    row = await session.get(
        ChallengeRow, challenge_id, with_for_update=hold, populate_existing=True
    )
    return None if row is None else _challenge(row)


async def unfinished(session: AsyncSession) -> list[int]:
    """Ids of the challenges that are not over, or have engines to give back."""
    owed = select(ChallengeMemberRow.challenge_id).where(ChallengeMemberRow.engine != "own")
    found = await session.scalars(
        select(ChallengeRow.id)
        .where(ChallengeRow.phase.not_in(OVER) | ChallengeRow.id.in_(owed))
        .order_by(ChallengeRow.id)
    )
    return list(found)


async def open_in_server(
    session: AsyncSession, server_id: int, kind: str | None = None
) -> list[Challenge]:
    """What is not over in a server, of this kind or of any, the newest first."""
    wanted = select(ChallengeRow).where(
        ChallengeRow.server_id == server_id, ChallengeRow.phase.not_in(OVER)
    )
    if kind is not None:
        wanted = wanted.where(ChallengeRow.kind == kind)
    found = await session.scalars(wanted.order_by(ChallengeRow.id.desc()))
    return [_challenge(row) for row in found]


async def last_of_server(session: AsyncSession, server_id: int, kind: str) -> Challenge | None:
    """The challenge of this kind that was over last in a server; None before the first."""
    row = await session.scalar(
        select(ChallengeRow)
        .where(
            ChallengeRow.server_id == server_id,
            ChallengeRow.kind == kind,
            ChallengeRow.phase == "ended",
        )
        .order_by(ChallengeRow.ended_at.desc(), ChallengeRow.id.desc())
        .limit(1)
    )
    return None if row is None else _challenge(row)


async def place(
    session: AsyncSession, challenge_id: int, channel_id: int, message_id: int | None
) -> None:
    """Remember which message is the board."""
    await session.execute(
        update(ChallengeRow)
        .where(ChallengeRow.id == challenge_id)
        .values(channel_id=channel_id, message_id=message_id)
    )


async def go_on(
    session: AsyncSession,
    challenge_id: int,
    phase: str,
    *,
    after: Iterable[str],
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> bool:
    """Go over to a phase from one of these; False when it is in none of them: nothing changed."""
    times = {"starts_at": starts_at, "ends_at": ends_at, "ended_at": ended_at}
    done = await session.execute(
        update(ChallengeRow)
        .where(ChallengeRow.id == challenge_id, ChallengeRow.phase.in_(tuple(after)))
        .values(phase=phase, **{name: at for name, at in times.items() if at is not None})
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has one


async def add_member(
    session: AsyncSession,
    challenge_id: int,
    learner_id: int,
    *,
    name: str,
    at: datetime,
    state: str = "joined",
    side: int = 0,
    captain: bool = False,
) -> bool:
    """Add somebody, or take them in again after they left; False when they are in already."""
    new = await insert_new(
        session,
        ChallengeMemberRow,
        challenge_id=challenge_id,
        learner_id=learner_id,
        name=name[:100],
        side=side,
        captain=captain,
        state=state,
        why=None,
        changed_at=at,
        engine="own",
        had_disk=False,
        faults=[],
    )
    if new:
        return True
    row = await _member_row(session, challenge_id, learner_id)
    if row is None or row.state in TAKES_PART or row.engine != "own":
        return False
    row.state, row.why, row.changed_at, row.name, row.side = state, None, at, name[:100], side
    await session.flush()
    return True


async def member(session: AsyncSession, challenge_id: int, learner_id: int) -> Member | None:
    """Somebody in this challenge, whether or not they left."""
    row = await _member_row(session, challenge_id, learner_id)
    return None if row is None else _member(row)


async def members(session: AsyncSession, challenge_id: int) -> list[Member]:
    """Everybody who was ever in it, by id."""
    found = await session.scalars(
        select(ChallengeMemberRow)
        .where(ChallengeMemberRow.challenge_id == challenge_id)
        .order_by(ChallengeMemberRow.learner_id)
        .execution_options(populate_existing=True)
    )
    return [_member(row) for row in found]


async def change_member(
    session: AsyncSession, challenge_id: int, learner_id: int, **values: object
) -> bool:
    """Set these columns; False when the person is not in it any more, with all of their data."""
    done = await session.execute(
        update(ChallengeMemberRow)
        .where(
            ChallengeMemberRow.challenge_id == challenge_id,
            ChallengeMemberRow.learner_id == learner_id,
        )
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has one


async def keep_engine(session: AsyncSession, who: Member, *, had_disk: bool) -> bool:
    """From now on the disk is the challenge's; False when it is over, or they have left it."""
    challenge = await get(session, who.challenge_id, hold=True)
    now = await member(session, who.challenge_id, who.learner_id)
    if challenge is None or challenge.phase in OVER or now is None or now.state != "preparing":
        return False
    return await change_member(
        session, who.challenge_id, who.learner_id, engine="kept", had_disk=had_disk
    )


async def engines_due(session: AsyncSession, challenge_id: int) -> int:
    """Whoever has the challenge's engine shall get theirs back; how many are to."""
    done = await session.execute(
        update(ChallengeMemberRow)
        .where(ChallengeMemberRow.challenge_id == challenge_id, ChallengeMemberRow.engine == "kept")
        .values(engine="due")
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has one


async def busy_with(session: AsyncSession, learner_id: int) -> int | None:
    """The challenge that this person is in, or whose engine they still have; None when free."""
    found: int | None = await session.scalar(
        select(ChallengeMemberRow.challenge_id)
        .join(ChallengeRow, ChallengeRow.id == ChallengeMemberRow.challenge_id)
        .where(
            ChallengeMemberRow.learner_id == learner_id,
            (
                ChallengeMemberRow.state.in_([s for s in TAKES_PART if s != "invited"])
                & ChallengeRow.phase.not_in(OVER)
            )
            | ChallengeMemberRow.engine.in_(["kept", "due"]),
        )
        .order_by(ChallengeMemberRow.challenge_id)
        .limit(1)
    )
    return found


async def with_their_engine(session: AsyncSession) -> list[Member]:
    """Everybody whose engine is a challenge's now, or to be given back."""
    found = await session.scalars(
        select(ChallengeMemberRow)
        .where(ChallengeMemberRow.engine.in_(["kept", "due"]))
        .order_by(ChallengeMemberRow.challenge_id, ChallengeMemberRow.learner_id)
    )
    return [_member(row) for row in found]


async def add_mark(session: AsyncSession, challenge_id: int, mark: StoredMark) -> bool:
    """Keep a mark; False when it is there already."""
    return await insert_new(
        session,
        ChallengeMarkRow,
        challenge_id=challenge_id,
        learner_id=mark.learner_id,
        kind=mark.kind,
        task_id=mark.task_id,
        number=mark.number,
        at=mark.at,
    )


async def marks(
    session: AsyncSession, challenge_id: int, learner_id: int | None = None
) -> list[StoredMark]:
    """All marks, or those of one person, the oldest first."""
    statement = select(ChallengeMarkRow).where(ChallengeMarkRow.challenge_id == challenge_id)
    if learner_id is not None:
        statement = statement.where(ChallengeMarkRow.learner_id == learner_id)
    rows = await session.scalars(
        statement.order_by(ChallengeMarkRow.at, ChallengeMarkRow.learner_id)
    )
    return [StoredMark(row.learner_id, row.kind, row.task_id, row.number, row.at) for row in rows]


async def _member_row(
    session: AsyncSession, challenge_id: int, learner_id: int
) -> ChallengeMemberRow | None:
    return await session.get(ChallengeMemberRow, (challenge_id, learner_id), populate_existing=True)


def _challenge(row: ChallengeRow) -> Challenge:
    return Challenge(
        id=row.id,
        server_id=row.server_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        kind=row.kind,
        lesson_id=row.lesson_id,
        variant=row.variant,
        phase=row.phase,
        language=row.language,
        limit_s=row.limit_s,
        freeze_s=row.freeze_s,
        faults_each=row.faults_each,
        role_a=row.role_a,
        role_b=row.role_b,
        created_at=row.created_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )


def _member(row: ChallengeMemberRow) -> Member:
    return Member(
        challenge_id=row.challenge_id,
        learner_id=row.learner_id,
        name=row.name,
        side=row.side,
        captain=row.captain,
        state=row.state,
        why=row.why,
        changed_at=row.changed_at,
        engine=row.engine,
        had_disk=row.had_disk,
        faults=tuple(row.faults),
        card_channel_id=row.card_channel_id,
        card_message_id=row.card_message_id,
    )
