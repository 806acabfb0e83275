"""/stats: how much of their limits the learner's engine and containers use, while they look.

_cog.py      the command                  _watch.py  looks again and again, for a while
_buttons.py  keep watching, dark, light   _card.py   how it looks, in a picture and in words
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.stats._buttons import BUTTONS
from bot.features.stats._cog import StatsCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(StatsCog(bot))
