"""/quiz drill: an error that the learner met, made anew in their engine, to be repaired.

_cog.py   the command, the look after each command   _card.py   how it looks
_buttons.py   a hint, giving up
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.drill._buttons import BUTTONS
from bot.features.drill._cog import DrillCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(DrillCog(bot))
