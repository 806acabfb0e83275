"""The buttons of answer cards: each shows another passage, and works after a restart."""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.features.ask import _ids
from bot.features.ask._card import answer_card
from bot.ui.actions import Action
from bot.ui.destination import InteractionDestination


class PassageButton(Action, template=_ids.PASSAGE):
    """Shows a passage by itself, for the owner's eyes only."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        passage_id = f"{self.values_of_id['sort']}:{self.values_of_id['name']}"
        answer = await bot.classroom.asking.passage(passage_id, speech.language)
        card = answer_card(answer, speech, owner=self.owner)
        await InteractionDestination(interaction).send(view=card)


BUTTONS = (PassageButton,)
