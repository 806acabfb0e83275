"""Where a learner's card lies: showing it, keeping it true, moving it down the conversation."""

from __future__ import annotations

import discord
import structlog

from bot.bot import DocentBot
from bot.classroom.lessons import CardPlace, OpenLesson
from bot.errors import LearnerError
from bot.features.lessons._card import lesson_card, moved_card
from bot.texts import Speech
from bot.ui.destination import ChannelDestination, Destination

log = structlog.get_logger(__name__)


async def show(
    bot: DocentBot, owner: int, at: OpenLesson, destination: Destination, speech: Speech
) -> discord.Message:
    """Show the lesson as a new card; the card before it becomes a pointer to the new one."""
    desk = bot.classroom.lessons
    message = await destination.send(view=lesson_card(at, desk, speech, owner=owner))
    place = CardPlace(message.channel.id, message.id)
    await desk.place_card(owner, at.lesson.id, place)
    if at.card is not None and at.card != place:
        title = desk.text(at.lesson.id, speech.language).title
        await _replace(bot, at.card, moved_card(title, speech, url=message.jump_url))
    return message


async def refresh(bot: DocentBot, owner: int, at: OpenLesson, speech: Speech) -> None:
    """Bring the card up to date where it is; nothing happens when it was deleted."""
    if at.card is None:
        return
    await _replace(bot, at.card, lesson_card(at, bot.classroom.lessons, speech, owner=owner))


async def lab_of(bot: DocentBot, owner: int) -> ChannelDestination:
    """The learner's lab as a place to send to.

    Raises:
        LearnerError: They have none.
    """
    learner = await bot.classroom.enrol.learner(owner)
    if learner is None or learner.lab_id is None:
        raise LearnerError("lab.missing")
    return ChannelDestination(bot.get_partial_messageable(learner.lab_id))


async def _replace(bot: DocentBot, place: CardPlace, view: discord.ui.LayoutView) -> None:
    channel = bot.get_partial_messageable(place.channel_id)
    try:
        await channel.get_partial_message(place.message_id).edit(view=view)
    except (discord.NotFound, discord.Forbidden) as exc:
        log.info("card_gone", message=place.message_id, code=exc.code)
