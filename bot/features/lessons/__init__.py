"""Lessons in chat: the list, the card of a lesson, its buttons, and checks after every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.lessons._buttons import BUTTONS, LessonSelect
from bot.features.lessons._cog import Lessons
from bot.features.lessons._preview import Preview
from bot.features.lessons._sharing import OpenSharedLesson

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    bot.add_dynamic_items(*BUTTONS, LessonSelect, OpenSharedLesson)
    await bot.add_cog(Lessons(bot))
    if bot.settings.lessons_preview:
        await bot.add_cog(Preview(bot))
