"""Making a learner's lab, and finding it again."""

from __future__ import annotations

from typing import Final

import discord

from bot.bot import DocentBot

ARCHIVE_AFTER_MIN: Final = 10_080
"""A week of silence, the longest that Discord offers; the next message opens the lab again."""

NEEDED: Final = (
    "view_channel",
    "create_private_threads",
    "send_messages_in_threads",
    "attach_files",
    "read_message_history",
)
"""What the bot must be allowed to do in the channel where it makes a lab."""

LONGEST_NAME: Final = 100

Lab = discord.Thread | discord.DMChannel


class NoLabHereError(Exception):
    """This channel can't hold a lab. `missing` names permissions; empty: the wrong kind."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing) or "wrong kind of channel")
        self.missing = missing


async def find_lab(bot: DocentBot, lab_id: int, user: discord.abc.User) -> Lab | None:
    """The learner's lab, open and with the learner in it; None when it is gone for them."""
    try:
        channel = await bot.fetch_channel(lab_id)
        if isinstance(channel, discord.DMChannel):
            return channel
        if not isinstance(channel, discord.Thread):
            return None
        if channel.archived:
            channel = await channel.edit(archived=False)
        await channel.add_user(user)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None
    return channel


async def make_lab(interaction: discord.Interaction[DocentBot], *, name: str) -> discord.Thread:
    """A private thread with the learner in it, below the channel where they asked.

    Raises:
        NoLabHereError: The bot may not make one here, or the channel can't have one.
    """
    channel = _text_channel(interaction)
    _require_permissions(interaction.app_permissions)
    try:
        thread = await channel.create_thread(
            name=name[:LONGEST_NAME],
            type=discord.ChannelType.private_thread,
            auto_archive_duration=ARCHIVE_AFTER_MIN,
            invitable=False,
        )
    except discord.Forbidden as exc:
        raise NoLabHereError(("create_private_threads",)) from exc
    await thread.add_user(interaction.user)
    return thread


async def put_away(lab: discord.Thread, user: discord.abc.User) -> None:
    """Take a lab that we have just made out of the learner's sight.

    To delete a thread takes the permission to manage all threads of the server. Whoever made one
    may empty and archive it, which is all that we ask for.
    """
    await lab.remove_user(user)
    await lab.edit(archived=True)


def _text_channel(interaction: discord.Interaction[DocentBot]) -> discord.TextChannel:
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        raise NoLabHereError(())
    return channel


def _require_permissions(granted: discord.Permissions) -> None:
    missing = tuple(name for name in NEEDED if not getattr(granted, name))
    if missing:
        raise NoLabHereError(missing)
