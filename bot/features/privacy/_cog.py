"""/privacy."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.privacy._card import privacy_card
from bot.ui.destination import InteractionDestination


class Privacy(commands.Cog):
    """Tells learners what is kept of them, and deletes it when they want that."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("privacy", key="command.privacy.name"),
        description=locale_str(
            "What is kept of you: get it as a file, or delete it all",
            key="command.privacy.description",
        ),
    )
    async def privacy(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Show what is kept of the person, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        owner = interaction.user.id
        kept = await self._bot.classroom.privacy.kept(owner)
        await InteractionDestination(interaction).send(view=privacy_card(kept, speech, owner=owner))
