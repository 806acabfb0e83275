"""What instructors type: /class assign and withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.features.classes._cards import name_of
from bot.features.classes._instructors import InstructorCommands
from bot.features.classes._lists import assigned_card, lesson_title
from bot.features.classes._when import suggest_moments
from bot.schedule.due import read_due
from bot.ui.class_option import CLASS_NAME, WHICH_CLASS, class_so_far, suggest_classes
from bot.ui.destination import InteractionDestination
from bot.ui.layout import note
from bot.ui.lesson_option import suggest_lessons

if TYPE_CHECKING:
    from bot.bot import DocentBot

ANOTHER = locale_str("One more lesson", key="command.class.assign.more.description")


class AssigningCommands(InstructorCommands):
    """Lessons that a class has to do."""

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
    @app_commands.autocomplete(
        due=suggest_moments,
        school_class=suggest_classes,
        lesson=suggest_lessons,
        second=suggest_lessons,
        third=suggest_lessons,
        fourth=suggest_lessons,
        fifth=suggest_lessons,
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
        chosen, speech = await self.begin(interaction, school_class)
        classroom = self.bot.classroom
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
    @app_commands.autocomplete(school_class=suggest_classes)
    async def unassign(
        self,
        interaction: discord.Interaction[DocentBot],
        lesson: str,
        school_class: str | None = None,
    ) -> None:
        """Nobody is reminded of it any more."""
        chosen, speech = await self.begin(interaction, school_class)
        classroom = self.bot.classroom
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
        chosen = await class_so_far(interaction)
        if chosen is None:
            return []
        language = self.bot.speeches.at_once_to(interaction).language
        desk = self.bot.classroom.lessons
        assigned = await self.bot.classroom.assignments.of_class(chosen.id)
        titles = {each.lesson_id: desk.titled(each.lesson_id, language) for each in assigned}
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(name=title[:100], value=lesson_id)
            for lesson_id, title in titles.items()
            if wanted in title.casefold()
        ][:25]
