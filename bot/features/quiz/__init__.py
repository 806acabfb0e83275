"""/quiz host: a live quiz in a channel, held by an instructor for everybody there.

_cog.py        the command, typed answers, what is deleted    _ids.py       custom ids
_opening.py    the lobby and the thread                       _buttons.py   what is pressed
_conductor.py  keeps the time of each quiz, and goes on after a restart
_stage.py      its messages: sent once, then edited           _panel.py     what hosts press
_cards.py, _answer_card.py   how they look                    _tables.py    results as CSV
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.quiz._buttons import BUTTONS
from bot.features.quiz._cog import QuizCog
from bot.features.quiz._panel import CONTROLS

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS, *CONTROLS)
    await bot.add_cog(QuizCog(bot))
