"""Brings the feature's commands to the shared group, and goes its rounds."""

from __future__ import annotations

import asyncio

import discord
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.classes._assigning import AssigningCommands
from bot.features.classes._learning import LearnerCommands
from bot.features.classes._reminding import Rounds
from bot.features.classes._running import RunningCommands
from bot.features.classes._seating import SeatingCommands
from bot.tasks import end_tasks
from bot.ui.groups import class_group


class ClassesCog(commands.Cog, name="Classes"):
    """Classes for learners and instructors; `rounds` are what is done by itself."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.rounds = Rounds(bot)
        self._commands = (
            LearnerCommands(bot),
            RunningCommands(bot),
            AssigningCommands(bot),
            SeatingCommands(bot),
        )
        self._going: list[asyncio.Task[None]] = []

    async def cog_load(self) -> None:
        """Be found below /class, and begin the rounds."""
        for each in self._commands:
            each.join(class_group(self._bot))
        self._going = self.rounds.begin()

    async def cog_unload(self) -> None:
        """End the rounds before the bot leaves; a letter that is under way is the last one."""
        for each in self._commands:
            each.part()
        going, self._going = self._going, []
        await end_tasks(going)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server: nothing goes on there."""
        await self.rounds.leaving.server_gone(guild.id)
