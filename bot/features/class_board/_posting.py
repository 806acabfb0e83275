"""What instructors post for the class about an error: its explanation, or a help thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.errors import LearnerError
from bot.features.class_board import _card
from bot.features.class_board._opening import text_channel, watches_of
from bot.terminal.error_help import ALL_IDS

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass

AGAIN_AFTER_S: Final = 120.0
_KNOWN: Final = frozenset(ALL_IDS)


class Posted:
    """What was posted lately, so that two presses are one post."""

    def __init__(self) -> None:
        self._at: dict[tuple[int, str, str], float] = {}

    def claim(self, class_id: int, deed: str, error: str) -> None:
        """Nobody else may post this for a while.

        Raises:
            LearnerError: Somebody just did.
        """
        now = time.monotonic()
        self._at = {key: at for key, at in self._at.items() if now - at < AGAIN_AFTER_S}
        if (class_id, deed, error) in self._at:
            raise LearnerError("class_board.just_done")
        self._at[class_id, deed, error] = now

    def give_back(self, class_id: int, deed: str, error: str) -> None:
        """It was not posted after all."""
        self._at.pop((class_id, deed, error), None)


async def post(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    seen: SchoolClass,
    *,
    deed: str,
    error: str,
    channel_id: int,
    posted: Posted,
) -> str:
    """Do this deed about the error where the class learns; the address of what was posted.

    Raises:
        LearnerError: The error is unknown, it was just posted, or the bot may not write there.
    """
    if error not in _KNOWN:
        raise LearnerError("class_board.error_gone")
    channel = await text_channel(bot, interaction, channel_id)
    posted.claim(seen.id, deed, error)
    try:
        if deed == "thread":
            return await _thread(bot, channel, seen, error)
        return await _say(bot, channel, seen, error)
    except BaseException:
        posted.give_back(seen.id, deed, error)
        raise


async def _say(bot: DocentBot, channel: discord.TextChannel, seen: SchoolClass, error: str) -> str:
    say = watches_of(bot).speech(seen.server_id)
    try:
        message = await channel.send(view=_card.explanation_card(error, say))
    except discord.Forbidden as exc:
        raise LearnerError("class_board.no_post", channel=channel.mention) from exc
    return message.jump_url


async def _thread(
    bot: DocentBot, channel: discord.TextChannel, seen: SchoolClass, error: str
) -> str:
    say = watches_of(bot).speech(seen.server_id)
    try:
        thread = await channel.create_thread(
            name=_card.thread_name(error, say), type=discord.ChannelType.public_thread
        )
        card = _card.explanation_card(error, say, first="class_board.thread_first")
        await thread.send(view=card)
    except discord.Forbidden as exc:
        raise LearnerError("class_board.no_thread", channel=channel.mention) from exc
    return thread.jump_url
