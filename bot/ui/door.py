"""Letting somebody in for a button, whichever feature shows the button: what /start does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import discord

from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot


class _Door(Protocol):
    """What we need of the welcome feature's door."""

    async def let_in(self, interaction: discord.Interaction[Any]) -> None:
        """Lead the person to their lab, which is made when there is none."""
        ...


class _Welcome(Protocol):
    """What we need of the welcome feature."""

    @property
    def door(self) -> _Door: ...


async def let_in(bot: DocentBot, interaction: discord.Interaction[Any]) -> bool:
    """Give the person a lab, and tell them so, if they have none; whether they have one then.

    When there can be none here, they were told why, and what else they can do. The interaction was
    deferred, in a server privately.

    Raises:
        LearnerError: The bot is leaving.
        DatabaseError: It can't be looked up now.
    """
    if await _has_lab(bot, interaction.user.id):
        return True
    welcome = cast("_Welcome | None", bot.get_cog("Welcome"))
    if welcome is None:
        raise LearnerError("error.discord_trouble")
    await welcome.door.let_in(interaction)
    return await _has_lab(bot, interaction.user.id)


async def _has_lab(bot: DocentBot, person_id: int) -> bool:
    """Whether a lab of theirs is remembered; raises `DatabaseError`."""
    learner = await bot.classroom.enrol.learner(person_id)
    return learner is not None and learner.lab_id is not None
