"""Opening a live quiz for a button, whichever feature shows the button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import discord

from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.quiz_drawing import Wish


class _Quizzes(Protocol):
    """What we need of the quiz feature."""

    async def open_for_button(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel, wish: Wish
    ) -> None:
        """Open its lobby in the channel; its host gets their panel privately."""
        ...


async def host_quiz(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    channel: discord.TextChannel,
    wish: Wish,
) -> None:
    """Open a quiz for an instructor who pressed; the interaction was deferred privately.

    Raises:
        LearnerError: There are no such questions, the channel has a quiz already, or the bot is
            leaving.
        discord.Forbidden: The bot may not post or make a thread there; nothing is left of it.
    """
    quizzes = cast("_Quizzes | None", bot.get_cog("Quiz"))
    if quizzes is None:
        raise LearnerError("error.discord_trouble")
    await quizzes.open_for_button(interaction, channel, wish)
