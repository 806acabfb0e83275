"""The buttons under a command's result that are about the sandbox: start again, keep it longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import LearnerError
from bot.features.terminal._render import without_buttons
from bot.features.terminal._sandbox_lines import again_line_of
from bot.ui.actions import Action, pattern
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.terminal._cog import Terminal


class StartAgainButton(Action, template=pattern("again")):
    """Starts the containers that ended with the last engine."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Run the line that the message names; a second tap has nothing to press."""
        message = interaction.message
        line = None if message is None else again_line_of(message)
        terminal: Terminal | None = bot.get_cog("Terminal")  # type: ignore[assignment] # by its name
        if message is None or line is None or terminal is None:
            raise LearnerError("error.discord_trouble")
        await interaction.response.edit_message(view=without_buttons(message))
        await terminal.run_for_button(interaction, line)


class KeepButton(Action, template=pattern("keep", r"(?P<hours>[1-4])")):
    """Puts the end of the sandbox off."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Say until when it stays."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        until = await bot.classroom.machines.extend(
            self.owner, hours=int(self.values_of_id["hours"])
        )
        speech = bot.speeches.at_once_to(interaction)
        await interaction.followup.send(
            view=note(speech("terminal.kept", until=f"<t:{until:.0f}:t>")), ephemeral=True
        )


BUTTONS = (StartAgainButton, KeepButton)
