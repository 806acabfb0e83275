"""The button under a result: its command explained, seen by who presses it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.classroom.explaining import FINGERPRINT
from bot.explain import explain
from bot.features.explain._card import explanation_card
from bot.ui.actions import Action, pattern
from bot.ui.destination import InteractionDestination

if TYPE_CHECKING:
    from bot.bot import DocentBot


class ExplainButton(
    Action, template=pattern("explain", rf"(?P<fingerprint>[0-9a-f]{{{FINGERPRINT}}})")
):
    """Explains the command whose fingerprint it carries."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Answer privately; the message with the result stays as it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        line = await bot.classroom.explaining.line_of(self.owner, self.values_of_id["fingerprint"])
        speech = await bot.speeches.to(interaction)
        await InteractionDestination(interaction).send(view=explanation_card(explain(line), speech))
