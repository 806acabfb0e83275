"""Question banks of servers: drafts, versions, what is there now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import BankRow, BankVersionRow
from db.upsert import insert_new

MOST_DRAFTS = 20
"""Of one server: previews that nobody decided about."""


@dataclass(frozen=True, slots=True)
class BankSummary:
    """A version of a bank without its questions; `number` is None before it is published."""

    id: int
    bank_id: int
    name: str
    number: int | None
    questions: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BankVersion(BankSummary):
    """The same with its `content` as it was kept, which may be megabytes."""

    content: str


async def keep_draft(
    session: AsyncSession, server_id: int, name: str, *, content: str, questions: int, at: datetime
) -> BankVersion:
    """Keep what was uploaded; nobody can choose it yet."""
    await insert_new(session, BankRow, server_id=server_id, name=name, deleted_at=None)
    bank = await session.scalar(
        select(BankRow).where(BankRow.server_id == server_id, BankRow.name == name)
    )
    assert bank is not None  # noqa: S101 - it was there, or is now
    row = BankVersionRow(bank_id=bank.id, questions=questions, content=content, created_at=at)
    session.add(row)
    await session.flush()
    return BankVersion(row.id, bank.id, name, None, questions, at, content)


async def draft(session: AsyncSession, server_id: int, version_id: int) -> BankVersion | None:
    """What was uploaded in this server and not published yet."""
    found = await session.execute(
        _versions(server_id).where(BankVersionRow.id == version_id, BankVersionRow.number.is_(None))
    )
    return _version(found.first())


async def next_number(session: AsyncSession, bank_id: int) -> int:
    """What the next version of this bank will be."""
    last = await session.scalar(
        select(func.max(BankVersionRow.number)).where(BankVersionRow.bank_id == bank_id)
    )
    return (last or 0) + 1


async def publish(
    session: AsyncSession, server_id: int, version_id: int, at: datetime
) -> BankVersion | None:
    """Let everybody in the server choose this draft; None when there is none, or no more."""
    found = await draft(session, server_id, version_id)
    if found is None:
        return None
    # Two who publish at once take their turns here; the second sees what the first has done.
    await session.get_one(BankRow, found.bank_id, with_for_update=True, populate_existing=True)
    number = await next_number(session, found.bank_id)
    done = await session.execute(
        update(BankVersionRow)
        .where(BankVersionRow.id == version_id, BankVersionRow.number.is_(None))
        .values(number=number, created_at=at)
    )
    if not done.rowcount:  # type: ignore[attr-defined] # an UPDATE has one
        return None
    await session.execute(
        update(BankRow).where(BankRow.id == found.bank_id).values(deleted_at=None)
    )
    return replace(found, number=number, created_at=at)


async def discard(session: AsyncSession, server_id: int, version_id: int) -> bool:
    """Forget a draft; False when there is none."""
    found = await draft(session, server_id, version_id)
    if found is None:
        return False
    await session.execute(delete(BankVersionRow).where(BankVersionRow.id == version_id))
    return True


async def of_server(session: AsyncSession, server_id: int) -> list[BankSummary]:
    """The newest version of each bank that is there, by name."""
    found = await session.execute(
        select(
            BankVersionRow.id,
            BankVersionRow.bank_id,
            BankRow.name,
            BankVersionRow.number,
            BankVersionRow.questions,
            BankVersionRow.created_at,
        )
        .join(BankRow, BankRow.id == BankVersionRow.bank_id)
        .where(BankRow.server_id == server_id, *_is_newest())
        .order_by(BankRow.name)
    )
    return [BankSummary(*row) for row in found]


async def newest(session: AsyncSession, server_id: int, bank_id: int) -> BankVersion | None:
    """The newest version of this bank of the server, unless it was deleted."""
    found = await session.execute(_versions(server_id).where(BankRow.id == bank_id, *_is_newest()))
    return _version(found.first())


async def version(
    session: AsyncSession, server_id: int, bank_id: int, number: int
) -> BankVersion | None:
    """A version that was published, also of a bank that was deleted since."""
    found = await session.execute(
        _versions(server_id).where(BankRow.id == bank_id, BankVersionRow.number == number)
    )
    return _version(found.first())


async def mark_deleted(session: AsyncSession, server_id: int, bank_id: int, at: datetime) -> bool:
    """Nobody can choose this bank from now on; False when there is none."""
    done = await session.execute(
        update(BankRow)
        .where(BankRow.id == bank_id, BankRow.server_id == server_id, BankRow.deleted_at.is_(None))
        .values(deleted_at=at)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE has one


async def forget(
    session: AsyncSession, server_id: int, *, drafts_before: datetime, banks_before: datetime
) -> None:
    """Forget drafts and deleted banks that are older than this, and all but a server's newest."""
    drafts = (
        select(BankVersionRow.id)
        .join(BankRow, BankRow.id == BankVersionRow.bank_id)
        .where(BankRow.server_id == server_id, BankVersionRow.number.is_(None))
        .order_by(BankVersionRow.id.desc())
    )
    surplus = list(await session.scalars(drafts.offset(MOST_DRAFTS - 1)))
    await session.execute(
        delete(BankVersionRow)
        .where(BankVersionRow.id.in_(surplus))
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(BankVersionRow)
        .where(BankVersionRow.number.is_(None), BankVersionRow.created_at < drafts_before)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(BankRow)
        .where(
            (BankRow.deleted_at < banks_before)
            | ~select(BankVersionRow.id).where(BankVersionRow.bank_id == BankRow.id).exists()
        )
        .execution_options(synchronize_session=False)
    )


def _is_newest() -> tuple[ColumnElement[bool], ...]:
    newest = (
        select(func.max(BankVersionRow.number))
        .where(BankVersionRow.bank_id == BankRow.id)
        .correlate(BankRow)
        .scalar_subquery()
    )
    return BankRow.deleted_at.is_(None), BankVersionRow.number == newest


def _versions(server_id: int) -> Select[BankVersionRow, str]:
    return (
        select(BankVersionRow, BankRow.name)
        .join(BankRow, BankRow.id == BankVersionRow.bank_id)
        .where(BankRow.server_id == server_id)
    )


def _version(row: Row[BankVersionRow, str] | None) -> BankVersion | None:
    if row is None:
        return None
    kept, name = row
    return BankVersion(
        kept.id, kept.bank_id, name, kept.number, kept.questions, kept.created_at, kept.content
    )
