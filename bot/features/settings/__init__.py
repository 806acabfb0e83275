"""/settings: language, explanations, the card of what changed, compact output.

_cog.py      the command
_card.py     how it looks
_buttons.py  one press changes one setting
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.settings._buttons import BUTTONS
from bot.features.settings._cog import SettingsCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(SettingsCog(bot))
