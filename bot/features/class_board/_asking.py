"""A micro-quiz about an error: a few questions for the class, without points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from bot.classroom.error_questions import ABOUT_ERROR
from bot.classroom.quiz_drawing import Wish
from bot.errors import LearnerError
from bot.features.class_board._card import quiz_title
from bot.features.class_board._opening import text_channel, watches_of
from bot.ui.hosting import host_quiz

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass

MOST_QUESTIONS: Final = 3
SECONDS: Final = 30


async def ask_about(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    seen: SchoolClass,
    error: str,
    channel_id: int,
) -> None:
    """Open a quiz about the error where the class learns; whoever pressed is its host.

    Raises:
        LearnerError: No question treats the error, the channel has a quiz already, or the bot may
            not hold one there.
    """
    if not bot.classroom.error_questions.about(error):
        raise LearnerError("class_board.no_questions")
    channel = await text_channel(bot, interaction, channel_id)
    say = watches_of(bot).speech(seen.server_id)
    wish = Wish(
        server_id=seen.server_id,
        channel_id=channel.id,
        host_id=interaction.user.id,
        language=say.language,
        keys=[f"{ABOUT_ERROR}{error}"],
        count=MOST_QUESTIONS,
        seconds=SECONDS,
        shuffled=True,
        practice=True,
        title=quiz_title(error, say),
    )
    try:
        await host_quiz(bot, interaction, channel, wish)
    except discord.Forbidden as exc:
        raise LearnerError("class_board.no_quiz", channel=channel.mention) from exc
