"""/class report."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.bot import DocentBot
from bot.features.class_report._drawing import draw_report
from bot.ui.backgrounds import background_for
from bot.ui.class_option import CLASS_NAME, WHICH_CLASS, chosen_class, suggest_classes
from bot.ui.destination import InteractionDestination
from bot.ui.groups import GroupedCog, SubCommands, class_group
from bot.ui.instructing import require_instructor
from bot.ui.looks_at_class import record_look


class ReportCommands(SubCommands):
    """What this feature has below /class."""

    @app_commands.command(
        name=locale_str("report", key="command.class.report.name"),
        description=locale_str(
            "Progress, who is stuck, errors and times of a class, shown to you alone",
            key="command.class.report.description",
        ),
    )
    @app_commands.rename(which=CLASS_NAME)
    @app_commands.describe(which=WHICH_CLASS)
    @app_commands.autocomplete(which=suggest_classes)
    async def report(
        self, interaction: discord.Interaction[DocentBot], which: str | None = None
    ) -> None:
        """Show the report to an instructor, privately; every learner of the class can see that."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        seen = await chosen_class(self.bot, interaction, which)
        say = await self.bot.speeches.to(interaction)
        theme = await background_for(self.bot, interaction, say, None)
        owner = interaction.user.id
        members = await self.bot.classroom.classes.members(seen.id)
        await self.bot.leavers.take_out(seen.server_id, [each.learner_id for each in members])
        await record_look(self.bot, interaction, seen, "report")
        card = await draw_report(self.bot, seen, say, owner=owner, theme=theme)
        await InteractionDestination(interaction).send(view=card)


class ClassReportCog(GroupedCog, name="ClassReport"):
    """Reports about classes."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(bot, class_group, ReportCommands(bot))
