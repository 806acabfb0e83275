"""Which class of this server an instructor means: a number, a name, or the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands

from bot.errors import LearnerError
from bot.ui.instructing import is_instructor, server_of
from bot.ui.plain import plain

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass

MOST_CHOICES: Final = 25
LONGEST_CHOICE: Final = 100


async def chosen_class(
    bot: DocentBot, interaction: discord.Interaction[Any], given: str | None
) -> SchoolClass:
    """The class that was chosen from `suggested_classes` or typed; left out: the only one.

    Raises:
        LearnerError: The server has no class, has several, or none that this can mean.
    """
    there = await bot.classroom.classes.of_server(server_of(interaction))
    if not there:
        raise LearnerError("class_choice.none")
    if given is None or not given.strip():
        if len(there) > 1:
            names = ", ".join(plain(each.name) for each in there[:MOST_CHOICES])
            raise LearnerError("class_choice.which", names=names)
        return there[0]
    typed = given.strip().casefold()
    found = [each for each in there if typed in (str(each.id), each.name.casefold())]
    if not found:
        raise LearnerError("class.unknown")
    return found[0]


async def suggested_classes(
    bot: DocentBot, interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """The server's classes whose name holds what was typed; none for who is no instructor."""
    server_id = interaction.guild_id
    if server_id is None or not await is_instructor(bot, interaction, server_id):
        return []
    there = await bot.classroom.classes.of_server(server_id)
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=each.name[:LONGEST_CHOICE], value=str(each.id))
        for each in there
        if wanted in each.name.casefold()
    ][:MOST_CHOICES]
