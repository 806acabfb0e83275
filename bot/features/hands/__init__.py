"""/hand and /hands: raised hands, their queue, and help in a thread of its own.

_cog.py       the commands, what is written in help threads, what ends by itself
_form.py      the form that a hand is raised with
_cards.py     how a hand and the queue look           _panel.py    the card of a help
_buttons.py   the learner's buttons                   _helping.py  the helper's buttons
_desk.py      raising, taking and closing             _thread.py   threads for helps
_looking.py   what a helper sees of an engine         _forking.py  forks, and what is typed for them
_suggesting.py  the fix as a suggestion               _ids.py      custom ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.hands._buttons import BUTTONS
from bot.features.hands._cog import HandsCog
from bot.features.hands._helping import HELPER_BUTTONS

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS, *HELPER_BUTTONS)
    await bot.add_cog(HandsCog(bot))
