"""/ask: questions in the learner's own words, answered out of lessons and glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.ask._buttons import BUTTONS
from bot.features.ask._cog import Ask

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Ask(bot))
