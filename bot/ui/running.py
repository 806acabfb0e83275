"""Running a command for a button, whichever feature shows the button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import discord

from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot


class _Terminal(Protocol):
    """What we need of the terminal feature."""

    async def run_for_button(self, interaction: discord.Interaction[Any], line: str) -> None:
        """Run a line; its answer is a new message beside the one that was pressed."""
        ...


async def run_line(bot: DocentBot, interaction: discord.Interaction[Any], line: str) -> None:
    """Run a line for whoever pressed; the interaction was acknowledged.

    Raises:
        LearnerError: The bot is leaving.
    """
    terminal = cast("_Terminal | None", bot.get_cog("Terminal"))
    if terminal is None:
        raise LearnerError("error.discord_trouble")
    await terminal.run_for_button(interaction, line)
