"""Where a command is shown that came from an interaction, and that Discord hears of it in time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.terminal.interactive import going
from bot.terminal.reading import Typed
from bot.ui.destination import ChannelDestination, Destination, InteractionDestination
from bot.ui.home import at_home

if TYPE_CHECKING:
    from bot.bot import DocentBot

ACKNOWLEDGE_AFTER_S: Final = 1.5
"""Discord gives an interaction three seconds; a busy database may need them."""


def beside(interaction: discord.Interaction[Any]) -> Destination:
    """Where the message is that was pressed: seen by the same people."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return InteractionDestination(interaction, ephemeral=True)
    return ChannelDestination(message.channel)


async def place_for_terminal(
    interaction: discord.Interaction[DocentBot], typed: Typed
) -> Destination | None:
    """Where a line that keeps going is shown and typed into: only where it could be written, too.

    None elsewhere: a private answer can't be typed into, and says where a terminal opens.
    """
    if going(typed.line) is None or not await at_home(interaction):
        return None
    channel_id = interaction.channel_id
    if channel_id is None:
        return None
    return ChannelDestination(
        interaction.client.get_partial_messageable(channel_id, guild_id=interaction.guild_id)
    )


async def acknowledged_in_time(
    interaction: discord.Interaction[DocentBot], work: Coroutine[object, object, None]
) -> None:
    """Do some work before the answer, and tell Discord to wait for it when it takes long."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=ACKNOWLEDGE_AFTER_S)
        if not done and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True, thinking=True)
        await task
    finally:
        task.cancel()
