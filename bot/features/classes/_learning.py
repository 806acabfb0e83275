"""What learners type: /class join, leave and mine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.classroom.classes import SchoolClass
from bot.errors import LearnerError
from bot.features.classes._buttons import mine_of
from bot.features.classes._joining import join_class, leave_class
from bot.ui.class_option import CLASS_NAME, choices_of, pick_class
from bot.ui.destination import InteractionDestination
from bot.ui.groups import SubCommands
from bot.ui.instructing import roles_of, server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot


class LearnerCommands(SubCommands):
    """For everybody."""

    @app_commands.command(
        name=locale_str("join", key="command.class.join.name"),
        description=locale_str(
            "Join a class that is for one of your roles", key="command.class.join.description"
        ),
    )
    @app_commands.rename(school_class=CLASS_NAME)
    @app_commands.describe(
        school_class=locale_str(
            "Leave it empty if there is only one", key="command.class.join.class.description"
        )
    )
    async def join_one(
        self, interaction: discord.Interaction[DocentBot], school_class: str | None = None
    ) -> None:
        """Join by role; a class without one is joined with its invitation."""
        server_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self.bot.speeches.to(interaction)
        open_to_them = await self._open_to(interaction, server_id)
        if not open_to_them:
            raise LearnerError("class.join.none")
        chosen = pick_class(open_to_them, school_class)
        card = await join_class(self.bot, interaction, server_id, chosen.id, speech)
        await InteractionDestination(interaction).send(view=card)

    @join_one.autocomplete("school_class")
    async def _suggest_open(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        return choices_of(await self._open_to(interaction, interaction.guild_id), typed)

    @app_commands.command(
        name=locale_str("leave", key="command.class.leave.name"),
        description=locale_str(
            "Leave a class: its instructors don't see you any more",
            key="command.class.leave.description",
        ),
    )
    @app_commands.rename(school_class=CLASS_NAME)
    @app_commands.describe(
        school_class=locale_str(
            "Leave it empty if you are in only one", key="command.class.leave.class.description"
        )
    )
    async def leave_one(
        self, interaction: discord.Interaction[DocentBot], school_class: str | None = None
    ) -> None:
        """Leave one of the person's own classes, wherever they are."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech, learner_id = await self.bot.speeches.to(interaction), interaction.user.id
        mine = await self.bot.classroom.classes.of_learner(learner_id)
        if not mine:
            raise LearnerError("class.in_none")
        chosen = pick_class(mine, school_class)
        card = await leave_class(self.bot, learner_id, chosen.id, speech)
        await InteractionDestination(interaction).send(view=card)

    @leave_one.autocomplete("school_class")
    async def _suggest_mine(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return choices_of(await self.bot.classroom.classes.of_learner(interaction.user.id), typed)

    @app_commands.command(
        name=locale_str("mine", key="command.class.mine.name"),
        description=locale_str(
            "Your classes, what is due when, and what instructors did",
            key="command.class.mine.description",
        ),
    )
    async def mine(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Show the person their own, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self.bot.speeches.to(interaction)
        card = await mine_of(self.bot, interaction.user.id, speech)
        await InteractionDestination(interaction).send(view=card)

    async def _open_to(
        self, interaction: discord.Interaction[Any], server_id: int
    ) -> tuple[SchoolClass, ...]:
        return await self.bot.classroom.classes.for_roles(server_id, roles_of(interaction))
