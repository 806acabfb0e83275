"""The option of a slash command that names a lesson's or a bank's questions: its suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from discord import app_commands

from bot.quiz.questions import Offer
from bot.texts import Language

MOST_SUGGESTED: Final = 25


def offer_choices(
    offers: Sequence[Offer], language: Language, typed: str
) -> list[app_commands.Choice[str]]:
    """These offers as choices, as far as they fit what is typed."""
    wanted = typed.strip().casefold()
    titles = [(offer.title(language), offer.key) for offer in offers]
    return [
        app_commands.Choice(name=title[:100], value=key)
        for title, key in titles
        if wanted in title.casefold() or wanted in key
    ][:MOST_SUGGESTED]
