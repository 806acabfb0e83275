"""The buttons of the card: hand everything out, ask, delete everything."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.features.privacy._card import ask_delete, privacy_card
from bot.ui.actions import Action, pattern
from bot.ui.destination import InteractionDestination
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot

FILE_NAME: Final = "docent-my-data.json"


class PersonalButton(Action, template=pattern("personal", r"(?P<deed>export|ask|look|delete)")):
    """One thing to do with all that is kept of a learner."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Do it; what it answers is for this person's eyes only."""
        match self.values_of_id["deed"]:
            case "export":
                await self._export(bot, interaction)
            case "delete":
                await self._delete(bot, interaction)
            case "ask":
                speech = bot.speeches.at_once_to(interaction)
                await interaction.response.edit_message(view=ask_delete(speech, owner=self.owner))
            case _:
                await self._look(bot, interaction)

    async def _export(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        content = await bot.classroom.privacy.export(self.owner)
        speech = bot.speeches.at_once_to(interaction)
        await InteractionDestination(interaction).send(
            content=speech("privacy.exported"), files=[discord.File(BytesIO(content), FILE_NAME)]
        )

    async def _look(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        kept = await bot.classroom.privacy.kept(self.owner)
        speech = bot.speeches.at_once_to(interaction)
        await interaction.edit_original_response(view=privacy_card(kept, speech, owner=self.owner))

    async def _delete(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        speech = bot.speeches.at_once_to(interaction)
        # The question goes first: a second press would find nothing, and say so.
        await interaction.response.edit_message(view=note(speech("privacy.delete.working")))
        try:
            hands = await bot.classroom.privacy.delete(self.owner)
        except BaseException:
            await interaction.edit_original_response(view=ask_delete(speech, owner=self.owner))
            raise
        bot.dispatch("learner_forgotten", self.owner)
        bot.dispatch("hands_forgotten", hands)
        await interaction.edit_original_response(view=note(speech("privacy.delete.done")))


BUTTONS = (PersonalButton,)
