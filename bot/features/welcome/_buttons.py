"""The buttons of the welcome card and of the questions that the door asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.welcome import _cards
from bot.features.welcome._door import Door
from bot.texts import Language
from bot.ui.actions import Action, pattern
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.features.welcome._cog import Welcome


class WhatToType(Action, template=pattern("type")):
    """Says what can be typed."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        card = _cards.help_card(bot.speeches.at_once_to(interaction))
        await interaction.response.send_message(view=card, ephemeral=True)


class AskLanguage(Action, template=pattern("language")):
    """Asks for the language."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        speech = bot.speeches.at_once_to(interaction)
        card = _cards.ask_language(bot.texts, speech, owner=self.owner)
        await interaction.response.send_message(view=card, ephemeral=True)


class ChooseLanguage(Action, template=pattern("speak", r"(?P<language>ko|en)")):
    """Speaks the chosen language from now on."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        language = cast("Language", self.values_of_id["language"])
        await interaction.response.defer()
        await bot.classroom.enrol.choose_language(
            self.owner, language, name=interaction.user.display_name
        )
        speech = bot.speeches.in_language(language)
        await interaction.edit_original_response(view=note(speech("language.chosen")))
        bot.dispatch("language_chosen", self.owner)


class StartInDirectMessage(Action, template=pattern("dm")):
    """Makes the direct message the lab, where no private thread can be made."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _door(bot).move_to_dm(interaction)


class LabHere(Action, template=pattern("here")):
    """Makes a lab where the learner is, although they have one elsewhere."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        private = interaction.guild is not None
        await interaction.response.defer(ephemeral=private, thinking=True)
        await _door(bot).move_here(interaction)


class ResetLab(Action, template=pattern("reset", r"(?P<answer>yes|no)")):
    """Replaces the disk, or leaves everything as it is."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Action.act`."""
        speech = bot.speeches.at_once_to(interaction)
        if self.values_of_id["answer"] == "no":
            await interaction.response.edit_message(view=note(speech("lab.reset.kept")))
            return
        # The question goes first: a second press would reset the new disk again.
        await interaction.response.edit_message(view=note(speech("lab.reset.working")))
        try:
            runs = await bot.classroom.commands.reset(self.owner)
        except BaseException:
            await interaction.edit_original_response(
                view=_cards.ask_reset(speech, owner=self.owner)
            )
            raise
        said = speech("lab.reset.done" if runs else "lab.reset.later")
        await interaction.edit_original_response(view=note(said))


def _door(bot: DocentBot) -> Door:
    welcome: Welcome | None = bot.get_cog("Welcome")  # type: ignore[assignment] # by its name
    if welcome is None:
        raise LearnerError("error.discord_trouble")  # we are leaving; the next bot answers
    return welcome.door


BUTTONS = (WhatToType, AskLanguage, ChooseLanguage, StartInDirectMessage, LabHere, ResetLab)
