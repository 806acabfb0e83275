"""/progress."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.progress._card import progress_card
from bot.ui.destination import InteractionDestination


class Progress(commands.Cog):
    """Shows learners how far they are."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("progress", key="command.progress.name"),
        description=locale_str("How far you are", key="command.progress.description"),
    )
    async def progress(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Show the person's own progress, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        user = interaction.user
        overview = await self._bot.classroom.progress.overview(user.id)
        card = progress_card(
            overview, self._bot.classroom.lessons, speech, owner=user.id, name=user.display_name
        )
        await InteractionDestination(interaction).send(view=card)
