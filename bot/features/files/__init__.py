"""Files between chat and sandbox: dropped, written as a code block, edited in a form, sent back.

_cog.py      /edit, /get, /files, what a message brings
_drops.py    attachments and code blocks with a name
_form.py     the form of /edit
_saving.py   write a file, check it, show both
_buttons.py  edit, save as, write what is attached
_cards.py    how all of it looks
_ids.py      custom ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.files._buttons import BUTTONS
from bot.features.files._cog import FilesCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(*BUTTONS)
    await bot.add_cog(FilesCog(bot))
