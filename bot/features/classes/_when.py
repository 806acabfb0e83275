"""Moments while they are typed: how they are understood, in the time zone that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.errors import LearnerError
from bot.schedule.due import read_due, say_due, write_due
from bot.texts import Language

if TYPE_CHECKING:
    from bot.bot import DocentBot

EXAMPLES: Final[dict[Language, tuple[str, ...]]] = {
    "ko": ("내일", "이번 주 금요일", "다음 주 월요일 오전 9시", "일주일 뒤", "2주 뒤"),
    "en": ("tomorrow", "this friday", "next monday 9am", "in a week", "in 2 weeks"),
}


async def suggest_moments(
    interaction: discord.Interaction[DocentBot], typed: str
) -> list[app_commands.Choice[str]]:
    """What is typed, as it is understood; examples before that, or if it isn't.

    Raises `DatabaseError`.
    """
    bot, server_id = interaction.client, interaction.guild_id
    assignments = bot.classroom.assignments
    if server_id is None:
        return []
    language = bot.speeches.at_once_to(interaction).language
    zone = await assignments.zone_for(server_id, interaction.user.id, language)
    now, choices = assignments.now(), []
    for words in (typed, *EXAMPLES[language]):
        try:
            moment = read_due(words, now, zone)
        except LearnerError:
            continue
        said = f"{words} → {say_due(moment, now, zone, language)}"
        choices.append(app_commands.Choice(name=said[:100], value=write_due(moment, zone)))
        if words == typed:
            break
    return choices
