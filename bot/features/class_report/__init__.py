"""/class report: what is known of a class, for its instructors alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.class_report._buttons import BUTTONS
from bot.features.class_report._cog import ClassReportCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(ClassReportCog(bot))
