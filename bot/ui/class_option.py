"""The option of a slash command that names a class of the server, and its suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.classroom.classes import SchoolClass
from bot.errors import LearnerError
from bot.ui.instructing import is_instructor, server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot

MOST_SUGGESTIONS: Final = 25
CLASS_NAME: Final = locale_str("class", key="command.class.option.name")
WHICH_CLASS: Final = locale_str(
    "Leave it empty if there is only one", key="command.class.option.description"
)


async def chosen_class(
    bot: DocentBot, interaction: discord.Interaction[Any], typed: str | None
) -> SchoolClass:
    """The class that an instructor means by a suggestion or a name; without one, the only class.

    Who may ask was judged by `require_instructor`.

    Raises:
        LearnerError: There is no such class in this server, or nothing was typed and it has
            several or none.
    """
    there = await bot.classroom.classes.of_server(server_of(interaction))
    return pick_class(there, typed)


def pick_class(there: tuple[SchoolClass, ...], typed: str | None) -> SchoolClass:
    """That one of these classes which is meant; see `chosen_class`."""
    wanted = " ".join((typed or "").split()).casefold()
    if not wanted:
        if len(there) == 1:
            return there[0]
        raise LearnerError("class.which" if there else "class.none_yet")
    chosen = [each for each in there if wanted in (value_of(each), each.name.casefold())]
    if not chosen:
        raise LearnerError("class.unknown")
    # A suggestion is meant, whatever names there are.
    return next((each for each in chosen if value_of(each) == wanted), chosen[0])


def value_of(school_class: SchoolClass) -> str:
    """What stands for the class in a command that was completed from a suggestion."""
    return f"#{school_class.id}"


async def suggest_classes(
    interaction: discord.Interaction[DocentBot], typed: str
) -> list[app_commands.Choice[str]]:
    """The server's classes whose names have in them what is typed; none for who is no instructor.

    Raises `DatabaseError`.
    """
    bot, server_id = interaction.client, interaction.guild_id
    if server_id is None or not await is_instructor(bot, interaction, server_id):
        return []
    return choices_of(await bot.classroom.classes.of_server(server_id), typed)


async def class_so_far(interaction: discord.Interaction[DocentBot]) -> SchoolClass | None:
    """The class that a command being typed names already, for an instructor; else None."""
    bot, server_id = interaction.client, interaction.guild_id
    if server_id is None or not await is_instructor(bot, interaction, server_id):
        return None
    try:
        return await chosen_class(bot, interaction, getattr(interaction.namespace, "class", None))
    except LearnerError:
        return None


def choices_of(there: tuple[SchoolClass, ...], typed: str) -> list[app_commands.Choice[str]]:
    """These classes as choices, as far as they fit what is typed."""
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=each.name, value=value_of(each))
        for each in there
        if wanted in each.name.casefold()
    ][:MOST_SUGGESTIONS]
