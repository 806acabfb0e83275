"""/quiz practice, and the forms that come back."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.practice._buttons import asked_card, give_answer, server_of
from bot.features.practice._form import Typed, read_typed
from bot.ui.destination import InteractionDestination
from bot.ui.groups import GroupedCog, SubCommands, quiz_group
from bot.ui.home import at_home, enrolled
from bot.ui.offer_option import offer_choices


class PracticeCommands(SubCommands, name="practice", description="Given to /quiz"):
    """What every learner can do alone."""

    @app_commands.command(
        name=locale_str("practice", key="command.quiz.practice.name"),
        description=locale_str(
            "Practise alone: what you got wrong comes back", key="command.quiz.practice.description"
        ),
    )
    @app_commands.rename(deck=locale_str("from", key="command.quiz.practice.deck.name"))
    @app_commands.describe(
        deck=locale_str(
            "A lesson or a bank of this server; left empty, the lessons you have begun",
            key="command.quiz.practice.deck.description",
        )
    )
    async def practice(
        self, interaction: discord.Interaction[DocentBot], deck: str | None = None
    ) -> None:
        """Ask the first question, where only this person sees it."""
        home = await at_home(interaction)
        await interaction.response.defer(ephemeral=not home, thinking=True)
        await enrolled(self.bot, interaction)
        owner, server_id = interaction.user.id, server_of(interaction)
        asked = await self.bot.classroom.practice.start(owner, server_id, deck)
        speech = await self.bot.speeches.to(interaction)
        card = asked_card(asked, speech, owner=owner)
        await InteractionDestination(interaction, ephemeral=not home).send(view=card)

    @practice.autocomplete("deck")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        language = self.bot.speeches.at_once_to(interaction).language
        offers = await self.bot.classroom.practice.offers(server_of(interaction))
        return offer_choices(offers, language, typed)


class PracticeCog(GroupedCog, name="Practice"):
    """Puts the command below /quiz, and takes forms."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(bot, quiz_group, PracticeCommands(bot))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """A form with a command comes back."""
        typed = read_typed(interaction)
        if typed is None:
            return
        try:
            await self._take(interaction, typed)
        except Exception as error:  # noqa: BLE001 - the boundary of this form
            await self._bot.boundary.interaction_failed(interaction, error)

    async def _take(self, interaction: discord.Interaction[DocentBot], typed: Typed) -> None:
        if interaction.user.id != typed.owner:
            raise LearnerError("error.not_yours")
        await interaction.response.defer()
        await give_answer(self._bot, interaction, typed.number, (typed.line,))
