"""/quiz upload, /quiz banks and /quiz export: question banks of a server's own.

_cog.py    the commands                _cards.py     how banks look
_ids.py    custom ids                  _buttons.py   preview, publish, delete
_words.py  a question in full, mistakes in words
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.banks._buttons import BUTTONS
from bot.features.banks._cog import BanksCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(BanksCog(bot))
