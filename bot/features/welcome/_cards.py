"""What the door looks like."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.texts import LANGUAGES, Speech, Texts
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, link, note, panel, row, text
from bot.ui.plain import plain
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM, WARN

LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}


def welcome(speech: Speech, *, owner: int, name: str, first_lesson: str | None) -> Card:
    """The card that greets a learner in their lab."""
    buttons = [
        button(speech("welcome.button.what_to_type"), custom_id("type", owner)),
        button(speech("welcome.button.language"), custom_id("language", owner)),
    ]
    if first_lesson is not None:
        buttons.insert(0, open_lesson(speech("welcome.button.first_lesson"), owner, first_lesson))
    body = text(speech("welcome.body", name=plain(name)))
    return Card(panel(body, row(*buttons), colour=CALM))


def lab_ready(speech: Speech, *, lab: str, url: str) -> Card:
    """The private answer that leads to a new lab."""
    sentence = speech("welcome.ready", lab=plain(lab))
    return note(sentence, row(link(speech("welcome.button.go"), url)))


def lab_there(speech: Speech, *, owner: int, lab: str, url: str, offer: str | None) -> Card:
    """The private answer that leads back; `offer` is the key of a button for a lab right here."""
    buttons: list[ui.Item[Card]] = [link(speech("welcome.button.go"), url)]
    if offer is not None:
        buttons.append(button(speech(offer), custom_id("here", owner)))
    return note(speech("welcome.back", lab=plain(lab)), row(*buttons))


def no_lab_here(speech: Speech, *, owner: int, missing: Sequence[str]) -> Card:
    """Why there can be no lab in this channel, and the way out. `missing` are permissions."""
    if missing:
        names = ", ".join(f"**{speech(f'permission.{name}')}**" for name in missing)
        sentence = speech("welcome.no_threads", permissions=names)
    else:
        sentence = speech("welcome.wrong_channel")
    start = button(
        speech("welcome.button.dm"), custom_id("dm", owner), style=discord.ButtonStyle.primary
    )
    return Card(panel(text(sentence), row(start), colour=WARN))


def ask_language(texts: Texts, speech: Speech, *, owner: int) -> Card:
    """The question which language; each name in its own language."""
    buttons = [
        button(
            LANGUAGE_NAMES[language],
            custom_id("speak", owner, language),
            style=discord.ButtonStyle.primary
            if language == speech.language
            else discord.ButtonStyle.secondary,
        )
        for language in LANGUAGES
    ]
    # Asked in both languages: who needs this button may not read the current one.
    questions = "\n".join(texts.for_language(language)("language.ask") for language in LANGUAGES)
    return note(questions, row(*buttons))


def ask_reset(speech: Speech, *, owner: int) -> Card:
    """The question before a disk is thrown away, with what would be lost."""
    buttons = row(
        button(
            speech("lab.reset.yes"),
            custom_id("reset", owner, "yes"),
            style=discord.ButtonStyle.danger,
        ),
        button(speech("lab.reset.no"), custom_id("reset", owner, "no")),
    )
    return Card(panel(text(speech("lab.reset.ask")), buttons, colour=WARN))


def help_card(speech: Speech) -> Card:
    """What a learner can type."""
    return Card(panel(text(speech("help.body")), colour=CALM))
