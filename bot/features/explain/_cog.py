"""/explain: any command taken apart, without running it; without one, the last that was run."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.explain import explain
from bot.features.explain._card import explanation_card
from bot.terminal.reading import read_option
from bot.ui.destination import InteractionDestination

LONGEST_OPTION = 4000


class Explain(commands.Cog):
    """Explains commands."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("explain", key="command.explain.name"),
        description=locale_str(
            "Takes a command apart and explains each piece, without running it",
            key="command.explain.description",
        ),
    )
    @app_commands.rename(command=locale_str("command", key="command.explain.command.name"))
    @app_commands.describe(
        command=locale_str(
            "For example: run -d -p 8080:80 nginx (empty: your last command)",
            key="command.explain.command.description",
        )
    )
    async def explain(
        self,
        interaction: discord.Interaction[DocentBot],
        command: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    ) -> None:
        """Explain a command privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        line = await self._line(interaction.user.id, command)
        await InteractionDestination(interaction).send(view=explanation_card(explain(line), speech))

    async def _line(self, learner_id: int, command: str | None) -> str:
        if command is None:
            return await self._bot.classroom.explaining.newest(learner_id)
        typed = read_option(command)
        if typed is None:
            raise LearnerError("terminal.empty")
        return typed.line
