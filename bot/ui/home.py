"""Whether an interaction happens at the learner's own place, and who is new there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord

from bot.texts import language_of_locale

if TYPE_CHECKING:
    from bot.bot import DocentBot

_VERDICT: Final = "docent:at-home"


async def at_home(interaction: discord.Interaction[Any]) -> bool:
    """Whether this happens in the person's own lab: only there others may see the answer.

    In somebody else's lab, where a moderator may be, it is theirs alone. So it is while the
    database does not say soon whose lab this is: Discord waits three seconds for the answer, and
    what was shown to others can't be taken back. One interaction always gets the same verdict.
    """
    if _VERDICT not in interaction.extras:
        interaction.extras[_VERDICT] = await _is_at_home(interaction)
    return bool(interaction.extras[_VERDICT])


async def _is_at_home(interaction: discord.Interaction[Any]) -> bool:
    channel = interaction.channel
    if interaction.guild_id is None:
        return True
    if interaction.channel_id is None or _is_public(channel):
        return False
    bot = cast("DocentBot", interaction.client)
    enrol = bot.classroom.enrol
    return await enrol.is_surely_lab_of(interaction.user.id, interaction.channel_id)


def _is_public(channel: object) -> bool:
    """Whether this is surely no lab; a thread that we have not heard of yet may be one."""
    if isinstance(channel, discord.Thread):
        return not channel.is_private()
    return channel is not None and not isinstance(channel, discord.PartialMessageable)


async def enrolled(bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
    """Have the person be a learner, under whose id things are kept; raises `DatabaseError`."""
    enrol, user = bot.classroom.enrol, interaction.user
    if enrol.known_language(user.id) is None and await enrol.learner(user.id) is None:
        language = language_of_locale(str(interaction.locale))
        await enrol.enrol(user.id, language=language, name=user.display_name)
