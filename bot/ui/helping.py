"""Where a hand can be raised, and whether there is anybody to see it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.on_error import as_learner_error
from bot.ui.destination import ChannelDestination, Destination, InteractionDestination

if TYPE_CHECKING:
    from bot.bot import DocentBot

ASK_S: Final = 0.5
"""A result is not kept waiting for what may be offered below it."""

log = structlog.get_logger(__name__)


def channel_for_threads(channel: object) -> int | None:
    """The channel below which a thread for somebody who is here can be made; None: none can."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    if isinstance(channel, discord.TextChannel) and not channel.is_news():
        return channel.id
    return None


async def can_ask_for_help(bot: DocentBot, learner_id: int, destination: Destination) -> bool:
    """Whether a hand could be raised there, and somebody looks after this learner in that server.

    False when nobody can tell soon: `/hand` is there all the same.
    """
    server_id = _server_of(bot, destination)
    if server_id is None:
        return False
    try:
        async with asyncio.timeout(ASK_S):
            return await bot.classroom.classes.look_after(server_id, learner_id)
    except Exception as error:
        if not isinstance(error, TimeoutError) and as_learner_error(error) is None:
            raise
        log.info("help_not_offered", learner=learner_id, error=type(error).__name__)
        return False


def _server_of(bot: DocentBot, destination: Destination) -> int | None:
    """The server where a button below a message there would raise a hand."""
    match destination:
        case InteractionDestination(interaction=interaction):
            channel: object = interaction.channel
        case ChannelDestination(channel=discord.PartialMessageable() as unknown):
            channel = bot.get_channel(unknown.id)
        case ChannelDestination(channel=known):
            channel = known
        case _:
            return None
    if channel_for_threads(channel) is None:
        return None
    guild = getattr(channel, "guild", None)
    return guild.id if isinstance(guild, discord.Guild) else None
