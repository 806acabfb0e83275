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
from bot.ui.instructors_channel import is_for_instructors
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot


def speech_for_all(bot: DocentBot, interaction: discord.Interaction[Any]) -> Speech:
    """The texts for everybody in this server."""
    return bot.speeches.in_language(language_for_all(interaction.guild_locale))


async def post_invitation(
    bot: DocentBot, interaction: discord.Interaction[Any], school_class: SchoolClass
) -> None:
    """The card with which learners join, as one more answer: the first one is given.

    Whoever posts it is warned when the role that one needs to join sees too little, or too much.
    """
    card = invitation(school_class, speech_for_all(bot, interaction))
    await InteractionDestination(interaction, ephemeral=False).send(view=card)
    warnings = role_warnings(interaction, school_class, await bot.speeches.to(interaction))
    if warnings:
        await InteractionDestination(interaction).send(view=note("\n".join(warnings)))


def role_warnings(
    interaction: discord.Interaction[Any], school_class: SchoolClass, speech: Speech
) -> list[str]:
    """What is wrong with the channels for those who may join; nothing where nobody can tell.

    They are to see where the invitation is posted, and not the class's channel of instructors.
    """
    guild, role_id = interaction.guild, school_class.join_role_id
    if guild is None or guild.unavailable or role_id is None:
        return []
    role = guild.get_role(role_id)
    here = guild.get_channel_or_thread(interaction.channel_id or 0)
    staff = guild.get_channel(school_class.channel_id or 0)
    found = []
    if role is not None and here is not None and not here.permissions_for(role).view_channel:
        found.append(speech("class.invite.unseen", role=role.mention))
    if isinstance(staff, discord.TextChannel) and not is_for_instructors(staff, school_class):
        found.append(speech("class.invite.staff_seen", channel=staff.mention))
    return found


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
