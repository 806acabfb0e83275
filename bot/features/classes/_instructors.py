"""How a command of an instructor about a class begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.classroom.classes import SchoolClass
from bot.texts import Speech
from bot.ui.class_option import chosen_class
from bot.ui.groups import SubCommands
from bot.ui.instructing import require_instructor

if TYPE_CHECKING:
    from bot.bot import DocentBot


class InstructorCommands(SubCommands):
    """Sub-commands for instructors; each judges who typed it."""

    async def begin(
        self, interaction: discord.Interaction[DocentBot], named: str | None
    ) -> tuple[SchoolClass, Speech]:
        """Ask for time and judge who typed it; the class that is meant, and who is spoken to.

        Raises:
            LearnerError: They are no instructor, or there is no such class.
        """
        # To judge may take as long as Discord waits for an answer.
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        chosen = await chosen_class(self.bot, interaction, named)
        return chosen, await self.bot.speeches.to(interaction)
