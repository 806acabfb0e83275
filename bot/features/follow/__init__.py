"""/follow: the instructor's command on the engines of those who opted in.

_cog.py      start, run, stop; what ends by itself    _buttons.py  join, leave, yes, no, details
_cards.py    how all of it looks                      _board.py    cards that keep up with the facts
_running.py  one line on many engines                 _leavers.py  who is in the server no more
_ids.py      custom ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.follow._buttons import BUTTONS
from bot.features.follow._cog import FollowCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(FollowCog(bot))
