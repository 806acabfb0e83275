"""Opening a quiz: its card in the channel, and the thread below it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import discord

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_drawing import Wish
from bot.errors import LearnerError
from bot.features.quiz._cards import lobby_card
from bot.features.quiz._conductor import Conductors
from bot.features.quiz._panel import panel_card
from bot.ui.destination import ChannelDestination, InteractionDestination
from bot.ui.home import enrolled

if TYPE_CHECKING:
    from bot.bot import DocentBot

NEEDED: Final = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "send_messages_in_threads",
    "attach_files",
    "read_message_history",
)
"""What the bot must be allowed to do in the channel of a quiz."""

ARCHIVE_AFTER_MIN: Final = 1440
LONGEST_NAME: Final = 100


def channel_for(interaction: discord.Interaction[DocentBot]) -> discord.TextChannel:
    """The channel where it was asked for, if a quiz can be held there.

    Raises:
        LearnerError: It can't: another kind of channel, or the bot may not do what it needs.
    """
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        raise LearnerError("quiz.wrong_channel")
    missing = [name for name in NEEDED if not getattr(interaction.app_permissions, name)]
    if missing:
        say = interaction.client.speeches.at_once_to(interaction)
        names = ", ".join(say(f"permission.{name}") for name in missing)
        raise LearnerError("quiz.missing_permissions", names=names)
    return channel


async def open_quiz(
    bot: DocentBot,
    interaction: discord.Interaction[DocentBot],
    channel: discord.TextChannel,
    wish: Wish,
    conductors: Conductors,
) -> None:
    """Open it and give the host what they need; the interaction was deferred privately."""
    await enrolled(bot, interaction)
    try:
        live = await bot.classroom.quizzes.open(wish)
    except LearnerError as error:
        if error.key == "quiz.channel_taken":  # its card may have been deleted: no way else to it
            await _show_panel(bot, interaction, channel.id, wish.server_id)
        raise
    try:
        live = await _make_place(bot, channel, live)
    except BaseException:
        # Whoever leads it ends what has no place, as soon as the database can be used: the channel
        # must be free for the next try.
        conductors.begin(live.id)
        raise
    conductors.begin(live.id)
    await _send_panel(bot, interaction, live)


async def _show_panel(
    bot: DocentBot, interaction: discord.Interaction[DocentBot], channel_id: int, server_id: int
) -> None:
    for quiz_id in await bot.classroom.quizzes.at_place(channel_id):
        await _send_panel(bot, interaction, await bot.classroom.quizzes.get(quiz_id, server_id))


async def _send_panel(
    bot: DocentBot, interaction: discord.Interaction[DocentBot], live: LiveQuiz
) -> None:
    say = await bot.speeches.to(interaction)
    view = panel_card(live, say, user_id=interaction.user.id)
    await InteractionDestination(interaction).send(view=view)


async def _make_place(bot: DocentBot, channel: discord.TextChannel, live: LiveQuiz) -> LiveQuiz:
    say = bot.speeches.in_language(live.language)
    message = await ChannelDestination(channel).send(view=lobby_card(live, 0, say))
    name = say("quiz.thread", title=" ".join(live.kept.title.split()))[:LONGEST_NAME]
    try:
        thread = await message.create_thread(name=name, auto_archive_duration=ARCHIVE_AFTER_MIN)
        return await bot.classroom.quizzes.place(
            live.id, thread_id=thread.id, lobby_message_id=message.id
        )
    except BaseException:
        with suppress(discord.HTTPException):
            await message.delete()
        raise
