"""A page of a class's roster, looked up anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.classroom.classes import SchoolClass
from bot.features.classes._lists import roster_card
from bot.texts import Speech
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def roster_page(
    bot: DocentBot, school_class: SchoolClass, speech: Speech, *, owner: int, page: int
) -> Card:
    """The page for this instructor, who was judged; raises `DatabaseError`."""
    classroom = bot.classroom
    return roster_card(
        school_class,
        await classroom.classes.members(school_class.id),
        await classroom.assignments.of_class(school_class.id),
        await classroom.assignments.finished_by_members(school_class.id),
        speech,
        owner=owner,
        page=page,
        now=classroom.assignments.now(),
    )
