"""The buttons of a drill."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.features.drill import _card
from bot.ui.actions import Action
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home, enrolled
from bot.ui.layout import note


class DrillButton(Action, template=_card.HELP):
    """Gives a hint, or ends the drill and says how it is repaired."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        drill_id = self.values_of_id["drill"]
        if self.values_of_id["deed"] == "hint":
            drill = await bot.classroom.drills.under_way(self.owner, drill_id)
            speech = await bot.speeches.to(interaction)
            view = note(_card.hint_words(drill, speech))
            await InteractionDestination(interaction).send(view=view)
            return
        await interaction.response.defer()
        ended = await bot.classroom.drills.give_up(self.owner, drill_id)
        speech = await bot.speeches.to(interaction)
        await interaction.edit_original_response(view=_card.ended_card(ended, speech))


class StartButton(Action, template=_card.START):
    """Begins a drill, from the end of a practice."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await begin(bot, interaction)


BUTTONS = (DrillButton, StartButton)


async def begin(bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
    """Make an error in the person's own engine; only they see it, or it is in their lab.

    Raises:
        LearnerError: There is no engine here, or it could not be made.
    """
    home = await at_home(interaction)
    await interaction.response.defer(ephemeral=not home, thinking=True)
    await enrolled(bot, interaction)
    owner = interaction.user.id
    begun = await bot.classroom.drills.start(owner)
    speech = await bot.speeches.to(interaction)
    card = _card.begun_card(begun, speech, owner=owner)
    await InteractionDestination(interaction, ephemeral=not home).send(view=card)
