"""What instructors type: /class seats."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.errors import LearnerError
from bot.features.classes._cards import seats_card
from bot.features.classes._instructors import InstructorCommands
from bot.features.classes._when import suggest_moments
from bot.schedule.due import read_due
from bot.texts import Language
from bot.ui.class_option import CLASS_NAME, WHICH_CLASS, suggest_classes
from bot.ui.destination import InteractionDestination

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass

NOW: Final[dict[Language, str]] = {"ko": "지금", "en": "now"}
USUAL_MINUTES: Final = 90


class SeatingCommands(InstructorCommands):
    """Places that are kept for a class."""

    @app_commands.command(
        name=locale_str("seats", key="command.class.seats.name"),
        description=locale_str(
            "Keep places for a class's next lesson, with engines that run; for instructors",
            key="command.class.seats.description",
        ),
    )
    @app_commands.rename(
        begins=locale_str("begins", key="command.class.seats.begins.name"),
        minutes=locale_str("minutes", key="command.class.seats.minutes.name"),
        seats=locale_str("seats", key="command.class.seats.seats.name"),
        warm=locale_str("warm", key="command.class.seats.warm.name"),
        school_class=CLASS_NAME,
    )
    @app_commands.describe(
        begins=locale_str(
            "now, tomorrow 7pm, 12/5 10:00; empty: see how it is",
            key="command.class.seats.begins.description",
        ),
        minutes=locale_str(
            "How long the lesson takes; 90 if empty", key="command.class.seats.minutes.description"
        ),
        seats=locale_str(
            "How many places; one for each member if empty",
            key="command.class.seats.seats.description",
        ),
        warm=locale_str(
            "How many engines run before it begins; all if empty",
            key="command.class.seats.warm.description",
        ),
        school_class=WHICH_CLASS,
    )
    @app_commands.autocomplete(school_class=suggest_classes)
    async def seats(
        self,
        interaction: discord.Interaction[DocentBot],
        begins: str | None = None,
        minutes: app_commands.Range[int, 10, 720] = USUAL_MINUTES,
        seats: app_commands.Range[int, 1, 500] | None = None,
        warm: app_commands.Range[int, 0, 500] | None = None,
        school_class: str | None = None,
    ) -> None:
        """Keep them, or show what is kept."""
        chosen, speech = await self.begin(interaction, school_class)
        book, owner = self.bot.classroom.seats, interaction.user.id
        if begins is None or not begins.strip():
            seating = await book.of(chosen.server_id, chosen.id)
        else:
            seating = await book.plan(
                chosen.server_id,
                chosen.id,
                begins_at=await self._moment(begins, chosen, owner, speech.language),
                lasts=timedelta(minutes=minutes),
                seats=seats,
                warm=warm,
            )
        if seating is None:
            raise LearnerError("class.seats.none")
        card = seats_card(seating, speech, owner=owner)
        await InteractionDestination(interaction).send(view=card)

    @seats.autocomplete("begins")
    async def _suggest_begin(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        language = self.bot.speeches.at_once_to(interaction).language
        now = app_commands.Choice(name=NOW[language], value=NOW[language])
        moments = await suggest_moments(interaction, typed)
        return [now, *moments] if NOW[language].startswith(typed.strip().casefold()) else moments

    async def _moment(
        self, typed: str, school_class: SchoolClass, owner: int, language: Language
    ) -> datetime:
        now = self.bot.classroom.assignments.now()
        if typed.strip().casefold() in NOW.values():
            return now
        zone = await self.bot.classroom.assignments.zone_for(
            school_class.server_id, owner, language
        )
        return read_due(typed, now, zone)
