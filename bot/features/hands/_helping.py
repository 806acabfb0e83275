"""The helper's buttons: take a hand, look, fork, suggest, close; each press is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.classroom.hands import Hand
from bot.errors import LearnerError
from bot.features.hands import _forking, _ids, _looking, _suggesting
from bot.features.hands._buttons import desk_of
from bot.features.hands._cards import thread_url
from bot.ui.actions import OpenAction, OpenChoice
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import is_instructor, require_instructor, server_of
from bot.ui.layout import link, note, row

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.help_looks import LookKind
    from bot.texts import Speech

NAMED = frozenset({"logs", "inspect", "file"})
"""Looks at something that has to be chosen first."""


class HelpButton(OpenAction, template=_ids.HELP):
    """One thing that a helper does."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Judge who presses, then do it."""
        deed, hand_id = self.values_of_id["deed"], int(self.values_of_id["hand"])
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        if deed == "take":
            await take(bot, interaction, hand_id, speech)
            return
        if deed == "close":
            hand = await _of_those_in_it(bot, interaction, hand_id)
            await desk_of(bot).close(hand, "helped")
            await InteractionDestination(interaction).send(view=note(speech("hand.closed")))
            return
        hand = await helper_hand(bot, interaction, hand_id)
        await self._do(bot, interaction, deed, hand, speech)

    async def _do(
        self,
        bot: DocentBot,
        interaction: discord.Interaction[Any],
        deed: str,
        hand: Hand,
        speech: Speech,
    ) -> None:
        match deed:
            case "fork":
                await _forking.make(bot, desk_of(bot), hand, interaction.user.id)
                said = note(speech("hand.fork.ready"))
            case "unfork":
                await _forking.throw_away(bot, desk_of(bot), hand)
                said = note(speech("hand.fork.thrown_away"))
            case "suggest":
                said = await _suggesting.choose(bot, hand, speech)
            case _ if deed in NAMED:
                said = await _looking.choose(bot, hand, cast("LookKind", deed), speech)
            case _:
                await _looking.show(bot, hand, cast("LookKind", deed), "", interaction.user.id)
                said = note(speech("hand.look.shown"))
        await InteractionDestination(interaction).send(view=said)


class HelpChoice(OpenChoice, template=_ids.CHOICE):
    """What to look at, or which commands to suggest."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Judge who chose, then show it in the thread."""
        await interaction.response.defer()
        deed, hand_id = self.values_of_id["deed"], int(self.values_of_id["hand"])
        speech = await bot.speeches.to(interaction)
        hand = await helper_hand(bot, interaction, hand_id)
        values = self.item.values
        if deed == "suggest":
            await _suggesting.post(bot, hand, values, interaction.user.id)
            said = "hand.suggest.posted"
        else:
            kind = cast("LookKind", deed)
            await _looking.show(bot, hand, kind, values[0], interaction.user.id)
            said = "hand.look.shown"
        await interaction.edit_original_response(view=note(speech(said)))


class QueueChoice(OpenChoice, template=_ids.QUEUE):
    """Which hand of the queue to take."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Take it, unless somebody was faster."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        chosen = self.item.values[0]
        if not chosen.isascii() or not chosen.isdecimal() or len(chosen) > len("9" * 18):
            raise LearnerError("hand.over")
        await take(bot, interaction, int(chosen), speech)


async def take(
    bot: DocentBot, interaction: discord.Interaction[Any], hand_id: int, speech: Speech
) -> None:
    """Take a hand and lead the helper to the thread; the interaction was deferred."""
    hand = await desk_of(bot).take(interaction, hand_id)
    where = thread_url(hand)
    rows = [] if where is None else [row(link(speech("hand.button.thread"), where))]
    await InteractionDestination(interaction).send(view=note(speech("hand.you_took"), *rows))


async def helper_hand(bot: DocentBot, interaction: discord.Interaction[Any], hand_id: int) -> Hand:
    """The help with this hand, for whoever helps there.

    Raises:
        LearnerError: The person does not help there, is no instructor any more, or it is over.
    """
    await require_instructor(bot, interaction)
    hand = await bot.classroom.hands.of(hand_id, server_of(interaction))
    if not hand.is_helped or hand.helper_id != interaction.user.id:
        raise LearnerError("hand.not_yours")
    return hand


async def _of_those_in_it(
    bot: DocentBot, interaction: discord.Interaction[Any], hand_id: int
) -> Hand:
    """The help, for its learner, its helper, or another instructor when the helper is away."""
    server_id = server_of(interaction)
    hand = await bot.classroom.hands.of(hand_id, server_id)
    mine = interaction.user.id in (hand.learner_id, hand.helper_id)
    if not hand.is_helped or not (mine or await is_instructor(bot, interaction, server_id)):
        raise LearnerError("hand.not_yours")
    return hand


HELPER_BUTTONS = (HelpButton, HelpChoice, QueueChoice)
