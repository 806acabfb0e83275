"""Raised hands of a server in their order, who took them, and what may be seen in a help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import HandNoticeRow, HandRow, HelpLineRow, LearnerRow
from db.upsert import insert_new

Ended = Literal["lowered", "helped", "expired", "gone", "left"]
"""How a hand went down: by its learner, helped, by itself, its thread or its learner is gone."""

LINES_KEPT = 50


@dataclass(frozen=True, slots=True)
class Hand:
    """A raised hand, and the help that came of it; `name` is what the learner calls themselves.

    `notices` are the channels and the messages that tell instructors of it.
    """

    id: int
    learner_id: int
    name: str
    server_id: int
    channel_id: int
    sentence: str
    raised_at: datetime
    helper_id: int | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    ended: str | None = None
    thread_id: int | None = None
    panel_id: int | None = None
    notices: tuple[tuple[int, int], ...] = ()
    may_look: bool = False
    may_fork: bool = False
    fork_until: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.closed_at is None and self.taken_at is None

    @property
    def is_helped(self) -> bool:
        """Whether somebody helps just now."""
        return self.closed_at is None and self.taken_at is not None


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A command that the helper ran on the fork."""

    id: int
    line: str
    exit_code: int | None


async def raise_hand(
    session: AsyncSession,
    learner_id: int,
    *,
    server_id: int,
    channel_id: int,
    sentence: str,
    at: datetime,
) -> tuple[Hand | None, bool]:
    """The learner's open hand in this server, and True when it went up just now.

    None for somebody who is no learner: whose data were deleted meanwhile.
    """
    share = {"read": True, "key_share": True}
    if await session.get(LearnerRow, learner_id, with_for_update=share) is None:
        return None, False
    new = await insert_new(
        session,
        HandRow,
        learner_id=learner_id,
        server_id=server_id,
        channel_id=channel_id,
        sentence=sentence,
        raised_at=at,
        may_look=False,
        may_fork=False,
    )
    return await open_of(session, learner_id, server_id), new


async def get(session: AsyncSession, hand_id: int) -> Hand | None:
    """This hand, or None."""
    return _first(await _hands(session, select(HandRow).where(HandRow.id == hand_id)))


async def open_of(session: AsyncSession, learner_id: int, server_id: int) -> Hand | None:
    """The learner's hand in this server that is up, or that they are helped with."""
    wanted = select(HandRow).where(
        HandRow.learner_id == learner_id,
        HandRow.server_id == server_id,
        HandRow.closed_at.is_(None),
    )
    return _first(await _hands(session, wanted))


async def of_thread(session: AsyncSession, thread_id: int) -> Hand | None:
    """The help that goes on in this thread."""
    wanted = select(HandRow).where(HandRow.thread_id == thread_id, HandRow.closed_at.is_(None))
    return _first(await _hands(session, wanted))


async def opened(session: AsyncSession, server_id: int) -> list[Hand]:
    """All hands of a server that are up or helped with, the one that waits longest first."""
    wanted = select(HandRow).where(HandRow.server_id == server_id, HandRow.closed_at.is_(None))
    return await _hands(session, wanted)


async def all_open(session: AsyncSession) -> list[Hand]:
    """All hands that are up or helped with, in every server."""
    return await _hands(session, select(HandRow).where(HandRow.closed_at.is_(None)))


async def in_channel(session: AsyncSession, channel_id: int) -> list[Hand]:
    """Open hands whose threads are in this channel."""
    wanted = select(HandRow).where(HandRow.channel_id == channel_id, HandRow.closed_at.is_(None))
    return await _hands(session, wanted)


async def raised_before(session: AsyncSession, at: datetime) -> list[Hand]:
    """Hands that are up since before this moment, and nobody took."""
    wanted = select(HandRow).where(
        HandRow.closed_at.is_(None), HandRow.taken_at.is_(None), HandRow.raised_at < at
    )
    return await _hands(session, wanted)


async def taken_before(session: AsyncSession, at: datetime) -> list[Hand]:
    """Helps that began before this moment and were never closed."""
    wanted = select(HandRow).where(HandRow.closed_at.is_(None), HandRow.taken_at < at)
    return await _hands(session, wanted)


async def durations(session: AsyncSession, server_id: int, most: int) -> list[float]:
    """How many seconds the newest helps of a server took."""
    found = await session.execute(
        select(HandRow.taken_at, HandRow.closed_at)
        .where(HandRow.server_id == server_id, HandRow.ended == "helped")
        .order_by(HandRow.closed_at.desc())
        .limit(most)
    )
    return [
        (closed - taken).total_seconds()
        for taken, closed in found
        if taken is not None and closed is not None
    ]


async def take(session: AsyncSession, hand_id: int, helper_id: int, at: datetime) -> bool:
    """Have this helper help; False when somebody else does, or the hand is down."""
    return await _change(
        session,
        update(HandRow)
        .where(HandRow.id == hand_id, HandRow.taken_at.is_(None), HandRow.closed_at.is_(None))
        .values(helper_id=helper_id, taken_at=at),
    )


async def give_back(session: AsyncSession, hand_id: int) -> bool:
    """The hand is up again, where it was: the help could not begin."""
    return await _change(
        session,
        update(HandRow)
        .where(HandRow.id == hand_id, HandRow.closed_at.is_(None), HandRow.thread_id.is_(None))
        .values(helper_id=None, taken_at=None),
    )


async def keep_places(
    session: AsyncSession,
    hand_id: int,
    *,
    thread_id: int,
    panel_id: int,
) -> bool:
    """Remember where its thread and the card in there are; False: the hand is gone."""
    places = update(HandRow).where(HandRow.id == hand_id)
    return await _change(session, places.values(thread_id=thread_id, panel_id=panel_id))


async def keep_notice(
    session: AsyncSession, hand_id: int, *, channel_id: int, message_id: int
) -> bool:
    """Remember a message that tells instructors of it; False: the hand is gone."""
    share = {"read": True, "key_share": True}
    row = await session.get(HandRow, hand_id, with_for_update=share)
    if row is None:
        return False
    return await insert_new(
        session,
        HandNoticeRow,
        hand_id=hand_id,
        channel_id=channel_id,
        learner_id=row.learner_id,
        message_id=message_id,
    )


async def allow(
    session: AsyncSession, hand_id: int, *, look: bool | None = None, fork: bool | None = None
) -> bool:
    """What the learner allows in a help that goes on."""
    values = {"may_look": look, "may_fork": fork}
    known = {name: value for name, value in values.items() if value is not None}
    changed = update(HandRow).where(HandRow.id == hand_id, HandRow.closed_at.is_(None))
    return await _change(session, changed.values(**known))


async def close(session: AsyncSession, hand_id: int, at: datetime, ended: Ended) -> bool:
    """The hand is down; False when it was before."""
    return await _change(
        session,
        update(HandRow)
        .where(HandRow.id == hand_id, HandRow.closed_at.is_(None))
        .values(closed_at=at, ended=ended, may_look=False, may_fork=False),
    )


async def begin_fork(session: AsyncSession, hand_id: int, until: datetime) -> bool:
    """There may be a fork from now on; False when it is not allowed, or there is one."""
    return await _change(
        session,
        update(HandRow)
        .where(
            HandRow.id == hand_id,
            HandRow.closed_at.is_(None),
            HandRow.may_fork.is_(True),
            HandRow.fork_until.is_(None),
        )
        .values(fork_until=until),
    )


async def end_fork(session: AsyncSession, hand_id: int) -> bool:
    """There is no fork any more."""
    return await _change(
        session, update(HandRow).where(HandRow.id == hand_id).values(fork_until=None)
    )


async def all_of(session: AsyncSession, learner_id: int) -> list[Hand]:
    """Every hand that the learner ever raised, in all servers."""
    return await _hands(session, select(HandRow).where(HandRow.learner_id == learner_id))


async def forked(session: AsyncSession, learner_id: int | None = None) -> list[Hand]:
    """Hands with which there may be a fork: of everybody, or of this learner's engine."""
    wanted = select(HandRow).where(HandRow.fork_until.is_not(None))
    if learner_id is not None:
        wanted = wanted.where(HandRow.learner_id == learner_id)
    return await _hands(session, wanted)


async def add_line(
    session: AsyncSession, hand: Hand, line: str, exit_code: int | None, at: datetime
) -> None:
    """Remember a command of the helper's; the newest `LINES_KEPT` of a help are kept."""
    share = {"read": True, "key_share": True}
    if await session.get(HandRow, hand.id, with_for_update=share) is None:
        return
    session.add(
        HelpLineRow(
            learner_id=hand.learner_id, hand_id=hand.id, line=line, exit_code=exit_code, at=at
        )
    )
    await session.flush()
    newest = (
        select(HelpLineRow.id)
        .where(HelpLineRow.hand_id == hand.id)
        .order_by(HelpLineRow.id.desc())
        .limit(LINES_KEPT)
    )
    kept = list(await session.scalars(newest))
    await session.execute(
        delete(HelpLineRow)
        .where(HelpLineRow.hand_id == hand.id, HelpLineRow.id < min(kept))
        .execution_options(synchronize_session=False)
    )


async def lines(session: AsyncSession, hand_id: int) -> list[HelpLine]:
    """The helper's commands on the fork, the oldest first."""
    rows = await session.scalars(
        select(HelpLineRow).where(HelpLineRow.hand_id == hand_id).order_by(HelpLineRow.id)
    )
    return [HelpLine(row.id, row.line, row.exit_code) for row in rows]


async def _change(session: AsyncSession, statement: Any) -> bool:
    done = await session.execute(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has one


async def _hands(session: AsyncSession, wanted: Select[HandRow]) -> list[Hand]:
    rows = await session.execute(
        wanted.join(LearnerRow, LearnerRow.id == HandRow.learner_id)
        .add_columns(LearnerRow.name)
        .order_by(HandRow.raised_at, HandRow.id)
        .execution_options(populate_existing=True)
    )
    notices: dict[int, list[tuple[int, int]]] = {}
    told = select(HandNoticeRow.hand_id, HandNoticeRow.channel_id, HandNoticeRow.message_id)
    which = HandNoticeRow.hand_id.in_(wanted.with_only_columns(HandRow.id))
    for hand_id, channel_id, message_id in await session.execute(
        told.where(which).order_by(HandNoticeRow.message_id)
    ):
        notices.setdefault(hand_id, []).append((channel_id, message_id))
    return [_hand(row, name, tuple(notices.get(row.id, ()))) for row, name in rows]


def _first(found: Sequence[Hand]) -> Hand | None:
    return found[0] if found else None


def _hand(row: HandRow, name: str, notices: tuple[tuple[int, int], ...]) -> Hand:
    return Hand(
        id=row.id,
        learner_id=row.learner_id,
        name=name,
        server_id=row.server_id,
        channel_id=row.channel_id,
        sentence=row.sentence,
        raised_at=row.raised_at,
        helper_id=row.helper_id,
        taken_at=row.taken_at,
        closed_at=row.closed_at,
        ended=row.ended,
        thread_id=row.thread_id,
        panel_id=row.panel_id,
        notices=notices,
        may_look=row.may_look,
        may_fork=row.may_fork,
        fork_until=row.fork_until,
    )
