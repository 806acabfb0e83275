"""Brings the feature's commands to the shared group, and goes its rounds."""

from __future__ import annotations

import asyncio

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
    """Classes for learners and instructors; `rounds` are the reminders."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.rounds = Rounds(bot)
        self._commands = (
            LearnerCommands(bot),
            RunningCommands(bot),
            AssigningCommands(bot),
            SeatingCommands(bot),
        )
        self._round: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Be found below /class, and begin the rounds."""
        for each in self._commands:
            each.join(class_group(self._bot))
        self._round = asyncio.create_task(self.rounds.for_ever(), name="class-rounds")

    async def cog_unload(self) -> None:
        """End the rounds before the bot leaves; a letter that is under way is the last one."""
        for each in self._commands:
            each.part()
        going, self._round = self._round, None
        await end_tasks([going])
