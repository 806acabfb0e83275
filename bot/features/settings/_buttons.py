"""The buttons of the card: each sets one thing and shows the card as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.features.settings._card import settings_card
from bot.schedule.zones import checked_zone
from bot.texts import Language
from bot.ui.actions import Action, Choice, pattern

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.settings import Background, Explanations


class SetButton(
    Action,
    template=pattern(
        "set",
        r"(?P<what>language|explanations|changes|compact|pictures)",
        r"(?P<value>ko|en|on|errors|off|dark|light)",
    ),
):
    """Sets one setting to one value."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Set it, and show how everything is then."""
        await interaction.response.defer()
        what, value = self.values_of_id["what"], self.values_of_id["value"]
        if what == "language":
            await self._speak(bot, interaction, value)
        else:
            await self._set(bot, interaction, what, value)
        speech = bot.speeches.at_once_to(interaction)
        settings = await bot.classroom.settings.of(self.owner)
        await interaction.edit_original_response(
            view=settings_card(settings, speech, owner=self.owner)
        )

    async def _speak(
        self, bot: DocentBot, interaction: discord.Interaction[Any], value: str
    ) -> None:
        name = interaction.user.display_name
        await bot.classroom.enrol.choose_language(self.owner, cast("Language", value), name=name)
        bot.dispatch("language_chosen", self.owner)

    async def _set(
        self, bot: DocentBot, interaction: discord.Interaction[Any], what: str, value: str
    ) -> None:
        language = bot.speeches.at_once_to(interaction).language
        chosen = cast("Explanations", value) if what == "explanations" else None
        await bot.classroom.settings.change(
            self.owner,
            language=language,
            name=interaction.user.display_name,
            explanations=chosen,
            changes=value == "on" if what == "changes" else None,
            compact=value == "on" if what == "compact" else None,
            pictures=cast("Background", value) if what == "pictures" else None,
        )


class ZoneChoice(Choice, template=pattern("set-zone")):
    """Sets the time zone."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Set it, and show how everything is then."""
        await interaction.response.defer()
        speech = bot.speeches.at_once_to(interaction)
        chosen = await bot.classroom.settings.change(
            self.owner,
            language=speech.language,
            name=interaction.user.display_name,
            zone=checked_zone(self.item.values[0]),
        )
        await interaction.edit_original_response(
            view=settings_card(chosen, speech, owner=self.owner)
        )


BUTTONS = (SetButton, ZoneChoice)
