"""What the report looks like: a section at a time, and the ways to the others."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.classreport.report import Report
from bot.features.class_report import _ids
from bot.features.class_report._ids import SECTIONS, Section
from bot.features.class_report._pages import Page
from bot.pictures.theme import ThemeName
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, button, drawn, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import CALM

FILE: Final = "class-report.png"
LONGEST_WORDS: Final = 900


def report_card(
    report: Report,
    page: Page,
    section: Section,
    png: bytes | None,
    say: Speech,
    *,
    name: str,
    class_id: int,
    owner: int,
    theme: ThemeName,
) -> Card:
    """The report at one page of a section; without letters for a picture, its words."""
    parts: list[ui.Item[Card]] = [text(_head(report, name, say))]
    made = []
    if png is not None:
        made = [Drawn(FILE, png, page.alt)]
        parts += map(drawn, made)
    elif page.layout is not None:
        parts.append(text(f"{say('picture.no_fonts')}\n{plain(page.alt, most=LONGEST_WORDS)}"))
    parts.append(text(page.below))
    parts.append(_tabs(section, say, class_id=class_id, owner=owner, theme=theme))
    parts.append(_ways(page, section, say, class_id=class_id, owner=owner, theme=theme))
    parts.append(text(say("class_report.private")))
    return Card(panel(*parts, colour=CALM), pictures=made)


def _head(report: Report, name: str, say: Speech) -> str:
    title = say("class_report.title", name=plain(name))
    if not report.pupils:
        return f"{title}\n{say('class_report.nobody')}"
    counts = say(
        "class_report.counts",
        members=len(report.pupils),
        active=report.active,
        at=_moment(report.made_at),
    )
    return f"{title}\n-# {counts}"


def _moment(at: datetime) -> str:
    return f"<t:{at.timestamp():.0f}:t>"


def _tabs(
    section: Section, say: Speech, *, class_id: int, owner: int, theme: ThemeName
) -> ui.ActionRow[Card]:
    return row(
        *(
            button(
                say(f"class_report.tab.{each}"),
                _ids.turn(owner, class_id, "tab", each, 0, theme),
                style=discord.ButtonStyle.primary
                if each == section
                else discord.ButtonStyle.secondary,
            )
            for each in SECTIONS
        )
    )


def _ways(
    page: Page, section: Section, say: Speech, *, class_id: int, owner: int, theme: ThemeName
) -> ui.ActionRow[Card]:
    """Back and on where there are pages, the tables, the other background."""
    buttons: list[ui.Item[Card]] = []
    if page.count > 1:
        before, after = max(0, page.number - 1), min(page.count - 1, page.number + 1)
        words = say("class_report.page", page=page.number + 1, pages=page.count)
        buttons = [
            button(
                "◀",
                _ids.turn(owner, class_id, "back", section, before, theme),
                disabled=page.number == 0,
            ),
            button(
                f"{words} ▶",
                _ids.turn(owner, class_id, "on", section, after, theme),
                disabled=page.number == page.count - 1,
            ),
        ]
    buttons.append(button(say("class_report.csv"), _ids.files(owner, class_id), emoji="📄"))
    if page.layout is not None:
        other: ThemeName = "light" if theme == "dark" else "dark"
        buttons.append(
            button(
                say(f"picture.theme.{other}"),
                _ids.turn(owner, class_id, "paint", section, page.number, other),
                emoji="☀️" if other == "light" else "🌙",
            )
        )
    return row(*buttons)
