"""The report of a class at a page, drawn for one instructor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.classreport.words import titles
from bot.features.class_report._card import report_card
from bot.features.class_report._ids import Section
from bot.features.class_report._pages import page_of

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass
    from bot.pictures.theme import ThemeName
    from bot.texts import Speech
    from bot.ui.layout import Card


async def draw_report(
    bot: DocentBot,
    seen: SchoolClass,
    say: Speech,
    *,
    owner: int,
    theme: ThemeName,
    section: Section = "heat",
    page: int = 0,
) -> Card:
    """The report as it is now. Whether the owner may see it was judged before."""
    report = await bot.classroom.sight.report(seen.id)
    names = titles(bot.classroom.lessons.catalogue, say)
    shown = page_of(report, section, page, seen.name, names, say)
    png = None if shown.layout is None else await bot.studio.draw(shown.layout, theme)
    return report_card(
        report, shown, section, png, say,
        name=seen.name, class_id=seen.id, owner=owner, theme=theme,
    )  # fmt: skip
