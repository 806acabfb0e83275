"""/visit: a learner's page as a browser in their sandbox shows it.

_cog.py  the command, its suggestions, the buttons; the card is in `bot.ui.visits`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.visit._cog import Visit, VisitButton

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(VisitButton)
    await bot.add_cog(Visit(bot))
