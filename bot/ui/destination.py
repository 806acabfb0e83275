"""Where an answer goes: a channel, or the person who used a command or pressed a button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import discord
from discord import ui
from discord.abc import Messageable

from bot.ui.layout import Card


class Destination(Protocol):
    """Somewhere to send a message to; the message that comes back can be edited."""

    async def send(
        self,
        *,
        content: str | None = None,
        view: ui.LayoutView | None = None,
        files: Sequence[discord.File] = (),
    ) -> discord.Message:
        """Send text or a card, not both: Discord refuses text beside a card."""
        ...


class ChannelDestination:
    """A channel, thread or direct message: everybody who is in there can see it."""

    def __init__(self, channel: Messageable) -> None:
        self.channel = channel

    async def send(
        self,
        *,
        content: str | None = None,
        view: ui.LayoutView | None = None,
        files: Sequence[discord.File] = (),
    ) -> discord.Message:
        """See `Destination.send`."""
        if view is not None:
            return await self.channel.send(view=view, files=with_pictures(view, files))
        return await self.channel.send(content, files=files)


class InteractionDestination:
    """The answer to an interaction: the first one acknowledges it, the others follow up."""

    def __init__(
        self, interaction: discord.Interaction[discord.Client], *, ephemeral: bool = True
    ) -> None:
        self.interaction = interaction
        self.ephemeral = ephemeral

    async def send(
        self,
        *,
        content: str | None = None,
        view: ui.LayoutView | None = None,
        files: Sequence[discord.File] = (),
    ) -> discord.Message:
        """See `Destination.send`. After a deferral the first message fills it."""
        if not self.interaction.response.is_done():
            return await self._respond(content, view, files)
        followup = self.interaction.followup
        if view is not None:
            files = with_pictures(view, files)
            return await followup.send(view=view, files=files, ephemeral=self.ephemeral, wait=True)
        return await followup.send(content or "", files=files, ephemeral=self.ephemeral, wait=True)

    async def _respond(
        self, content: str | None, view: ui.LayoutView | None, files: Sequence[discord.File]
    ) -> discord.Message:
        respond = self.interaction.response.send_message
        if view is not None:
            files = with_pictures(view, files)
            answer = await respond(view=view, files=files, ephemeral=self.ephemeral)
        else:
            answer = await respond(content, files=files, ephemeral=self.ephemeral)
        if isinstance(answer.resource, discord.InteractionMessage):
            return answer.resource
        return await self.interaction.original_response()


def with_pictures(view: ui.LayoutView, files: Sequence[discord.File]) -> list[discord.File]:
    """These files, and the pictures of a card."""
    return [*files, *(view.files() if isinstance(view, Card) else ())]
