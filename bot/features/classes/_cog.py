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
from bot.ui.groups import GroupedCog, class_group


class ClassesCog(GroupedCog, name="Classes"):
    """Classes for learners and instructors; `rounds` are what is done by itself."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(
            bot,
            class_group,
            LearnerCommands(bot),
            RunningCommands(bot),
            AssigningCommands(bot),
            SeatingCommands(bot),
        )
        self.rounds = Rounds(bot)
        self._going: list[asyncio.Task[None]] = []

    async def cog_load(self) -> None:
        """Be found below /class, and begin the rounds."""
        await super().cog_load()
        self._going = self.rounds.begin()

    async def cog_unload(self) -> None:
        """End the rounds before the bot leaves; a letter that is under way is the last one."""
        await super().cog_unload()
        going, self._going = self._going, []
        await end_tasks(going)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server: nothing goes on there."""
        await self.rounds.leaving.server_gone(guild.id)
