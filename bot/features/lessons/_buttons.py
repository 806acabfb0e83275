"""The buttons of lesson cards. All of them work after a restart, and for their owner only."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.classroom.open_lessons import CardPlace, OpenLesson
from bot.errors import LearnerError
from bot.features.lessons import _ids, _preparing, _results, _table
from bot.features.lessons._answers import Answered, answer_form
from bot.features.lessons._card import lesson_card
from bot.features.lessons._opening import open_for, show_for
from bot.terminal.address import Address
from bot.ui.actions import Action, Choice
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home
from bot.ui.layout import note
from bot.ui.visits import show_visit


class OpenLessonButton(Action, template=_ids.OPEN):
    """Opens a lesson; other features show this button, too."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        await open_for(bot, interaction, self.values_of_id["lesson"])


class LessonSelect(Choice, template=_ids.PICK):
    """Opens the lesson that is chosen in the list."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
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
        """See `Bounded.act`."""
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        async with _table.card_turns.of(self.owner):
            at = await self.turn_to_step(bot)
            card = lesson_card(at, bot.classroom.lessons, speech, owner=self.owner)
            await interaction.edit_original_response(view=card, attachments=card.files())
            await self._remember_place(bot, interaction, at)
        destination = InteractionDestination(interaction, ephemeral=not await at_home(interaction))
        await _preparing.prepare(bot, self.owner, at, destination, speech)

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
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        await show_for(bot, interaction, await self.turn_to_step(bot))


class HintButton(_StepAction, template=_ids.HINT):
    """Shows one more hint, privately."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _must_not_play(bot, self.owner)
        speech = await bot.speeches.to(interaction)
        lessons = bot.classroom.lessons
        hint = await lessons.hint(self.owner, self.lesson_id, self.step_id, speech.language)
        card = _results.hint_card(hint, speech)
        await interaction.followup.send(view=card, ephemeral=True)
        if lessons.get(self.lesson_id).faults is not None:
            # Its card counts the hints.
            await _table.refresh(bot, self.owner, await self.turn_to_step(bot), speech)


class CheckButton(_StepAction, template=_ids.CHECK):
    """Judges the step now, and tells privately what is missing."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        at = await self.turn_to_step(bot)
        await check_and_tell(bot, interaction, self.owner, at.lesson.id)


class AnswerButton(_StepAction, template=_ids.ANSWER):
    """Opens the form for the answer of the step's first open task that asks for one."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        at = await self.turn_to_step(bot)
        task = at.to_answer
        if task is None:
            raise LearnerError("lesson.answer.nothing")
        speech = await bot.speeches.to(interaction)
        title = bot.classroom.lessons.text(at.lesson, speech.language).tasks[task.id].title
        form = answer_form(self.owner, at.lesson.id, task.id, title, speech)
        await interaction.response.send_modal(form)


async def take_answer(
    bot: DocentBot, interaction: discord.Interaction[Any], answered: Answered
) -> None:
    """A form came back: remember the answer, and judge it.

    Raises:
        LearnerError: It is somebody else's, or asked for no more.
    """
    if interaction.user.id != answered.owner:
        raise LearnerError("error.not_yours")
    await interaction.response.defer(ephemeral=True, thinking=True)
    lessons = bot.classroom.lessons
    await lessons.answer(answered.owner, answered.lesson_id, answered.task_id, answered.text)
    await check_and_tell(bot, interaction, answered.owner, answered.lesson_id)


async def check_and_tell(
    bot: DocentBot, interaction: discord.Interaction[Any], owner: int, lesson_id: str
) -> None:
    """Judge the lesson and tell privately what is missing; celebrate when all is done.

    Raises:
        LearnerError: The lesson is not open.
    """
    _must_not_play(bot, owner)
    speech = await bot.speeches.to(interaction)
    outcome = await bot.classroom.checking.check(owner, lesson_id)
    if outcome is None:
        raise LearnerError("lesson.check.no_lesson")
    lessons = bot.classroom.lessons
    prose = lessons.text(outcome.at.lesson, speech.language)
    card = _results.check_result(outcome, prose, speech)
    await interaction.followup.send(view=card, ephemeral=True)
    await _table.refresh(bot, owner, outcome.at, speech)
    if outcome.finished_now:
        card = _results.finished(outcome.at, prose, lessons, speech, owner=owner)
        await interaction.followup.send(view=card, ephemeral=not await at_home(interaction))


class PrepareButton(_StepAction, template=_ids.PREPARE):
    """Prepares the engine for the step once more: after a reset, or when something is broken."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _must_not_play(bot, self.owner)
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        prepared = await bot.classroom.preparing.prepare(self.owner, at)
        key = "nothing" if prepared.worked else "failed"
        key = "done" if prepared.worked and prepared.made_something else key
        await interaction.followup.send(view=note(speech(f"lesson.prepare.{key}")), ephemeral=True)


class AnewButton(Action, template=_ids.ANEW):
    """Starts another attempt of the lesson, with a new card."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        at = await bot.classroom.lessons.begin_anew(self.owner, self.values_of_id["lesson"])
        await show_for(bot, interaction, at)


class SolutionButton(_StepAction, template=_ids.SOLUTION):
    """Asks whether the solution should really be shown."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _must_not_play(bot, self.owner)
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        card = _results.ask_solution(at, speech, owner=self.owner)
        await interaction.followup.send(view=card, ephemeral=True)


class RevealButton(_StepAction, template=_ids.REVEAL):
    """Shows the solution in place of the question."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        _must_not_play(bot, self.owner)
        at = await self.turn_to_step(bot)
        speech = await bot.speeches.to(interaction)
        prose = bot.classroom.lessons.text(at.lesson, speech.language)
        await interaction.edit_original_response(view=_results.solution_card(at, prose, speech))
        if at.lesson.faults is not None:
            after = await bot.classroom.lessons.reveal(self.owner, at, speech.language)
            await _table.refresh(bot, self.owner, after, speech)


class PageButton(Action, template=_ids.PAGE):
    """Looks at the page of a published port, as `/visit` does."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await show_visit(bot, interaction, Address(int(self.values_of_id["port"]), "/"))


def _must_not_play(bot: DocentBot, owner: int) -> None:
    """Raise `LearnerError` in a challenge: hints cost time there, and the engine is its own."""
    if bot.classroom.challenges.playing(owner) is not None:
        raise LearnerError("challenge.lessons_rest")


BUTTONS = (
    OpenLessonButton,
    TurnButton,
    GoButton,
    HintButton,
    CheckButton,
    AnswerButton,
    PrepareButton,
    AnewButton,
    SolutionButton,
    RevealButton,
    PageButton,
)
