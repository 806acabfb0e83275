"""What instructors type: /class assign and withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.classroom.classes import SchoolClass
from bot.errors import LearnerError
from bot.features.classes._cards import name_of
from bot.features.classes._learning import CLASS_NAME
from bot.features.classes._lists import assigned_card, lesson_title
from bot.features.classes._running import WHICH_CLASS
from bot.features.classes._when import suggest_moments
from bot.schedule.due import read_due
from bot.ui.class_option import chosen_class, suggest_classes
from bot.ui.destination import InteractionDestination
from bot.ui.groups import SubCommands
from bot.ui.instructing import is_instructor, require_instructor
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot

ANOTHER = locale_str("One more lesson", key="command.class.assign.more.description")


class AssigningCommands(SubCommands):
    """For instructors; each command judges who typed it."""

    @app_commands.command(
        name=locale_str("assign", key="command.class.assign.name"),
        description=locale_str(
            "Have a class do lessons until a time; for instructors",
            key="command.class.assign.description",
        ),
    )
    @app_commands.rename(
        lesson=locale_str("lesson", key="command.class.assign.lesson.name"),
        due=locale_str("due", key="command.class.assign.due.name"),
        school_class=CLASS_NAME,
        second=locale_str("lesson_2", key="command.class.assign.second.name"),
        third=locale_str("lesson_3", key="command.class.assign.third.name"),
        fourth=locale_str("lesson_4", key="command.class.assign.fourth.name"),
        fifth=locale_str("lesson_5", key="command.class.assign.fifth.name"),
    )
    @app_commands.describe(
        lesson=locale_str(
            "Number or name of a lesson", key="command.class.assign.lesson.description"
        ),
        due=locale_str(
            "Friday 6pm, in 3 days, 12/5; empty: whenever they like",
            key="command.class.assign.due.description",
        ),
        school_class=WHICH_CLASS,
        second=ANOTHER,
        third=ANOTHER,
        fourth=ANOTHER,
        fifth=ANOTHER,
    )
    async def assign(
        self,
        interaction: discord.Interaction[DocentBot],
        lesson: str,
        due: str | None = None,
        school_class: str | None = None,
        second: str | None = None,
        third: str | None = None,
        fourth: str | None = None,
        fifth: str | None = None,
    ) -> None:
        """All of the lessons are due at the same time; who is in the class can see who said so."""
        await require_instructor(self.bot, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech, classroom = await self.bot.speeches.to(interaction), self.bot.classroom
        chosen = await chosen_class(self.bot, interaction, school_class)
        named = [each for each in (lesson, second, third, fourth, fifth) if each is not None]
        lessons = [classroom.lessons.find(each, speech.language).id for each in named]
        owner = interaction.user.id
        zone = await classroom.assignments.zone_for(chosen.server_id, owner, speech.language)
        has_due = due is not None and due.strip()
        due_at = read_due(due or "", classroom.assignments.now(), zone) if has_due else None
        await classroom.assignments.assign(
            chosen.server_id, chosen.id, lessons, due_at, instructor_id=owner
        )
        assigned = await classroom.assignments.of_class(chosen.id)
        card = assigned_card(
            chosen, assigned, classroom.lessons, speech, owner=owner, zone=str(zone)
        )
        await InteractionDestination(interaction).send(view=card)

    @assign.autocomplete("due")
    async def _suggest_due(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggest_moments(self.bot, interaction, typed)

    @assign.autocomplete("lesson")
    @assign.autocomplete("second")
    @assign.autocomplete("third")
    @assign.autocomplete("fourth")
    @assign.autocomplete("fifth")
    async def _suggest_lesson(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        speech, desk = self.bot.speeches.at_once_to(interaction), self.bot.classroom.lessons
        return [
            app_commands.Choice(
                name=lesson_title(each.id, desk, speech).strip("*")[:100], value=each.id
            )
            for each in desk.suggest(typed, speech.language)
        ]

    @app_commands.command(
        name=locale_str("withdraw", key="command.class.withdraw.name"),
        description=locale_str(
            "Take a lesson back that a class had to do; for instructors",
            key="command.class.withdraw.description",
        ),
    )
    @app_commands.rename(
        lesson=locale_str("lesson", key="command.class.assign.lesson.name"),
        school_class=CLASS_NAME,
    )
    @app_commands.describe(
        lesson=locale_str(
            "Number or name of a lesson", key="command.class.assign.lesson.description"
        ),
        school_class=WHICH_CLASS,
    )
    async def unassign(
        self,
        interaction: discord.Interaction[DocentBot],
        lesson: str,
        school_class: str | None = None,
    ) -> None:
        """Nobody is reminded of it any more."""
        await require_instructor(self.bot, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech, classroom = await self.bot.speeches.to(interaction), self.bot.classroom
        chosen = await chosen_class(self.bot, interaction, school_class)
        found = classroom.lessons.find(lesson, speech.language)
        await classroom.assignments.unassign(
            chosen.server_id, chosen.id, found.id, instructor_id=interaction.user.id
        )
        title = lesson_title(found.id, classroom.lessons, speech)
        said = speech("class.unassigned", lesson=title, name=name_of(chosen))
        await InteractionDestination(interaction).send(view=note(said))

    @unassign.autocomplete("lesson")
    async def _suggest_assigned(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        chosen = await self._class_so_far(interaction)
        if chosen is None:
            return []
        speech, desk = self.bot.speeches.at_once_to(interaction), self.bot.classroom.lessons
        assigned = await self.bot.classroom.assignments.of_class(chosen.id)
        titles = {
            each.lesson_id: lesson_title(each.lesson_id, desk, speech).strip("*")
            for each in assigned
        }
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(name=title[:100], value=lesson_id)
            for lesson_id, title in titles.items()
            if wanted in title.casefold()
        ][:25]

    @assign.autocomplete("school_class")
    @unassign.autocomplete("school_class")
    async def _suggest_classes(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggest_classes(self.bot, interaction, typed)

    async def _class_so_far(self, interaction: discord.Interaction[Any]) -> SchoolClass | None:
        """The class that the command names already, for an instructor."""
        server_id = interaction.guild_id
        if server_id is None or not await is_instructor(self.bot, interaction, server_id):
            return None
        try:
            named = getattr(interaction.namespace, "class", None)
            return await chosen_class(self.bot, interaction, named)
        except LearnerError:
            return None
