"""/map: the learner's engine as a picture.

_cog.py      the command              _card.py   how it looks
_buttons.py  draw again, dark, light  _words.py  the same in words
_drawing.py  from the engine to the card
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.map._buttons import BUTTONS
from bot.features.map._cog import MapCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(MapCog(bot))
