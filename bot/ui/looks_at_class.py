"""What an instructor sees of a class on a private card, written down for its learners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import discord

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass

AROUND: Final = timedelta(minutes=1)
"""A look is written down a moment before or after Discord gave its card a time."""


async def record_look(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    seen: SchoolClass,
    act: str,
    *,
    learners: Sequence[int] | None = None,
) -> None:
    """Write down for these learners, or all of the class, what is shown of them.

    Of the card that was pressed everybody is told once: whoever joined the class since it was
    opened is told now. A command opens a card of its own.
    """
    classes = bot.classroom.classes
    if learners is None:
        learners = [member.learner_id for member in await classes.members(seen.id)]
    card = interaction.message
    since = None if card is None else card.created_at - AROUND
    await classes.record_acts(
        seen.server_id, interaction.user.id, learners, act, seen.name, since=since
    )
