"""/class board: a message in the instructors' channel that shows the class as it is.

_cog.py      the command, boards that go on after a restart    _opening.py  where one is put
_watch.py    keeps boards up to date                           _card.py     what they look like
_posting.py  what instructors post for the class               _asking.py   a quiz about an error
_buttons.py, _ids.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.class_board._buttons import BUTTONS
from bot.features.class_board._cog import ClassBoardCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(ClassBoardCog(bot))
