"""The buttons of the report: other sections and pages, and the tables as files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import discord

from bot.classreport.tables import report_files
from bot.classreport.words import titles
from bot.features.class_report import _ids
from bot.features.class_report._drawing import draw_report
from bot.ui.actions import Action
from bot.ui.backgrounds import background_for
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import require_instructor, server_of
from bot.ui.looks_at_class import record_look
from bot.ui.plain import plain

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass


class TurnButton(Action, template=_ids.TURN):
    """Turns the report to another page, in place."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Show the page as it is now, to an instructor of the class's server.

        Who joined the class since the report was opened can see that, too.
        """
        await interaction.response.defer()
        say = await bot.speeches.to(interaction)
        seen = await class_of(bot, interaction, self.values_of_id)
        theme = await background_for(bot, interaction, say, self.values_of_id["background"])
        await record_look(bot, interaction, seen, "report")
        card = await draw_report(
            bot, seen, say,
            owner=self.owner,
            theme=theme,
            section=_ids.section_of(self.values_of_id["section"]),
            page=int(self.values_of_id["page"]),
        )  # fmt: skip
        await interaction.edit_original_response(view=card, attachments=card.files())


class FilesButton(Action, template=_ids.FILES):
    """Hands the tables out, privately."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Send the files to an instructor of the class's server; every learner can see that."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = await bot.speeches.to(interaction)
        seen = await class_of(bot, interaction, self.values_of_id)
        report = await bot.classroom.sight.report(seen.id)
        names = titles(bot.classroom.lessons.catalogue, say)
        files = report_files(report, names, say)
        learners = [pupil.learner_id for pupil in report.pupils]
        await record_look(bot, interaction, seen, "report_files", learners=learners)
        await InteractionDestination(interaction).send(
            content=say("class_report.csv.here", name=plain(seen.name)),
            files=[discord.File(BytesIO(data), filename=name) for name, data in files.items()],
        )


async def class_of(
    bot: DocentBot, interaction: discord.Interaction[Any], values: dict[str, str]
) -> SchoolClass:
    """The class of a button, for an instructor of its server.

    Raises:
        LearnerError: The person is none, or the class is another server's, closed or no class.
    """
    await require_instructor(bot, interaction)
    return await bot.classroom.classes.get(server_of(interaction), int(values["class_id"]))


BUTTONS = (TurnButton, FilesButton)
