"""/class: who is an instructor, classes and who is in them, lessons with due dates, places.

_cog.py           joins the shared group, goes the rounds    _learning.py   what learners type
_running.py       instructors: setup, create, roster, …      _assigning.py  instructors: lessons
_seating.py       instructors: places for a lesson           _reminding.py  reminders by DM
_buttons.py       buttons for one person                     _doors.py      join and leave, for all
_cards.py, _lists.py, _mine.py  how it looks              _when.py       moments in words
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.classes._buttons import BUTTONS
from bot.features.classes._cog import ClassesCog
from bot.features.classes._doors import DOORS

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS, *DOORS)
    await bot.add_cog(ClassesCog(bot))
