"""/quiz practice: questions that come back, for one learner alone.

_cog.py   the command, forms that come back   _cards.py     how questions and answers look
_ids.py   custom ids                          _buttons.py   answers, on, stop
_form.py  the form for a typed command
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.practice._buttons import BUTTONS
from bot.features.practice._cog import PracticeCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(PracticeCog(bot))
