"""Hears that a command ended, and tells what it changed."""

from __future__ import annotations

import aiohttp
import discord
import structlog
from discord.ext import commands

from bot.bot import DocentBot
from bot.classroom.commands import CommandEnded
from bot.features.changes._card import changes_card
from bot.on_error import as_learner_error, report_bug
from bot.ui.destination import Destination

log = structlog.get_logger(__name__)


class ChangesCog(commands.Cog, name="Changes"):
    """Shows learners what their commands changed, unless they don't want to see it."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, destination: Destination) -> None:
        """A command is over and shown."""
        # In the order of commands, and before the tick of a lesson: that card is the way on.
        async with self._bot.aftermath.of(ended.learner_id):
            try:
                await self._tell(ended, destination)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
                log.info("changes_not_shown", learner=ended.learner_id, error=type(exc).__name__)
            except Exception as error:  # noqa: BLE001 - the command's own result stands already
                if as_learner_error(error) is None:
                    report_bug(error, learner_id=ended.learner_id, event_name="changes")

    @commands.Cog.listener()
    async def on_learner_forgotten(self, learner_id: int) -> None:
        """Nothing is kept of them, here neither."""
        self._bot.classroom.changes.forget(learner_id)
        self._bot.classroom.engines.forget(learner_id)
        self._bot.classroom.troubles.forget(learner_id)
        self._bot.classroom.load.forget(learner_id)
        self._bot.classroom.checking.forget(learner_id)

    async def _tell(self, ended: CommandEnded, destination: Destination) -> None:
        settings = await self._bot.classroom.settings.of(ended.learner_id)
        if not settings.changes:
            self._bot.classroom.engines.outdated(ended.learner_id)
            return
        found = await self._bot.classroom.changes.of(ended)
        if found:
            speech = await self._bot.speeches.to_learner(ended.learner_id)
            card = changes_card(found, speech, owner=ended.learner_id, compact=settings.compact)
            await destination.send(view=card)
