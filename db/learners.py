"""Who learns, in which language, and where their lab is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import LearnerRow
from db.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who learns. `language` is `ko` or `en`; `lab_id` is their thread or DM channel."""

    id: int
    name: str
    language: str
    language_chosen: bool
    lab_id: int | None
    created_at: datetime


async def get(session: AsyncSession, learner_id: int, *, hold: bool = False) -> Learner | None:
    """The learner, or None when they were never enrolled.

    With `hold`, others who ask so wait until the transaction ends.
    """
    lock = {"key_share": True} if hold else None
    row = await session.get(LearnerRow, learner_id, with_for_update=lock)
    return None if row is None else _learner(row)


async def enrol(
    session: AsyncSession, learner_id: int, *, language: str, name: str
) -> tuple[Learner, bool]:
    """The learner, and True when this call enrolled them.

    Safe to repeat: a language that the learner chose stays; otherwise it follows their Discord.
    """
    new = await insert_new(
        session,
        LearnerRow,
        id=learner_id,
        name=name[:100],
        language=language,
        language_chosen=False,
        created_at=datetime.now(UTC),
    )
    row = await session.get_one(LearnerRow, learner_id)
    row.name = name[:100]
    if not row.language_chosen:
        row.language = language
    return _learner(row), new


async def set_language(session: AsyncSession, learner_id: int, language: str) -> None:
    """Remember the language that the learner chose; from now on it no longer follows Discord's."""
    await session.execute(
        update(LearnerRow)
        .where(LearnerRow.id == learner_id)
        .values(language=language, language_chosen=True)
    )


async def set_lab(session: AsyncSession, learner_id: int, channel_id: int | None) -> None:
    """Remember the learner's lab; a channel that was someone else's lab before is taken over."""
    if channel_id is not None:
        await session.execute(
            update(LearnerRow)
            .where(LearnerRow.lab_id == channel_id, LearnerRow.id != learner_id)
            .values(lab_id=None)
        )
    await session.execute(
        update(LearnerRow).where(LearnerRow.id == learner_id).values(lab_id=channel_id)
    )


async def in_a_lesson(session: AsyncSession) -> list[int]:
    """Ids of the learners who have a lesson open, the lowest first."""
    found = await session.scalars(
        select(LearnerRow.id)
        .where(LearnerRow.current_lesson_id.is_not(None), LearnerRow.lab_id.is_not(None))
        .order_by(LearnerRow.id)
    )
    return list(found)


async def by_lab(session: AsyncSession, channel_id: int) -> Learner | None:
    """The learner whose lab this channel is."""
    row = await session.scalar(select(LearnerRow).where(LearnerRow.lab_id == channel_id))
    return None if row is None else _learner(row)


def _learner(row: LearnerRow) -> Learner:
    return Learner(
        id=row.id,
        name=row.name,
        language=row.language,
        language_chosen=row.language_chosen,
        lab_id=row.lab_id,
        created_at=row.created_at,
    )
