"""Threads for helps: private, with learner and helper in it, where the hand was raised."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.hands import Hand
from bot.errors import LearnerError
from bot.texts import Speech

if TYPE_CHECKING:
    from bot.bot import DocentBot

ARCHIVE_AFTER_MIN: Final = 1440
LONGEST_NAME: Final = 100
UNKNOWN_MEMBER: Final = frozenset({10007, 10013, 50001, 50033, 50055})
"""Discord's codes for somebody who is not there, or can't see the channel."""

TROUBLE: Final = (discord.HTTPException, aiohttp.ClientError, OSError)


log = structlog.get_logger(__name__)


class LearnerAwayError(Exception):
    """The learner left the server, or can't see the channel any more."""


async def open_thread(
    bot: DocentBot, hand: Hand, helper: discord.abc.Snowflake, speech: Speech
) -> discord.Thread:
    """A private thread with both in it.

    Raises:
        LearnerError: The channel is gone, or the bot may not make one there.
        LearnerAwayError: The learner can't be brought in.
    """
    channel = await _channel(bot, hand)
    try:
        thread = await channel.create_thread(
            name=speech("hand.thread_name", name=hand.name)[:LONGEST_NAME],
            type=discord.ChannelType.private_thread,
            auto_archive_duration=ARCHIVE_AFTER_MIN,
            invitable=False,
        )
    except discord.Forbidden as exc:
        raise LearnerError("hand.no_permission", channel=channel.mention) from exc
    try:
        await _bring_in(thread, discord.Object(hand.learner_id))
        await thread.add_user(helper)
    except BaseException:
        await put_away(thread)
        raise
    return thread


async def put_away(thread: discord.Thread) -> None:
    """Take a thread of ours out of sight; what is gone already is as good."""
    with contextlib.suppress(*TROUBLE):
        await thread.edit(archived=True)


async def delete(thread: discord.Thread) -> bool:
    """Delete a thread of ours; whether it is gone. It takes a permission that we seldom have."""
    try:
        await thread.delete()
    except discord.NotFound:
        return True
    except TROUBLE as exc:
        log.info("thread_not_deleted", thread=thread.id, error=type(exc).__name__)
        return False
    return True


async def empty(thread: discord.Thread, name: str, *, keep: int | None = None) -> None:
    """Delete what we wrote in a thread of ours, except this message, and call it by this name.

    What cannot be deleted is left: nobody but an operator could do anything about it.
    """
    try:
        # In one that is archived nothing can be deleted.
        await thread.edit(archived=False)
        await thread.edit(name=name)
        async for message in thread.history(limit=None):
            if message.author.id == thread.owner_id and message.id != keep:
                await _delete_message(message)
    except TROUBLE as exc:
        log.warning("thread_not_emptied", thread=thread.id, error=type(exc).__name__)


async def _delete_message(message: discord.Message) -> None:
    if message.is_system():
        return
    try:
        await message.delete()
    except TROUBLE as exc:
        log.warning("message_left", message=message.id, error=type(exc).__name__)


async def find_thread(bot: DocentBot, thread_id: int) -> discord.Thread | None:
    """A thread, None when it is gone."""
    known = bot.get_channel(thread_id)
    if isinstance(known, discord.Thread):
        return known
    try:
        found = await bot.fetch_channel(thread_id)
    except (*TROUBLE, discord.InvalidData):
        return None
    return found if isinstance(found, discord.Thread) else None


async def _channel(bot: DocentBot, hand: Hand) -> discord.TextChannel:
    found: object = bot.get_channel(hand.channel_id)
    if found is None:
        try:
            found = await bot.fetch_channel(hand.channel_id)
        except (discord.NotFound, discord.Forbidden, discord.InvalidData) as exc:
            raise LearnerError("hand.no_channel") from exc
    if not isinstance(found, discord.TextChannel) or found.guild.id != hand.server_id:
        raise LearnerError("hand.no_channel")
    return found


async def _bring_in(thread: discord.Thread, learner: discord.abc.Snowflake) -> None:
    try:
        await thread.add_user(learner)
    except discord.HTTPException as exc:
        if exc.status == 404 or exc.code in UNKNOWN_MEMBER:  # noqa: PLR2004 - not found
            raise LearnerAwayError from exc
        raise
