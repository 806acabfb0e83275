"""A card with which everybody in a channel can open a lesson, each in their own lab."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.classroom.lessons import LessonDesk
from bot.errors import LearnerError
from bot.features.lessons import _ids
from bot.features.lessons._opening import open_for
from bot.texts import Speech
from bot.ui.actions import OpenAction
from bot.ui.destination import InteractionDestination
from bot.ui.door import let_in
from bot.ui.home import at_home
from bot.ui.instructing import language_for_all
from bot.ui.layout import Card, panel, row, text
from bot.ui.shared_buttons import open_lesson_for_all
from bot.ui.theme import CALM
from lessons.model import Lesson


class OpenSharedLesson(OpenAction, template=_ids.OPEN_SHARED):
    """Opens the lesson for whoever presses; other features show this button, too."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """As /lesson does for them; who has no lab gets one first, as from /start."""
        lesson_id = self.values_of_id["lesson"]
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        bot.classroom.lessons.get(lesson_id)  # nobody comes in for a lesson that is gone
        if interaction.guild_id is None or await let_in(bot, interaction):
            await open_for(bot, interaction, lesson_id)


async def share_lesson(
    bot: DocentBot, interaction: discord.Interaction[Any], name: str | None
) -> None:
    """Answer with the card of the lesson, for everybody who is there.

    Raises:
        LearnerError: No lesson is named, there is none of this name, or nobody else is there.
    """
    if name is None or not name.strip():
        raise LearnerError("lesson.share.which")
    desk = bot.classroom.lessons
    found = desk.find(name, bot.speeches.at_once_to(interaction).language)
    if await at_home(interaction):
        raise LearnerError("lesson.share.alone")
    speech = bot.speeches.in_language(language_for_all(interaction.guild_locale))
    card = shared_card(found, desk, speech)
    await InteractionDestination(interaction, ephemeral=False).send(view=card)


def shared_card(lesson: Lesson, desk: LessonDesk, speech: Speech) -> Card:
    """What the lesson is for, how long it takes, and the button."""
    words = speech(
        "lesson.shared",
        lesson=desk.titled(lesson.id, speech.language),
        goal=" ".join(desk.text(lesson, speech.language).goal.split()),
        minutes=lesson.minutes,
        tasks=len(lesson.tasks),
    )
    opener = open_lesson_for_all(speech("lesson.shared.open"), lesson.id)
    return Card(panel(text(words), row(opener), colour=CALM))
