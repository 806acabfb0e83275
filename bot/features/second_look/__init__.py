"""Looks again at containers that were started in the background, and says why they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.second_look._cog import SecondLook

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    await bot.add_cog(SecondLook(bot))
