"""After a command that changed the engine: a card with what is not as it was.

_cog.py      hears that a command ended
_card.py     how it looks
_buttons.py  logs and details of a container
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.changes._buttons import BUTTONS
from bot.features.changes._cog import ChangesCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(ChangesCog(bot))
