"""Slash commands below one name that several features share: `/class …`, `/quiz …`.

A feature writes its sub-commands as methods of a class below `SubCommands`, and gives them to a cog
below `GroupedCog`, which brings them to the group when it is loaded:

    class ReportCommands(SubCommands):
        @app_commands.command(name=…, description=…)
        async def report(self, interaction): …          # self.bot is the bot

    class ReportCog(GroupedCog, name="Report"):
        def __init__(self, bot):
            super().__init__(bot, class_group, ReportCommands(bot))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

if TYPE_CHECKING:
    from bot.bot import DocentBot


def class_group(bot: DocentBot) -> app_commands.Group:
    """`/class`, made if it is not there yet."""
    return _group(
        bot,
        locale_str("class", key="command.class.name"),
        locale_str("Classes: join, lessons, instructors", key="command.class.description"),
    )


def quiz_group(bot: DocentBot) -> app_commands.Group:
    """`/quiz`, made if it is not there yet."""
    return _group(
        bot,
        locale_str("quiz", key="command.quiz.name"),
        locale_str("Quizzes: host one, practise", key="command.quiz.description"),
    )


class SubCommands(app_commands.Group, name="sub-commands", description="Given to a shared group"):
    """Sub-commands of one feature; `bot` is there for its methods."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__()
        self.bot = bot
        self._group: app_commands.Group | None = None

    def join(self, group: app_commands.Group) -> None:
        """Be found below this group from now on.

        Raises:
            CommandAlreadyRegistered: Another feature has a sub-command of this name.
        """
        self._group = group
        for command in self.commands:
            group.add_command(command)

    def part(self) -> None:
        """Be found there no longer; a group that is empty then goes, for Discord refuses it."""
        group, self._group = self._group, None
        if group is None:
            return
        for command in self.commands:
            group.remove_command(command.name)
        if not group.commands:
            self.bot.tree.remove_command(group.name)


class GroupedCog(commands.Cog):
    """Has sub-commands below a shared group, from its loading to its end."""

    def __init__(
        self,
        bot: DocentBot,
        group: Callable[[DocentBot], app_commands.Group],
        *sub_commands: SubCommands,
    ) -> None:
        self._bot = bot
        self._group = group
        self._sub_commands = sub_commands

    async def cog_load(self) -> None:
        """Be found below the group."""
        for each in self._sub_commands:
            each.join(self._group(self._bot))

    async def cog_unload(self) -> None:
        """Be found there no longer."""
        for each in self._sub_commands:
            each.part()


def _group(bot: DocentBot, name: locale_str, description: locale_str) -> app_commands.Group:
    found = bot.tree.get_command(name.message)
    if isinstance(found, app_commands.Group):
        return found
    group = app_commands.Group(name=name, description=description)
    bot.tree.add_command(group)
    return group
