"""Messages that bring files: as attachments, or as code blocks with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import discord

from bot.files.blocks import NamedBlock, named_blocks

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.texts import Speech
    from bot.ui.destination import Destination


@dataclass(frozen=True, slots=True)
class Brought:
    """What a message brings; true when it is something."""

    attachments: tuple[discord.Attachment, ...]
    blocks: tuple[NamedBlock, ...]

    def __bool__(self) -> bool:
        return bool(self.attachments or self.blocks)


class TakesFiles(Protocol):
    """The part of the bot that puts files into sandboxes."""

    async def take(
        self,
        message: discord.Message,
        brought: Brought,
        destination: Destination,
        speech: Speech,
    ) -> None:
        """Put the attachments where the learner is, offer to save the blocks, and say so."""
        ...


def brings(message: discord.Message) -> Brought:
    """The files of a message; a recorded voice is none."""
    attached = () if message.flags.voice else tuple(message.attachments)
    return Brought(attached, tuple(named_blocks(message.content)))


async def take_files(
    bot: DocentBot,
    message: discord.Message,
    brought: Brought,
    destination: Destination,
    speech: Speech,
) -> None:
    """Have the files of a learner's message taken, before anything else that it says is done."""
    takes: TakesFiles | None = bot.get_cog("Files")  # type: ignore[assignment] # by its name
    if brought and takes is not None:
        await takes.take(message, brought, destination, speech)
