"""What /settings looks like: each setting with a row of what it can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.classroom.settings import EXPLANATIONS, LearnerSettings
from bot.schedule.zones import COMMON, DEFAULTS
from bot.texts import LANGUAGES, Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.theme import CALM

LANGUAGE_NAMES: Final = {"ko": "한국어", "en": "English"}
SWITCH: Final = ("on", "off")
BACKGROUNDS: Final = ("dark", "light")


def settings_card(settings: LearnerSettings, speech: Speech, *, owner: int) -> Card:
    """Every setting; what holds now is coloured."""
    rows = {
        "language": (LANGUAGES, speech.language),
        "explanations": (EXPLANATIONS, settings.explanations),
        "changes": (SWITCH, _switch(on=settings.changes)),
        "compact": (SWITCH, _switch(on=settings.compact)),
        "pictures": (BACKGROUNDS, settings.pictures),
    }
    parts: list[ui.Item[Card]] = [text(f"### {speech('settings.title')}")]
    for what, (values, now) in rows.items():
        parts.append(text(speech(f"settings.{what}")))
        parts.append(row(*_buttons(what, values, now, speech, owner)))
    parts += [text(speech("settings.zone")), row(_zones(settings, speech, owner))]
    return Card(panel(*parts, colour=CALM))


def _zones(settings: LearnerSettings, speech: Speech, owner: int) -> ui.Select[Card]:
    """The common time zones, and the one that holds; `/settings` takes all others."""
    now = settings.zone or DEFAULTS[speech.language]
    return ui.Select(
        custom_id=custom_id("set-zone", owner),
        options=[
            discord.SelectOption(label=zone, value=zone, default=zone == now)
            for zone in dict.fromkeys((now, *COMMON))
        ],
    )


def _buttons(
    what: str, values: tuple[str, ...], now: str, speech: Speech, owner: int
) -> Iterator[ui.Button[Card]]:
    for value in values:
        is_now = value == now
        label = LANGUAGE_NAMES.get(value) or speech(f"settings.{what}.{value}")
        yield button(
            f"✓ {label}" if is_now else label,
            custom_id("set", owner, what, value),
            style=discord.ButtonStyle.primary if is_now else discord.ButtonStyle.secondary,
        )


def _switch(*, on: bool) -> str:
    return SWITCH[0] if on else SWITCH[1]
