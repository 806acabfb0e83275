"""Where a board is put: in a channel that only instructors can see."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord

from bot.classroom.boards import BOARD_ACT, Board
from bot.errors import LearnerError
from bot.ui.instructing import server_of
from bot.ui.instructors_channel import is_for_instructors

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass
    from bot.features.class_board._cog import ClassBoardCog
    from bot.features.class_board._watch import Watches


def watches_of(bot: DocentBot) -> Watches:
    """Who keeps boards up to date.

    Raises:
        LearnerError: The bot is leaving.
    """
    cog = cast("ClassBoardCog | None", bot.get_cog("ClassBoard"))
    if cog is None:
        raise LearnerError("error.discord_trouble")
    return cog.watches


async def open_board(
    bot: DocentBot, interaction: discord.Interaction[Any], seen: SchoolClass, channel_id: int
) -> str:
    """Put a board of the class into this channel; its address.

    Every learner of the class can see that it was opened. It replaces the board that was there.

    Raises:
        LearnerError: The channel is gone, of another server or kind, or learners can see it.
    """
    channel = await text_channel(bot, interaction, channel_id)
    _require_private(channel, seen)
    boards, watches = bot.classroom.boards, watches_of(bot)
    until = boards.ends_at()
    opener = interaction.user.id
    board = Board(seen.id, seen.server_id, seen.name, channel.id, 0, until, opener)
    told = await record(bot, interaction, seen)
    try:
        message = await channel.send(view=await watches.card(board))
    except discord.Forbidden as exc:
        raise LearnerError("class_board.no_post", channel=channel.mention) from exc
    try:
        await _begin(bot, replace(board, message_id=message.id), told)
    except BaseException:
        # A board that nobody keeps up to date would only mislead.
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
            await message.delete()
        raise
    return message.jump_url


async def open_again(
    bot: DocentBot, interaction: discord.Interaction[Any], seen: SchoolClass
) -> None:
    """Keep the message that was pressed up to date again."""
    message = interaction.message
    if message is None or message.author.id != interaction.client.user.id:
        raise LearnerError("error.discord_trouble")
    channel = await text_channel(bot, interaction, message.channel.id)
    _require_private(channel, seen)
    told = await record(bot, interaction, seen)
    board = Board(
        seen.id, seen.server_id, seen.name, channel.id, message.id, bot.classroom.boards.ends_at(),
        interaction.user.id,
    )  # fmt: skip
    await _begin(bot, board, told)


async def record(
    bot: DocentBot, interaction: discord.Interaction[Any], seen: SchoolClass
) -> list[int]:
    """Write down for every learner of the class that somebody looks; who these are.

    Who left the server is seen no more.
    """
    classes = bot.classroom.classes
    members = [member.learner_id for member in await classes.members(seen.id)]
    gone = await bot.leavers.take_out(seen.server_id, members)
    learners = [each for each in members if each not in gone]
    await classes.record_acts(seen.server_id, interaction.user.id, learners, BOARD_ACT, seen.name)
    return learners


async def text_channel(
    bot: DocentBot, interaction: discord.Interaction[Any], channel_id: int
) -> discord.TextChannel:
    """The channel as it is now, of this server.

    Raises:
        LearnerError: There is none, or it is none that messages are posted to.
    """
    try:
        channel = await bot.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as exc:
        raise LearnerError("class_board.no_channel") from exc
    if not isinstance(channel, discord.TextChannel):
        raise LearnerError("class_board.wrong_channel")
    if channel.guild.id != server_of(interaction):
        raise LearnerError("class_board.no_channel")
    return channel


def _require_private(channel: discord.TextChannel, seen: SchoolClass) -> None:
    if not is_for_instructors(channel, seen):
        raise LearnerError("class_board.open_channel", channel=channel.mention)


async def _begin(bot: DocentBot, board: Board, told: Collection[int]) -> None:
    boards, watches = bot.classroom.boards, watches_of(bot)
    before = await boards.put(board, told=told)
    now = await boards.of(board.class_id)
    if now is not None:
        watches.begin(now)
    if before is not None and before.message_id != board.message_id:
        watches.nudge(before.message_id)
