"""After `docker run -d` and its like: containers that ended at once are said, with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from discord.ext import commands

from bot.classroom.commands import CommandEnded
from bot.terminal.error_help import ErrorHelp
from bot.texts import Speech
from bot.ui import theme
from bot.ui.destination import Destination
from bot.ui.error_lines import error_lines
from bot.ui.layout import Card, panel, text

if TYPE_CHECKING:
    from bot.bot import DocentBot

MOST_AT_ONCE: Final = 500
"""More looks than this at a time are not worth their wait: the next command shows the same."""

MOST_TOLD: Final = 5
"""Containers in one card."""


class SecondLook(commands.Cog, name="SecondLook"):
    """Hears of every command, and comes back to those that left a container behind."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._looking: set[asyncio.Task[object]] = set()

    async def cog_unload(self) -> None:
        """The bot goes away: nobody is there to be told."""
        for task in self._looking:
            task.cancel()

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, destination: Destination) -> None:
        """A learner's command ended; discord.py calls this in a task of its own."""
        task = asyncio.current_task()
        if ended.exit_code != 0 or task is None or len(self._looking) >= MOST_AT_ONCE:
            return
        self._looking.add(task)
        try:
            await self._look(ended, destination)
        finally:
            self._looking.discard(task)

    async def _look(self, ended: CommandEnded, destination: Destination) -> None:
        troubles = self._bot.classroom.troubles
        found = await troubles.second_look(ended.learner_id, ended.line, ended.printed)
        if found and await troubles.are_welcome(ended.learner_id):
            speech = await self._bot.speeches.to_learner(ended.learner_id)
            await destination.send(view=_card(found, speech))


def _card(found: Sequence[ErrorHelp], speech: Speech) -> Card:
    """All of them in one card; of very many the first ones, and how many more there are."""
    items = [text(error_lines(help, speech)) for help in found[:MOST_TOLD]]
    more = len(found) - MOST_TOLD
    if more > 0:
        items.append(text(f"-# {speech('second_look.more', n=more)}"))
    return Card(panel(*items, colour=theme.WARN))
