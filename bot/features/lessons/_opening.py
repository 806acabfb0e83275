"""Opening a lesson: in the lab or a direct message right there, from elsewhere in the lab."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.classroom.open_lessons import OpenLesson
from bot.errors import LearnerError
from bot.features.lessons import _preparing, _table
from bot.texts import language_of_locale
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home
from bot.ui.layout import link, note, row


async def open_for(bot: DocentBot, interaction: discord.Interaction[Any], lesson_id: str) -> None:
    """Open the lesson for the person of this interaction, which must have been deferred.

    Raises:
        LearnerError: There is no such lesson, or they have no lab to open it in.
    """
    lab_id = await _lab_id(bot, interaction)
    at = await bot.classroom.lessons.open(interaction.user.id, lesson_id)
    await _show(bot, interaction, at, lab_id)


async def show_for(bot: DocentBot, interaction: discord.Interaction[Any], at: OpenLesson) -> None:
    """Show the lesson as a new card; the interaction must have been deferred, as `at_home` says.

    Raises:
        LearnerError: They have no lab to show it in.
    """
    await _show(bot, interaction, at, await _lab_id(bot, interaction))


async def _show(
    bot: DocentBot, interaction: discord.Interaction[Any], at: OpenLesson, lab_id: int
) -> None:
    """As the answer for who is in the lab; in the lab, with a link to it, for who is elsewhere."""
    owner = interaction.user.id
    speech = await bot.speeches.to(interaction)
    in_lab = interaction.guild_id is None or interaction.channel_id == lab_id
    # A private answer can't be the card: nobody could keep it up to date.
    if in_lab and await at_home(interaction):
        here = InteractionDestination(interaction, ephemeral=False)
        await _table.show(bot, owner, at, here, speech, guild_id=interaction.guild_id)
        await _preparing.prepare(bot, owner, at, here, speech)
        return
    url = await _table.show_in_lab(bot, owner, at, lab_id, speech)
    title = bot.classroom.lessons.text(at.lesson, speech.language).title
    go = row(link(speech("lesson.card.jump"), url))
    sentence = speech("lesson.opened_in_lab", title=title)
    elsewhere = InteractionDestination(interaction)
    await elsewhere.send(view=note(sentence, go))
    await _preparing.prepare(bot, owner, at, elsewhere, speech)


async def _lab_id(bot: DocentBot, interaction: discord.Interaction[Any]) -> int:
    """The learner's lab. A direct message becomes the lab of who has none."""
    user = interaction.user
    learner = await bot.classroom.enrol.learner(user.id)
    if learner is not None and learner.lab_id is not None:
        return learner.lab_id
    if interaction.guild_id is not None or interaction.channel_id is None:
        raise LearnerError("lab.missing")
    await bot.classroom.enrol.enrol(
        user.id, language=language_of_locale(str(interaction.locale)), name=user.display_name
    )
    await bot.classroom.enrol.move_lab(user.id, interaction.channel_id)
    return interaction.channel_id
