"""/start, /language, /help and /lab."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.welcome import _cards
from bot.features.welcome._door import Door
from bot.on_error import as_learner_error
from bot.texts import language_of_locale

log = structlog.get_logger(__name__)


class Welcome(commands.Cog):
    """Lets learners in."""

    lab = app_commands.Group(
        name=locale_str("lab", key="command.lab.name"),
        description=locale_str("Look after your lab", key="command.lab.description"),
    )

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.door = Door(bot)

    @app_commands.command(
        name=locale_str("start", key="command.start.name"),
        description=locale_str(
            "Get a lab of your own and start to learn Docker", key="command.start.description"
        ),
    )
    async def start(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Enrol the learner and lead them to their lab, which is made when there is none."""
        # In a direct message the answer is the welcome itself, and has to stay there.
        private = interaction.guild is not None
        await interaction.response.defer(ephemeral=private, thinking=True)
        await self.door.let_in(interaction)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Discord says with each interaction which language the person's Discord speaks.

        Messages don't, so this decides for somebody who began with a message as well.
        """
        language = language_of_locale(str(interaction.locale))
        learner_id = interaction.user.id
        try:
            changed = await self._bot.classroom.enrol.follow(learner_id, language)
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            log.info("language_not_noted", error=type(error).__name__)  # the next one will do
            return
        if changed:
            self._bot.dispatch("language_chosen", learner_id)

    @app_commands.command(
        name=locale_str("language", key="command.language.name"),
        description=locale_str(
            "Change the language that Docent speaks", key="command.language.description"
        ),
    )
    async def language(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Ask for the language."""
        speech = self._bot.speeches.at_once_to(interaction)
        card = _cards.ask_language(self._bot.texts, speech, owner=interaction.user.id)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command(
        name=locale_str("help", key="command.help.name"),
        description=locale_str("What you can type", key="command.help.description"),
    )
    async def help(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Say what can be typed."""
        card = _cards.help_card(self._bot.speeches.at_once_to(interaction))
        await interaction.response.send_message(view=card, ephemeral=True)

    @lab.command(
        name=locale_str("reset", key="command.lab.reset.name"),
        description=locale_str(
            "Get a new disk; asks before anything is lost", key="command.lab.reset.description"
        ),
    )
    async def reset(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Ask before the disk is replaced."""
        speech = self._bot.speeches.at_once_to(interaction)
        card = _cards.ask_reset(speech, owner=interaction.user.id)
        await interaction.response.send_message(view=card, ephemeral=True)
