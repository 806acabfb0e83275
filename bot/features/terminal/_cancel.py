"""The button under a running command. It outlives the bot: a command it no longer knows is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.features.terminal._render import interrupted_card
from bot.ui.actions import Action, pattern

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.terminal._cog import Terminal


class CancelButton(Action, template=pattern("cancel", r"(?P<run>[0-9a-f]{12})")):
    """Ends the command of its message."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """End it; its own message tells the end. What an earlier bot left behind is tidied up."""
        terminal: Terminal | None = bot.get_cog("Terminal")  # type: ignore[assignment] # by its name
        run = None if terminal is None else terminal.running.get(self.values_of_id["run"])
        if run is None:
            await tidy_up(bot, interaction)
            return
        await interaction.response.defer()
        await run.stop()


async def tidy_up(bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
    """Say in the message that its command is over, and take its buttons away."""
    sentence = bot.speeches.at_once_to(interaction)("terminal.interrupted")
    if interaction.message is None:
        await interaction.response.defer()
        return
    view = interrupted_card(interaction.message, f"-# {sentence}")
    await interaction.response.edit_message(view=view)
