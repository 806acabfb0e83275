"""Addresses of messages in Discord."""

from __future__ import annotations


def message_url(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Where a message is; `guild_id` is None in a direct message.

    A message that comes back from sending often does not know its guild, so its own `jump_url`
    would lead to nowhere.
    """
    where = "@me" if guild_id is None else str(guild_id)
    return f"https://discord.com/channels/{where}/{channel_id}/{message_id}"
