"""Who may do what instructors do, judged anew at every command, button and form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import LearnerError
from bot.texts import Language

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def require_instructor(bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
    """Let instructors of this server pass: who manages it, or has the role chosen for them.

    Raises:
        LearnerError: The person is none, or this is no server.
        DatabaseError: It can't be looked up now.
    """
    server_id = server_of(interaction)
    if not await is_instructor(bot, interaction, server_id):
        raise LearnerError("class.not_instructor")


def require_manager(interaction: discord.Interaction[Any]) -> None:
    """Let those pass who manage the server: they say who is an instructor.

    Raises:
        LearnerError: The person doesn't, or this is no server.
    """
    server_of(interaction)
    if not interaction.permissions.manage_guild:
        raise LearnerError("class.not_manager")


async def is_instructor(
    bot: DocentBot, interaction: discord.Interaction[Any], server_id: int
) -> bool:
    """Whether the person is an instructor of this server; raises `DatabaseError`."""
    return await bot.classroom.classes.is_instructor(
        server_id,
        manages=interaction.permissions.manage_guild,
        role_ids=roles_of(interaction),
    )


async def is_instructor_there(
    bot: DocentBot, person: discord.User | discord.Member, server_id: int
) -> bool:
    """The same of whoever wrote a message in the server; raises `DatabaseError`."""
    if not isinstance(person, discord.Member) or person.guild.id != server_id:
        return False
    return await bot.classroom.classes.is_instructor(
        server_id,
        manages=person.guild_permissions.manage_guild,
        role_ids=_role_ids(person),
    )


async def is_instructor_still(bot: DocentBot, server_id: int, person_id: int) -> bool:
    """The same of somebody who does nothing just now, as Discord knows them.

    Raises:
        discord.HTTPException: Discord is ill.
        DatabaseError: It can't be looked up now.
    """
    guild = bot.get_guild(server_id)
    if guild is None:
        return False
    try:
        member = await guild.fetch_member(person_id)
    except (discord.NotFound, discord.Forbidden):
        return False
    return await is_instructor_there(bot, member, server_id)


def roles_of(interaction: discord.Interaction[Any]) -> list[int]:
    """The roles that the person has in this server."""
    return _role_ids(interaction.user)


def _role_ids(member: discord.User | discord.Member) -> list[int]:
    return [role.id for role in member.roles] if isinstance(member, discord.Member) else []


def server_of(interaction: discord.Interaction[Any]) -> int:
    """The server where this happens: whatever an instructor names is looked for in there.

    Raises:
        LearnerError: It is a direct message.
    """
    if interaction.guild_id is None:
        raise LearnerError("class.only_in_server")
    return interaction.guild_id


def language_for_all(locale: discord.Locale | None) -> Language:
    """The language of cards that everybody in a server's channel sees.

    `locale` is the server's (`interaction.guild_locale`, `guild.preferred_locale`): Korean unless
    that is English.
    """
    return "en" if locale is not None and locale.value.startswith("en") else "ko"
