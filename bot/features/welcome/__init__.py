"""The door: /start, /language, /help, /lab, and the buttons of the welcome card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.welcome._buttons import BUTTONS
from bot.features.welcome._cog import Welcome

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Welcome(bot))
