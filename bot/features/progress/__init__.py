"""/progress: how far the learner is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.progress._cog import Progress

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    await bot.add_cog(Progress(bot))
