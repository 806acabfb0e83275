"""/map."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.map._drawing import draw_map
from bot.pictures.theme import ThemeName
from bot.ui.backgrounds import BACKGROUNDS, background_for
from bot.ui.destination import InteractionDestination


class MapCog(commands.Cog, name="Map"):
    """Shows learners their engine."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("map", key="command.map.name"),
        description=locale_str("Your Docker engine in one picture", key="command.map.description"),
    )
    @app_commands.rename(theme=locale_str("theme", key="command.map.theme.name"))
    @app_commands.describe(
        theme=locale_str(
            "Background of the picture; your choice is remembered",
            key="command.map.theme.description",
        )
    )
    @app_commands.choices(theme=BACKGROUNDS)
    async def map(
        self, interaction: discord.Interaction[DocentBot], theme: ThemeName | None = None
    ) -> None:
        """Show the person's own engine, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = await self._bot.speeches.to(interaction)
        chosen = await background_for(self._bot, interaction, say, theme)
        card = await draw_map(self._bot, interaction.user.id, say, chosen)
        await InteractionDestination(interaction).send(view=card)
