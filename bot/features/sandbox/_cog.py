"""/sandbox, and the rounds that warn of the end of a disk."""

from __future__ import annotations

import asyncio
import time

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.sandbox._card import sandbox_card
from bot.features.sandbox._warning import FIRST_ROUND_AFTER_S, ROUND_S, warn_for_ever
from bot.ui.destination import InteractionDestination


class SandboxCog(commands.Cog, name="Sandbox"):
    """Shows learners their sandbox."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._warning: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Begin the rounds."""
        work = warn_for_ever(self._bot, round_s=ROUND_S, first_after_s=FIRST_ROUND_AFTER_S)
        self._warning = asyncio.create_task(work, name="warn-of-expiry")

    async def cog_unload(self) -> None:
        """End them."""
        if self._warning is not None:
            self._warning.cancel()
            await asyncio.wait({self._warning})

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
