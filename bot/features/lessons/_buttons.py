"""The buttons of lesson cards. All of them work after a restart, and for their owner only."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.classroom.lessons import CardPlace, OpenLesson
from bot.errors import LearnerError
from bot.features.lessons import _ids, _results, _table
from bot.features.lessons._card import lesson_card
from bot.features.lessons._opening import at_home, open_for, show_for
from bot.features.lessons._page import page_card
from bot.texts import Speech
from bot.ui.actions import Action, Choice
from bot.ui.destination import InteractionDestination


class OpenLessonButton(Action, template=_ids.OPEN):
    """Opens a lesson; other features show this button, too."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=not at_home(interaction), thinking=True)
        await open_for(bot, interaction, self.values_of_id["lesson"])


class LessonSelect(Choice, template=_ids.PICK):
    """Opens the lesson that is chosen in the list."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=not at_home(interaction), thinking=True)
        await open_for(bot, interaction, self.item.values[0])


class _StepAction(Action, template="docent:no-step"):
    """A button that belongs to one step of a lesson."""

    @property
    def lesson_id(self) -> str:
        """The lesson that the card shows."""
        return self.values_of_id["lesson"]

    @property
    def step_id(self) -> str:
        """The step that the button is about."""
        return self.values_of_id["step"]

    async def turn_to_step(self, bot: DocentBot) -> OpenLesson:
        """The lesson at the button's step, which is the open one from now on."""
        return await bot.classroom.lessons.turn_to(self.owner, self.lesson_id, self.step_id)


class TurnButton(_StepAction, template=_ids.TURN):
    """Turns the card to the step before or after."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer()
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        card = lesson_card(at, bot.classroom.lessons, speech, owner=self.owner)
        await interaction.edit_original_response(view=card)
        await self._remember_place(bot, interaction, at)

    async def _remember_place(
        self, bot: DocentBot, interaction: discord.Interaction[Any], at: OpenLesson
    ) -> None:
        """A card that was turned is the one to keep up to date, even if it is not the newest."""
        if interaction.message is None or interaction.channel_id is None:
            return
        place = CardPlace(interaction.channel_id, interaction.message.id)
        if place != at.card:
            await bot.classroom.lessons.place_card(self.owner, at.lesson.id, place)


class GoButton(_StepAction, template=_ids.GO):
    """Goes to a step with a new card here, where the learner is typing."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=not at_home(interaction), thinking=True)
        await show_for(bot, interaction, await self.turn_to_step(bot))


class HintButton(_StepAction, template=_ids.HINT):
    """Shows one more hint, privately."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        lessons = bot.classroom.lessons
        hint = await lessons.hint(self.owner, self.lesson_id, self.step_id, speech.language)
        card = _results.hint_card(hint, lessons.text(self.lesson_id, speech.language), speech)
        await interaction.followup.send(view=card, ephemeral=True)


class CheckButton(_StepAction, template=_ids.CHECK):
    """Judges the step now, and tells privately what is missing."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        outcome = await bot.classroom.checking.check(self.owner, at.lesson.id)
        if outcome is None:
            raise LearnerError("lesson.check.no_lesson")
        prose = bot.classroom.lessons.text(at.lesson.id, speech.language)
        card = _results.check_result(outcome, prose, speech)
        await interaction.followup.send(view=card, ephemeral=True)
        await _table.refresh(bot, self.owner, outcome.at, speech)
        if outcome.finished_now:
            await self._celebrate(bot, interaction, outcome.at, speech)

    async def _celebrate(
        self,
        bot: DocentBot,
        interaction: discord.Interaction[Any],
        at: OpenLesson,
        speech: Speech,
    ) -> None:
        lessons = bot.classroom.lessons
        prose = lessons.text(at.lesson.id, speech.language)
        card = _results.finished(at, prose, lessons, speech, owner=self.owner)
        await interaction.followup.send(view=card, ephemeral=not at_home(interaction))


class SolutionButton(_StepAction, template=_ids.SOLUTION):
    """Asks whether the solution should really be shown."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        card = _results.ask_solution(at, speech, owner=self.owner)
        await interaction.followup.send(view=card, ephemeral=True)


class RevealButton(_StepAction, template=_ids.REVEAL):
    """Shows the solution in place of the question."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        await interaction.response.defer()
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        prose = bot.classroom.lessons.text(at.lesson.id, speech.language)
        await interaction.edit_original_response(view=_results.solution_card(at, prose, speech))


class PageButton(Action, template=_ids.PAGE):
    """Looks at the page of a published port, as a browser beside the engine would."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Guarded.act`."""
        public = at_home(interaction)
        await interaction.response.defer(ephemeral=not public, thinking=True)
        port = int(self.values_of_id["port"])
        page = await bot.classroom.commands.look_at_page(self.owner, port)
        speech = await bot.speeches.to(interaction)
        destination = InteractionDestination(interaction, ephemeral=not public)
        await destination.send(view=page_card(page, port, speech))
        bot.dispatch("page_seen", self.owner, destination)


BUTTONS = (
    OpenLessonButton,
    TurnButton,
    GoButton,
    HintButton,
    CheckButton,
    SolutionButton,
    RevealButton,
    PageButton,
)
