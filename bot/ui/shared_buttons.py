"""Buttons that several features show and one answers."""

from __future__ import annotations

import discord
from discord import ui

from bot.classroom.explaining import fingerprint
from bot.texts import Speech
from bot.ui.actions import custom_id, open_id
from bot.ui.layout import Card, button


def open_lesson(
    label: str,
    owner: int,
    lesson_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.primary,
) -> ui.Button[Card]:
    """Opens a lesson at the end of the lab; the lessons feature answers."""
    return button(label[:80], custom_id("open", owner, lesson_id), style=style)


def open_lesson_for_all(
    label: str,
    lesson_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.primary,
) -> ui.Button[Card]:
    """Opens a lesson in the lab of whoever presses; the lessons feature answers."""
    return button(label[:80], open_id("lesson-open", lesson_id), style=style, emoji="📖")


def explain_command(speech: Speech, owner: int, line: str) -> ui.Button[Card]:
    """Explains a line that is in the owner's history; the feature explain answers."""
    return button(
        speech("explain.button"), custom_id("explain", owner, fingerprint(line)), emoji="🔎"
    )


def ask_for_help(speech: Speech, owner: int, error: str, line: str) -> ui.Button[Card]:
    """Raises the owner's hand over a known error that this line met; the feature hands answers."""
    return button(
        speech("hand.error_button"),
        custom_id("hand-error", owner, error, fingerprint(line)),
        emoji="🙋",
    )


def start_drill(speech: Speech, owner: int) -> ui.Button[Card]:
    """Makes an error in the owner's engine, to be repaired; the feature drill answers."""
    return button(speech("drill.start"), custom_id("drill-start", owner), emoji="⏱️")


def open_step(label: str, owner: int, lesson_id: str, step_id: str | None) -> ui.Button[Card]:
    """Opens a lesson at this step, at the end of the lab; without a step, where it was left."""
    if step_id is None:
        return open_lesson(label, owner, lesson_id)
    custom = custom_id("go", owner, lesson_id, step_id)
    return button(label[:80], custom, style=discord.ButtonStyle.primary)
