"""The buttons of an invitation, for everybody in the channel: join the class, leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from bot.features.classes._joining import join_class, leave_class
from bot.ui.actions import OpenAction, open_pattern
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot

CLASS: Final = r"(?P<class_id>[0-9]{1,18})"


class JoinButton(OpenAction, template=open_pattern("class-join", CLASS)):
    """Puts whoever presses it into the class."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """The class has to be one of the server where it is pressed."""
        server_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        class_id = int(self.values_of_id["class_id"])
        card = await join_class(bot, interaction, server_id, class_id, speech)
        await InteractionDestination(interaction).send(view=card)


class LeaveButton(OpenAction, template=open_pattern("class-leave", CLASS)):
    """Takes whoever presses it out of the class."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Only themselves."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await bot.speeches.to(interaction)
        class_id = int(self.values_of_id["class_id"])
        card = await leave_class(bot, interaction.user.id, class_id, speech)
        await InteractionDestination(interaction).send(view=card)


DOORS = (JoinButton, LeaveButton)
