"""Cards that an instructor posts for everybody in a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.classroom.classes import SchoolClass
from bot.errors import LearnerError
from bot.features.classes._cards import invitation
from bot.features.classes._lists import announcement
from bot.texts import Speech
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import language_for_all

if TYPE_CHECKING:
    from bot.bot import DocentBot


def speech_for_all(bot: DocentBot, interaction: discord.Interaction[Any]) -> Speech:
    """The texts for everybody in this server."""
    return bot.speeches.in_language(language_for_all(interaction.guild_locale))


async def post_invitation(
    bot: DocentBot, interaction: discord.Interaction[Any], school_class: SchoolClass
) -> None:
    """The card with which learners join, as one more answer: the first one is given."""
    card = invitation(school_class, speech_for_all(bot, interaction))
    await InteractionDestination(interaction, ephemeral=False).send(view=card)


async def post_tasks(
    bot: DocentBot, interaction: discord.Interaction[Any], school_class: SchoolClass
) -> None:
    """What the class has to do, as one more answer: the first one is given.

    Raises:
        LearnerError: It has nothing to do.
    """
    assigned = await bot.classroom.assignments.of_class(school_class.id)
    if not assigned:
        raise LearnerError("class.announce.nothing")
    speech = speech_for_all(bot, interaction)
    card = announcement(school_class, assigned, bot.classroom.lessons, speech)
    await InteractionDestination(interaction, ephemeral=False).send(view=card)
