"""/sandbox: the learner's machine, how long it stays on, its saved disk; and a word before its end.

_cog.py       the command, and the rounds that warn
_card.py      how it looks
_buttons.py   keep it on, turn it off, save the disk, go back to it
_use.py       how full it is, and what to do about it
_ends.py      tells learners some minutes before their sandbox is stopped
_warning.py   tells learners that a disk which nobody uses will be deleted
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.sandbox._buttons import BUTTONS
from bot.features.sandbox._cog import SandboxCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(SandboxCog(bot))
