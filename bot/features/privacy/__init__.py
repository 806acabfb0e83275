"""/privacy: what is kept of a learner, as a file; and its deletion, which asks first.

_cog.py      the command
_card.py     how it looks
_buttons.py  hand it out, ask, delete
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.privacy._buttons import BUTTONS
from bot.features.privacy._cog import Privacy

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(Privacy(bot))
