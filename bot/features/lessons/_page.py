"""A page of a learner's container, as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.terminal.page import describe_page
from bot.texts import Speech
from bot.ui.layout import Card, panel, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, WARN

if TYPE_CHECKING:
    from bot.classroom.commands import Page


def page_card(page: Page, port: int, speech: Speech) -> Card:
    """What the port answered: status, title and the beginning of its text."""
    shown = describe_page(page)
    address = f"http://localhost:{port}/"
    if shown.problem is not None:
        head = speech("lesson.page.head", address=address)
        return Card(panel(text(f"{head}\n{speech(shown.problem, port=port)}"), colour=WARN))
    lines = [speech("lesson.page.head", address=address), f"-# {plain(shown.status)}"]
    if shown.title:
        lines.append(f"### {plain(shown.title, most=120)}")
    if shown.excerpt:
        lines.append(f"```\n{shown.excerpt}\n```")
    return Card(panel(text("\n".join(lines)), colour=CALM if shown.answered_well else WARN))
