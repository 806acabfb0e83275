"""What /privacy looks like."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from bot.classroom.privacy import Kept
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.theme import CALM, WARN


def privacy_card(kept: Kept, speech: Speech, *, owner: int) -> Card:
    """What is kept and how much of it, who sees it, and what can be done."""
    lines = [f"### {speech('privacy.title')}", speech("privacy.about")]
    if kept.nothing:
        return Card(panel(text("\n".join([*lines, speech("privacy.nothing")])), colour=CALM))
    lines += _kept_lines(kept, speech)
    lines.append(f"-# {speech('privacy.elsewhere')}")
    buttons = row(
        button(speech("privacy.export"), custom_id("personal", owner, "export"), emoji="📄"),
        button(speech("privacy.delete"), custom_id("personal", owner, "ask"), emoji="🗑️"),
    )
    return Card(panel(text("\n".join(lines)), buttons, colour=CALM))


def ask_delete(speech: Speech, *, owner: int) -> Card:
    """The question before everything is lost for good."""
    buttons = row(
        button(
            speech("privacy.delete.yes"),
            custom_id("personal", owner, "delete"),
            style=discord.ButtonStyle.danger,
        ),
        button(speech("privacy.delete.no"), custom_id("personal", owner, "look")),
        button(speech("privacy.export"), custom_id("personal", owner, "export"), emoji="📄"),
    )
    return Card(panel(text(speech("privacy.delete.ask")), buttons, colour=WARN))


def _kept_lines(kept: Kept, speech: Speech) -> Iterator[str]:
    for table, number in kept.rows.items():
        if number:
            yield f"- {speech(f'privacy.kept.{table}', n=number)}"
    if kept.has_sandbox is None:
        yield f"- {speech('privacy.kept.unknown')}"
    elif kept.has_sandbox:
        yield f"- {speech('privacy.kept.sandbox')}"
    if kept.snapshots:
        yield f"- {speech('privacy.kept.snapshots', n=kept.snapshots)}"
