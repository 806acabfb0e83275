"""The buttons of the map: draw it again, on another background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.features.map._drawing import draw_map
from bot.ui.actions import Action, pattern
from bot.ui.backgrounds import BUTTON_GROUPS, background_for

if TYPE_CHECKING:
    from bot.bot import DocentBot


class MapButton(Action, template=pattern("map", *BUTTON_GROUPS)):
    """Draws the map again in place."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Show the engine as it is now."""
        await interaction.response.defer()
        say = await bot.speeches.to(interaction)
        wanted = self.values_of_id["background"]
        theme = await background_for(bot, interaction, say, wanted)
        card = await draw_map(bot, self.owner, say, theme)
        await interaction.edit_original_response(view=card, attachments=card.files())


BUTTONS = (MapButton,)
