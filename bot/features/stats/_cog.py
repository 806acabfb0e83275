"""/stats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import LearnerError
from bot.features.stats._watch import Watches
from bot.pictures.theme import ThemeName
from bot.ui.backgrounds import BACKGROUNDS, background_for
from bot.ui.destination import InteractionDestination

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.ui.layout import Card


class StatsCog(commands.Cog, name="Stats"):
    """Shows learners how busy their engine is; `watches` are those who look."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.watches = Watches(bot)

    async def cog_unload(self) -> None:
        """Nobody looks any more."""
        await self.watches.close()

    @app_commands.command(
        name=locale_str("stats", key="command.stats.name"),
        description=locale_str(
            "How much CPU and memory your engine and containers use, as a plot",
            key="command.stats.description",
        ),
    )
    @app_commands.rename(theme=locale_str("theme", key="command.stats.theme.name"))
    @app_commands.describe(
        theme=locale_str(
            "Background of the picture; your choice is remembered",
            key="command.stats.theme.description",
        )
    )
    @app_commands.choices(theme=BACKGROUNDS)
    async def stats(
        self, interaction: discord.Interaction[DocentBot], theme: ThemeName | None = None
    ) -> None:
        """Show the person's own load, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = await self._bot.speeches.to(interaction)
        learner_id = interaction.user.id
        if not await self._bot.classroom.load.is_on(learner_id):
            raise LearnerError("stats.off")
        chosen = await background_for(self._bot, interaction, say, theme)
        await self.watches.begin(learner_id, say, chosen, _Answer(interaction).show)


class _Answer:
    """The answer to a command: sent once, then edited."""

    def __init__(self, interaction: discord.Interaction[DocentBot]) -> None:
        self._destination = InteractionDestination(interaction)
        self._message: discord.Message | None = None

    async def show(self, card: Card) -> None:
        """Show this card in place of the last one."""
        if self._message is None:
            self._message = await self._destination.send(view=card)
        else:
            await self._message.edit(view=card, attachments=card.files())
