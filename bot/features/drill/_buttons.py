"""The buttons of a drill."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.features.drill import _card
from bot.ui.actions import Action
from bot.ui.destination import InteractionDestination
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


BUTTONS = (DrillButton,)
