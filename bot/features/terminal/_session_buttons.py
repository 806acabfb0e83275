"""The keys under a live screen. They outlive the bot: a session it no longer knows is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.features.terminal._cancel import tidy_up
from bot.features.terminal._session import SessionRun
from bot.ui.actions import Action, pattern

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.terminal._cog import Terminal


class KeyButton(
    Action, template=pattern("key", r"(?P<run>[0-9a-f]{12})", r"(?P<key>[a-z-]{1,12})")
):
    """Presses a key of the session of its message."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Press it, and show the screen that comes of it."""
        terminal: Terminal | None = bot.get_cog("Terminal")  # type: ignore[assignment] # by its name
        run = None if terminal is None else terminal.running.get(self.values_of_id["run"])
        if isinstance(run, SessionRun):
            await run.press(self.values_of_id["key"], interaction)
        else:
            await tidy_up(bot, interaction)
