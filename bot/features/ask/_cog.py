"""/ask."""

from __future__ import annotations

import asyncio
from typing import Final

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.ask.finding import LONGEST_QUESTION
from bot.bot import DocentBot
from bot.features.ask._card import answer_card
from bot.on_error import report_bug
from bot.tasks import end_tasks
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home

WARM_UP_AFTER_S: Final = 5.0
"""Once the bot is up: what is needed for its start comes first."""


class Ask(commands.Cog):
    """Answers questions."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._warming_up: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Make the index before the first question."""
        self._warming_up = asyncio.create_task(self._warm_up(), name="ask-warm-up")

    async def cog_unload(self) -> None:
        """The bot goes away."""
        await end_tasks([self._warming_up])

    @app_commands.command(
        name=locale_str("ask", key="command.ask.name"),
        description=locale_str(
            "Ask a question about Docker and the lessons", key="command.ask.description"
        ),
    )
    @app_commands.rename(question=locale_str("question", key="command.ask.question.name"))
    @app_commands.describe(
        question=locale_str(
            "In your own words, or an error message", key="command.ask.question.description"
        )
    )
    async def ask(
        self,
        interaction: discord.Interaction[DocentBot],
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
    ) -> None:
        """Answer out of lessons and glossary; outside of the lab only the learner sees it."""
        public = await at_home(interaction)
        await interaction.response.defer(ephemeral=not public, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        owner = interaction.user.id
        answer = await self._bot.classroom.asking.ask(owner, question, speech)
        card = answer_card(answer, speech, owner=owner, question=question)
        await InteractionDestination(interaction, ephemeral=not public).send(view=card)

    async def _warm_up(self) -> None:
        await asyncio.sleep(WARM_UP_AFTER_S)
        try:
            await self._bot.classroom.asking.open_book()
        except Exception as error:  # noqa: BLE001 - nobody waits for it; who asks hears of it again
            report_bug(error, event_name="ask-warm-up")
