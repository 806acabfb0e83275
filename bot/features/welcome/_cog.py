"""/start, /language, /help and /lab."""

from __future__ import annotations

import contextlib

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.welcome import _cards
from bot.features.welcome._lab import Lab, NoLabHereError, find_lab, make_lab, put_away
from bot.on_error import as_learner_error
from bot.texts import Speech, language_of_locale
from bot.ui.destination import ChannelDestination, InteractionDestination
from bot.ui.layout import Card
from bot.ui.turns import Turns

log = structlog.get_logger(__name__)


class Welcome(commands.Cog):
    """Lets learners in."""

    lab = app_commands.Group(
        name=locale_str("lab", key="command.lab.name"),
        description=locale_str("Look after your lab", key="command.lab.description"),
    )

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._turns = Turns()

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
        # A second /start while the first one is at work must not make a second lab.
        async with self._turns.of(interaction.user.id):
            await self._let_in(interaction)

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

    async def _let_in(self, interaction: discord.Interaction[DocentBot]) -> None:
        enrol = self._bot.classroom.enrol
        user = interaction.user
        enrolled = await enrol.enrol(
            user.id,
            language=language_of_locale(str(interaction.locale)),
            name=user.display_name,
        )
        speech = self._bot.speeches.at_once_to(interaction)
        lab = None
        if enrolled.learner.lab_id is not None:
            lab = await find_lab(self._bot, enrolled.learner.lab_id, user)
        if lab is not None:
            await self._lead_back(interaction, lab, speech)
        elif interaction.guild is None:
            await self._stay_in_dm(interaction, speech)
        else:
            await self._open_lab(interaction, speech)

    async def _lead_back(
        self, interaction: discord.Interaction[DocentBot], lab: Lab, speech: Speech
    ) -> None:
        destination = InteractionDestination(interaction)
        if lab.id == interaction.channel_id:
            card = self._welcome(interaction.user, speech)
        else:
            card = _cards.lab_ready(speech, lab=_name(lab), url=lab.jump_url, new=False)
        await destination.send(view=card)

    async def _stay_in_dm(
        self, interaction: discord.Interaction[DocentBot], speech: Speech
    ) -> None:
        await self._bot.classroom.enrol.move_lab(interaction.user.id, interaction.channel_id)
        card = self._welcome(interaction.user, speech)
        await InteractionDestination(interaction, ephemeral=False).send(view=card)

    async def _open_lab(self, interaction: discord.Interaction[DocentBot], speech: Speech) -> None:
        user = interaction.user
        answer = InteractionDestination(interaction)
        try:
            name = speech("welcome.thread_name", name=user.display_name)
            lab = await make_lab(interaction, name=name)
        except NoLabHereError as exc:
            card = _cards.no_lab_here(speech, owner=user.id, missing=exc.missing)
            await answer.send(view=card)
            return
        try:
            await ChannelDestination(lab).send(view=self._welcome(user, speech))
            await self._bot.classroom.enrol.move_lab(user.id, lab.id)
        except BaseException:
            # Nobody should find half a lab beside the whole one that the next /start makes.
            with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
                await put_away(lab, user)
            raise
        await answer.send(view=_cards.lab_ready(speech, lab=lab.name, url=lab.jump_url, new=True))

    def _welcome(self, user: discord.abc.User, speech: Speech) -> Card:
        first = self._bot.classroom.lessons.catalogue.start
        return _cards.welcome(
            speech,
            owner=user.id,
            name=user.display_name,
            first_lesson=None if first is None else first.id,
        )


def _name(lab: Lab) -> str:
    return lab.name if isinstance(lab, discord.Thread) else "DM"
