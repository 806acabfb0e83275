"""/transcript: what a learner did, as a Markdown file.

_cog.py       the command
_markdown.py  the file
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.transcript._cog import TranscriptCog

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    await bot.add_cog(TranscriptCog(bot))
