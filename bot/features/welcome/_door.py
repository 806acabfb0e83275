"""Letting learners in: which lab they are led to, and where a new one is made."""

from __future__ import annotations

import contextlib
from typing import Any

import aiohttp
import discord

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.welcome import _cards
from bot.features.welcome._lab import Lab, NoLabHereError, find_lab, make_lab, put_away
from bot.texts import Speech, language_of_locale
from bot.ui.destination import ChannelDestination, InteractionDestination
from bot.ui.layout import Card, link, note, row
from bot.ui.turns import Turns

Interaction = discord.Interaction[Any]


class Door:
    """Every interaction that is handed over must have been deferred, in a guild privately."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        # A second press while the first one is at work must not make a second lab.
        self._turns = Turns()

    async def let_in(self, interaction: Interaction) -> None:
        """Enrol the learner and lead them to their lab, which is made when there is none."""
        async with self._turns.of(interaction.user.id):
            speech, lab = await self._enrol(interaction)
            if lab is not None:
                await self._lead_back(interaction, lab, speech)
            else:
                await self._make_here(interaction, speech)

    async def move_here(self, interaction: Interaction) -> None:
        """Make a lab where the learner is, although they have one in the other kind of place."""
        async with self._turns.of(interaction.user.id):
            speech, lab = await self._enrol(interaction)
            if lab is None or is_elsewhere(lab, interaction):
                new = await self._make_here(interaction, speech)
                if new is not None and isinstance(lab, discord.Thread):
                    await _leave_note(lab, new, speech)
            else:
                await self._lead_back(interaction, lab, speech)

    async def move_to_dm(self, interaction: Interaction) -> None:
        """Make the direct message the lab, where no private thread can be made.

        Raises:
            LearnerError: The learner takes no direct messages.
        """
        async with self._turns.of(interaction.user.id):
            speech, _ = await self._enrol(interaction)
            user = interaction.user
            try:
                channel = await user.create_dm()
                await ChannelDestination(channel).send(view=self._welcome(user, speech))
            except discord.Forbidden as exc:
                raise LearnerError("welcome.dm_closed") from exc
            await self._bot.classroom.enrol.move_lab(user.id, channel.id)
            card = _cards.lab_ready(speech, lab="DM", url=channel.jump_url)
            await InteractionDestination(interaction).send(view=card)

    async def _enrol(self, interaction: Interaction) -> tuple[Speech, Lab | None]:
        """The learner's texts, and their lab as far as it is still there."""
        user = interaction.user
        enrolled = await self._bot.classroom.enrol.enrol(
            user.id,
            language=language_of_locale(str(interaction.locale)),
            name=user.display_name,
        )
        lab_id = enrolled.learner.lab_id
        lab = None if lab_id is None else await find_lab(self._bot, lab_id, user)
        return self._bot.speeches.at_once_to(interaction), lab

    async def _lead_back(self, interaction: Interaction, lab: Lab, speech: Speech) -> None:
        if lab.id == interaction.channel_id:
            card = self._welcome(interaction.user, speech)
        else:
            card = _cards.lab_there(
                speech,
                owner=interaction.user.id,
                lab=lab.name if isinstance(lab, discord.Thread) else "DM",
                url=lab.jump_url,
                offer=_offer(lab, interaction),
            )
        await InteractionDestination(interaction).send(view=card)

    async def _make_here(self, interaction: Interaction, speech: Speech) -> str | None:
        """The address of the new lab; None when there can be none here, which is said."""
        if interaction.guild is None:
            return await self._stay_in_dm(interaction, speech)
        try:
            lab = await self._open_lab(interaction, speech)
        except NoLabHereError as exc:
            owner = interaction.user.id
            card = _cards.no_lab_here(speech, owner=owner, missing=exc.missing)
            await InteractionDestination(interaction).send(view=card)
            return None
        card = _cards.lab_ready(speech, lab=lab.name, url=lab.jump_url)
        await InteractionDestination(interaction).send(view=card)
        return lab.jump_url

    async def _stay_in_dm(self, interaction: Interaction, speech: Speech) -> str:
        await self._bot.classroom.enrol.move_lab(interaction.user.id, interaction.channel_id)
        card = self._welcome(interaction.user, speech)
        answer = await InteractionDestination(interaction, ephemeral=False).send(view=card)
        return answer.jump_url

    async def _open_lab(self, interaction: Interaction, speech: Speech) -> discord.Thread:
        user = interaction.user
        name = speech("welcome.thread_name", name=user.display_name)
        lab = await make_lab(interaction, name=name)
        try:
            await ChannelDestination(lab).send(view=self._welcome(user, speech))
            await self._bot.classroom.enrol.move_lab(user.id, lab.id)
        except BaseException:
            # Nobody should find half a lab beside the whole one that the next /start makes.
            with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
                await put_away(lab, user)
            raise
        return lab

    def _welcome(self, user: discord.abc.User, speech: Speech) -> Card:
        first = self._bot.classroom.lessons.catalogue.start
        return _cards.welcome(
            speech,
            owner=user.id,
            name=user.display_name,
            first_lesson=None if first is None else first.id,
        )


def is_elsewhere(lab: Lab, interaction: Interaction) -> bool:
    """Whether the lab is a direct message and the learner is in a server, or the other way round.

    What they see in one they may not be able to use from the other: a school's Discord without
    direct messages, a phone that is logged in nowhere else.
    """
    return isinstance(lab, discord.DMChannel) != (interaction.guild_id is None)


def _offer(lab: Lab, interaction: Interaction) -> str | None:
    """The key of the button that makes a lab here."""
    if not is_elsewhere(lab, interaction):
        return None
    return "welcome.button.here_dm" if interaction.guild_id is None else "welcome.button.here"


async def _leave_note(lab: discord.Thread, new: str, speech: Speech) -> None:
    """In a thread that is a lab no longer, commands are talk: say where they run now."""
    go = row(link(speech("welcome.button.go"), new))
    with contextlib.suppress(discord.HTTPException, aiohttp.ClientError):
        await ChannelDestination(lab).send(view=note(speech("welcome.moved"), go))
