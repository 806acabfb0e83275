"""Whether an interaction happens at the learner's own place, and who is new there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.texts import language_of_locale

if TYPE_CHECKING:
    from bot.bot import DocentBot


def at_home(interaction: discord.Interaction[Any]) -> bool:
    """Whether this looks like the person's lab, judged without the database.

    It decides who sees the answer, which Discord wants to know at once.
    """
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.is_private() and channel.owner_id == interaction.client.user.id
    return interaction.guild_id is None


async def enrolled(bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
    """Have the person be a learner, under whose id things are kept; raises `DatabaseError`."""
    enrol, user = bot.classroom.enrol, interaction.user
    if enrol.known_language(user.id) is None and await enrol.learner(user.id) is None:
        language = language_of_locale(str(interaction.locale))
        await enrol.enrol(user.id, language=language, name=user.display_name)
