"""Where a learner's card lies: showing it, keeping it true, moving it down the conversation."""

from __future__ import annotations

from typing import Final

import discord
import structlog

from bot.bot import DocentBot
from bot.classroom.open_lessons import CardPlace, OpenLesson
from bot.errors import LearnerError
from bot.features.lessons._card import lesson_card, moved_card
from bot.texts import Speech
from bot.ui.destination import ChannelDestination, Destination
from bot.ui.layout import Card
from bot.ui.links import message_url
from bot.ui.turns import Turns

log = structlog.get_logger(__name__)

card_turns: Final = Turns()
"""Who changes a card in place holds its owner's turn from reading to showing, so that what is
older never comes last."""

THREAD_ARCHIVED: Final = 50083
"""Discord's code for changing something in a thread that it has put away."""


async def show(
    bot: DocentBot,
    owner: int,
    at: OpenLesson,
    destination: Destination,
    speech: Speech,
    *,
    guild_id: int | None,
) -> str:
    """Show the lesson as a new card, and return its address.

    The card before it becomes a pointer to the new one. `guild_id` is where the destination is.
    """
    desk = bot.classroom.lessons
    message = await destination.send(view=lesson_card(at, desk, speech, owner=owner))
    place = CardPlace(message.channel.id, message.id)
    before = await desk.place_card(owner, at.lesson.id, place)
    url = message_url(guild_id, place.channel_id, place.message_id)
    if before is not None:
        title = desk.text(at.lesson, speech.language).title
        await _replace(bot, before, moved_card(title, speech, url=url))
    return url


async def show_in_lab(
    bot: DocentBot, owner: int, at: OpenLesson, lab_id: int, speech: Speech
) -> str:
    """Show the lesson as a new card in the learner's lab, and return its address.

    Raises:
        LearnerError: The lab was deleted.
    """
    try:
        lab = bot.get_channel(lab_id) or await bot.fetch_channel(lab_id)
        if not isinstance(lab, discord.Thread | discord.DMChannel):
            raise LearnerError("lab.gone")
        guild_id = lab.guild.id if isinstance(lab, discord.Thread) else None
        here = ChannelDestination(lab)
        return await show(bot, owner, at, here, speech, guild_id=guild_id)
    except discord.NotFound as exc:
        raise LearnerError("lab.gone") from exc


async def refresh(bot: DocentBot, owner: int, at: OpenLesson, speech: Speech) -> None:
    """Bring the card up to date where it is; nothing happens when it was deleted.

    It shows how things are now, not how `at` was: who turned it meanwhile is not turned back.
    """
    async with card_turns.of(owner):
        now = await bot.classroom.lessons.as_it_stands(owner, at)
        if now.card is not None:
            card = lesson_card(now, bot.classroom.lessons, speech, owner=owner)
            await _replace(bot, now.card, card)


async def _replace(bot: DocentBot, place: CardPlace, view: Card) -> None:
    card = bot.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
    try:
        try:
            await card.edit(view=view, attachments=view.files())
        except discord.HTTPException as exc:
            if exc.code != THREAD_ARCHIVED:
                raise
            await _take_out_again(bot, place.channel_id)
            await card.edit(view=view, attachments=view.files())
    except (discord.NotFound, discord.Forbidden) as exc:
        log.info("card_gone", message=place.message_id, code=exc.code)


async def _take_out_again(bot: DocentBot, thread_id: int) -> None:
    """Open a thread that Discord archived after a week of silence."""
    thread = await bot.fetch_channel(thread_id)
    if isinstance(thread, discord.Thread):
        await thread.edit(archived=False)
