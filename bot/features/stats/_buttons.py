"""The buttons of the plot: keep watching, on another background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.errors import LearnerError
from bot.ui.actions import Action, pattern
from bot.ui.backgrounds import BUTTON_GROUPS, background_for

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.stats._cog import StatsCog
    from bot.ui.layout import Card


class StatsButton(Action, template=pattern("stats", *BUTTON_GROUPS)):
    """Watches on in place."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Begin to watch anew; what was measured before stays in the plot."""
        await interaction.response.defer()
        say = await bot.speeches.to(interaction)
        watches = cast("StatsCog", bot.get_cog("Stats")).watches
        if not await bot.classroom.load.is_on(self.owner):
            raise LearnerError("stats.off")
        wanted = self.values_of_id["background"]
        theme = await background_for(bot, interaction, say, wanted)

        async def show(card: Card) -> None:
            await interaction.edit_original_response(view=card, attachments=card.files())

        await watches.begin(self.owner, say, theme, show)


BUTTONS = (StatsButton,)
