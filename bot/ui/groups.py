"""Slash commands below one name that several features share: `/class …`, `/quiz …`.

A feature writes its sub-commands as methods of a class below `SubCommands`, and gives them to the
group when its cog is loaded:

    class ReportCommands(SubCommands):
        @app_commands.command(name=…, description=…)
        async def report(self, interaction): …          # self.bot is the bot

    class ReportCog(commands.Cog):
        def __init__(self, bot):
            self._commands = ReportCommands(bot)

        async def cog_load(self):
            self._commands.join(class_group(self._commands.bot))

        async def cog_unload(self):
            self._commands.part()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str

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


def _group(bot: DocentBot, name: locale_str, description: locale_str) -> app_commands.Group:
    found = bot.tree.get_command(name.message)
    if isinstance(found, app_commands.Group):
        return found
    group = app_commands.Group(name=name, description=description)
    bot.tree.add_command(group)
    return group
