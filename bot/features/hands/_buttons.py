"""The learner's buttons: ask for help, take the hand down, allow something in a help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import discord

from bot.classroom.hands import Hand, Standing
from bot.errors import LearnerError
from bot.features.hands import _ids
from bot.features.hands._cards import helped_card, none_card, standing_card
from bot.features.hands._form import hand_form
from bot.terminal.error_help import ErrorHelp, text_of
from bot.terminal.escape import visible
from bot.ui.actions import Action
from bot.ui.destination import InteractionDestination
from bot.ui.forms import in_time_for_a_form
from bot.ui.instructing import server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.hands._cog import HandsCog
    from bot.features.hands._desk import Desk
    from bot.texts import Speech
    from bot.ui.layout import Card

LONGEST_PART: Final = 110
"""Of a command and of an error, so that both have room in the field."""


@dataclass(frozen=True, slots=True)
class Met:
    """A known error, and the fingerprint of the line that met it."""

    error: str
    fingerprint: str


def desk_of(bot: DocentBot) -> Desk:
    """The desk of this bot.

    Raises:
        LearnerError: The bot is leaving.
    """
    cog = cast("HandsCog | None", bot.get_cog("Hands"))
    if cog is None:
        raise LearnerError("error.discord_trouble")
    return cog.desk


async def ask(
    bot: DocentBot, interaction: discord.Interaction[Any], over: Met | None = None
) -> None:
    """The form, or how the person's hand stands when it is up already.

    `over` is the error that the form speaks of when it opens.
    """
    server_id = server_of(interaction)
    speech = bot.speeches.at_once_to(interaction)
    owner = interaction.user.id
    async with in_time_for_a_form():
        found = await bot.classroom.hands.mine(owner, server_id)
        sentence = "" if over is None or found else await _sentence(bot, owner, over, speech)
    if found is None:
        await interaction.response.send_modal(hand_form(owner, speech, sentence))
        return
    card = card_of(found, speech, owner=owner)
    await InteractionDestination(interaction).send(view=card)


def card_of(found: Standing | Hand, speech: Speech, *, owner: int) -> Card:
    """How a hand that is up stands, or where the help is."""
    if isinstance(found, Standing):
        return standing_card(found, speech, owner=owner)
    return helped_card(found, speech)


async def _sentence(bot: DocentBot, owner: int, over: Met, speech: Speech) -> str:
    """What may be difficult, as the learner would say it: which command met which error."""
    line = await bot.classroom.explaining.find(owner, over.fingerprint)
    error = _short(_why(bot, owner, over.error, line, speech))
    if line is None:  # too long ago, or deleted
        return speech("hand.error_sentence.alone", error=error)
    return speech("hand.error_sentence", error=error, line=_short(visible(line)))


def _why(bot: DocentBot, owner: int, error: str, line: str | None, speech: Speech) -> str:
    """What went wrong: with the learner's own names while they are known, never an example's."""
    newest = bot.classroom.troubles.newest(owner)
    is_this = newest is not None and (newest.help.id, newest.line) == (error, line)
    met = newest.help if newest is not None and is_this else ErrorHelp(error)
    try:
        return text_of(met, speech).why.replace("`", "")
    except KeyError:  # of a version that knew more errors
        return error


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_PART else f"{words[: LONGEST_PART - 1]}…"


class ErrorButton(Action, template=_ids.ERROR):
    """Asks for help with an error that a command met."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """The form of `/hand`, which says already what went wrong."""
        values = self.values_of_id
        await ask(bot, interaction, Met(values["error"], values["fingerprint"]))


class OwnHandButton(Action, template=_ids.OWN):
    """One thing to do with one's own hand."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Ask opens the form; the others show the card as it is afterwards."""
        deed = self.values_of_id["deed"]
        if deed == "ask":
            await ask(bot, interaction)
            return
        server_id = server_of(interaction)
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        lowered = deed == "lower" and await desk_of(bot).lower(interaction)
        found = await bot.classroom.hands.mine(self.owner, server_id)
        if found is not None:
            card = card_of(found, speech, owner=self.owner)
        else:
            card = none_card(speech, "hand.lowered" if lowered else "hand.none", owner=self.owner)
        await interaction.edit_original_response(view=card)


class ConsentButton(Action, template=_ids.CONSENT):
    """Allows the helper something in this help, or no longer."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """The learner alone decides, for this help alone."""
        await interaction.response.defer()
        desk = desk_of(bot)
        yes = self.values_of_id["answer"] == "yes"
        hand_id = int(self.values_of_id["hand"])
        hand = await bot.classroom.hands.of(hand_id, interaction.guild_id)
        if hand.learner_id != interaction.user.id or not hand.is_helped:
            raise LearnerError("hand.over")
        if self.values_of_id["what"] == "look":
            hand = await bot.classroom.hands.allow(hand, look=yes)
        else:
            had_fork = hand.fork_until is not None
            hand = await bot.classroom.hands.allow(hand, fork=yes)
            if had_fork and not yes:
                await desk.say(hand, "hand.fork.withdrawn")
        await desk.show_panel(hand)


BUTTONS = (OwnHandButton, ErrorButton, ConsentButton)
