"""The option of a slash command that names a lesson: its suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def suggest_lessons(
    interaction: discord.Interaction[DocentBot], typed: str
) -> list[app_commands.Choice[str]]:
    """Lessons that fit what is typed, with number and title in the person's language."""
    bot = interaction.client
    language, desk = bot.speeches.at_once_to(interaction).language, bot.classroom.lessons
    return [
        app_commands.Choice(name=desk.titled(lesson.id, language)[:100], value=lesson.id)
        for lesson in desk.suggest(typed, language)
    ]
