"""Hands-on challenges and duels: everybody's engine is broken the same way, at the same time.

_cog.py      commands, judgements       _runner.py   one task for each that is under way
_board.py    what everybody sees        _painter.py  keeps it true
_mine.py     what a member sees         _labs.py     tells members in their labs
_table.py    the result as CSV
_buttons.py  _duel_buttons.py  _ids.py  _duel_card.py  _words.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.challenge._buttons import BUTTONS
from bot.features.challenge._cog import ChallengeCog, DuelCog
from bot.features.challenge._duel_buttons import DUEL_BUTTONS

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS, *DUEL_BUTTONS)
    challenge = ChallengeCog(bot)
    await bot.add_cog(challenge)
    await bot.add_cog(DuelCog(bot, challenge))
