"""/settings."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.settings._card import settings_card
from bot.ui.destination import InteractionDestination


class SettingsCog(commands.Cog, name="Settings"):
    """Lets learners choose how Docent answers them."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("settings", key="command.settings.name"),
        description=locale_str(
            "Language, explanations, what is shown after a command",
            key="command.settings.description",
        ),
    )
    async def settings(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Show the person's own settings, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        owner = interaction.user.id
        settings = await self._bot.classroom.settings.of(owner)
        await InteractionDestination(interaction).send(
            view=settings_card(settings, speech, owner=owner)
        )
