"""What learners chose for themselves; whoever chose nothing has the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from db.models import SettingsRow
from db.upsert import insert_new

Explanations = Literal["on", "errors", "off"]
"""Whether commands are explained: all of them, only those that failed, or none."""

EXPLANATIONS: Final[tuple[Explanations, ...]] = ("on", "errors", "off")

Background = Literal["dark", "light"]
"""What pictures are drawn on."""

BACKGROUNDS: Final[tuple[Background, ...]] = ("dark", "light")


@dataclass(frozen=True, slots=True)
class LearnerSettings:
    """What a learner wants to see.

    `changes`: after a command, a card of what it changed in the engine. `compact`: less of long
    outputs in the chat; the rest is in their file. `pictures` are on this background. `zone` is the
    name of their time zone; None: that of most who speak their language.
    """

    explanations: Explanations = "on"
    changes: bool = True
    compact: bool = False
    pictures: Background = "dark"
    zone: str | None = None


async def get(session: AsyncSession, learner_id: int) -> LearnerSettings:
    """What the learner chose, else the defaults."""
    row = await session.get(SettingsRow, learner_id)
    return LearnerSettings() if row is None else _settings(row)


async def put(session: AsyncSession, learner_id: int, settings: LearnerSettings) -> None:
    """Remember all of these for a learner who is enrolled."""
    values = {
        "explanations": settings.explanations,
        "changes": settings.changes,
        "compact": settings.compact,
        "pictures": settings.pictures,
        "zone": settings.zone,
    }
    if await insert_new(session, SettingsRow, learner_id=learner_id, **values):
        return
    row = await session.get_one(SettingsRow, learner_id)
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()


def _settings(row: SettingsRow) -> LearnerSettings:
    # A word that a newer Docent knows means the default to this one.
    known = row.explanations in EXPLANATIONS
    return LearnerSettings(
        explanations=cast("Explanations", row.explanations) if known else "on",
        changes=row.changes,
        compact=row.compact,
        pictures="light" if row.pictures == "light" else "dark",
        zone=row.zone,
    )
