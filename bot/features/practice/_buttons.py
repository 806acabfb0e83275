"""The buttons of practice. Each edits its own message; what it is about is in the database."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.classroom.practice import NOWHERE, Nothing, Turn
from bot.errors import LearnerError
from bot.features.practice import _cards, _ids
from bot.features.practice._form import command_form
from bot.quiz.questions import Answer
from bot.texts import Speech
from bot.ui.actions import Action, Choice
from bot.ui.forms import in_time_for_a_form
from bot.ui.layout import Card


class ChooseButton(Action, template=_ids.CHOOSE):
    """Answers with one option."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        places = [int(self.values_of_id["option"])]
        await _choose(bot, interaction, int(self.values_of_id["number"]), places)


class SeveralSelect(Choice, template=_ids.SEVERAL):
    """Answers with several options."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        places = [int(value) for value in self.item.values if value.isdigit()]
        await _choose(bot, interaction, int(self.values_of_id["number"]), places)


class TypeButton(Action, template=_ids.TYPE):
    """Opens the form for a command."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        number = int(self.values_of_id["number"])
        async with in_time_for_a_form():
            turn = await bot.classroom.practice.now(self.owner, server_of(interaction), number)
        speech = bot.speeches.at_once_to(interaction)
        title = turn.question.text(speech.language).title
        await interaction.response.send_modal(command_form(self.owner, number, title, speech))


class GoOnButton(Action, template=_ids.GO_ON):
    """Asks the next question."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        number = int(self.values_of_id["number"])
        asked = await bot.classroom.practice.go_on(self.owner, server_of(interaction), number)
        speech = await bot.speeches.to(interaction)
        await interaction.edit_original_response(view=asked_card(asked, speech, owner=self.owner))


class StopButton(Action, template=_ids.STOP):
    """Ends it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        number = int(self.values_of_id["number"])
        run = await bot.classroom.practice.stop(self.owner, server_of(interaction), number)
        speech = await bot.speeches.to(interaction)
        card = _cards.stopped_card(run.right, run.right + run.wrong, speech, owner=self.owner)
        await interaction.edit_original_response(view=card)


BUTTONS = (ChooseButton, SeveralSelect, TypeButton, GoOnButton, StopButton)


def server_of(interaction: discord.Interaction[Any]) -> int:
    """The server where this happens; nowhere for direct messages."""
    return interaction.guild_id or NOWHERE


def asked_card(asked: Turn | Nothing, speech: Speech, *, owner: int) -> Card:
    """The card of a question, or of none."""
    if isinstance(asked, Nothing):
        return _cards.nothing_card(asked, speech, owner=owner)
    return _cards.question_card(asked, speech, owner=owner)


async def give_answer(
    bot: DocentBot, interaction: discord.Interaction[Any], number: int, answer: Answer
) -> None:
    """Judge what the person answered, and show it in place of the question; was deferred."""
    owner = interaction.user.id
    judged = await bot.classroom.practice.answer(owner, server_of(interaction), number, answer)
    speech = await bot.speeches.to(interaction)
    card = _cards.judged_card(judged, speech, owner=owner)
    await interaction.edit_original_response(view=card)


async def _choose(
    bot: DocentBot, interaction: discord.Interaction[Any], number: int, places: list[int]
) -> None:
    await interaction.response.defer()
    turn = await bot.classroom.practice.now(interaction.user.id, server_of(interaction), number)
    if not places or any(place >= len(turn.options) for place in places):
        raise LearnerError("practice.over")
    answer = tuple(sorted({turn.options[place] for place in places}))
    await give_answer(bot, interaction, number, answer)
