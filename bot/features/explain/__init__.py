"""/explain, and the button under a result that explains its command.

_cog.py      the slash command     _button.py   the button
_card.py     how an explanation looks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.explain.cli_table import cli_table
from bot.features.explain._button import ExplainButton
from bot.features.explain._cog import Explain

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the feature is loaded."""
    cli_table()  # read now, so that nobody waits for it
    bot.add_dynamic_items(ExplainButton)
    await bot.add_cog(Explain(bot))
