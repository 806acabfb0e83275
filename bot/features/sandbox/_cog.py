"""/sandbox, and the rounds that warn of the end of a sandbox and of a disk."""

from __future__ import annotations

import asyncio
import time

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.classroom.commands import CommandEnded
from bot.features.sandbox._card import sandbox_card
from bot.features.sandbox._ends import EndWatch
from bot.features.sandbox._warning import FIRST_ROUND_AFTER_S, ROUND_S, warn_for_ever
from bot.tasks import end_tasks
from bot.ui.destination import Destination, InteractionDestination


class SandboxCog(commands.Cog, name="Sandbox"):
    """Shows learners their sandbox."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.ends = EndWatch(bot)
        self._rounds: set[asyncio.Task[None]] = set()

    async def cog_load(self) -> None:
        """Begin the rounds."""
        expiry = warn_for_ever(self._bot, round_s=ROUND_S, first_after_s=FIRST_ROUND_AFTER_S)
        self._rounds = {
            asyncio.create_task(expiry, name="warn-of-expiry"),
            asyncio.create_task(self.ends.for_ever(), name="warn-of-ends"),
        }

    async def cog_unload(self) -> None:
        """End them."""
        await end_tasks(self._rounds)

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, _: Destination) -> None:
        """Whoever ran a command has a sandbox that is on."""
        self.ends.used(ended.learner_id)

    @commands.Cog.listener()
    async def on_learner_forgotten(self, learner_id: int) -> None:
        """Nothing is kept of them, here neither."""
        self.ends.forget(learner_id)

    @app_commands.command(
        name=locale_str("sandbox", key="command.sandbox.name"),
        description=locale_str(
            "How your sandbox is, keep it on, save its disk", key="command.sandbox.description"
        ),
    )
    async def sandbox(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Show the person's own sandbox, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        machine = await self._bot.classroom.machines.look(interaction.user.id)
        card = sandbox_card(machine, speech, owner=interaction.user.id, now=time.time())
        await InteractionDestination(interaction).send(view=card)
