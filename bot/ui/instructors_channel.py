"""Whether a channel is one that only instructors see: names of learners go to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.classroom.classes import SchoolClass


def is_for_instructors(
    channel: discord.TextChannel, school_class: SchoolClass | None = None
) -> bool:
    """Whether neither everybody in the server nor the class can see the channel.

    The class are those who have the role that one needs to join it.
    """
    guild = channel.guild
    if guild.unavailable:  # nobody can tell
        return False
    role_id = None if school_class is None else school_class.join_role_id
    learners = guild.get_role(role_id) if role_id is not None else None
    return not any(
        channel.permissions_for(role).view_channel
        for role in (guild.default_role, learners)
        if role is not None
    )
