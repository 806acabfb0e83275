"""/progress."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.progress._card import lesson_lines, progress_card
from bot.pictures.progress_board import board_layout
from bot.ui.backgrounds import background_for
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
        desk, name = self._bot.classroom.lessons, user.display_name
        lines = lesson_lines(overview, desk, speech)
        layout = partial(board_layout, overview, lines, name, speech)
        theme = await background_for(self._bot, interaction, speech, None)
        png = await self._bot.studio.draw(layout, theme)
        due = await self._bot.classroom.practice.due(user.id)
        card = progress_card(overview, desk, speech, owner=user.id, name=name, png=png, due=due)
        await InteractionDestination(interaction).send(view=card)
