"""/quiz drill, and the look at the engine after each command."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.classroom.commands import CommandEnded
from bot.features.drill import _card
from bot.features.drill._buttons import begin
from bot.on_error import as_learner_error, report_bug
from bot.ui.destination import Destination
from bot.ui.groups import GroupedCog, SubCommands, quiz_group

log = structlog.get_logger(__name__)


class DrillCommands(SubCommands, name="drill", description="Given to /quiz"):
    """What every learner can do alone."""

    @app_commands.command(
        name=locale_str("drill", key="command.quiz.drill.name"),
        description=locale_str(
            "Two minutes: repair an error that you met", key="command.quiz.drill.description"
        ),
    )
    async def drill(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Make an error in the person's own engine."""
        await begin(self.bot, interaction)


class DrillCog(GroupedCog, name="Drill"):
    """Puts the command below /quiz, and sees when something is repaired."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(bot, quiz_group, DrillCommands(bot))

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, destination: Destination) -> None:
        """A command is over and shown: see whether it repaired what was broken."""
        learner_id = ended.learner_id
        async with self._bot.aftermath.of(learner_id):
            try:
                over = await self._bot.classroom.drills.check(learner_id)
            except Exception as error:  # noqa: BLE001 - the command's own result stands already
                if as_learner_error(error) is None:
                    report_bug(error, learner_id=learner_id, event_name="drill")
                log.warning("drill_not_checked", learner=learner_id, error=type(error).__name__)
                return
            if over is not None:
                speech = await self._bot.speeches.to_learner(learner_id)
                await destination.send(view=_card.ended_card(over, speech))
