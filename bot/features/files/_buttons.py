"""The buttons of files. What they need is in their custom ids and in the messages below them."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.files import _ids
from bot.features.files._drops import block_of
from bot.features.files._form import open_form
from bot.features.files._saving import Report, save_into
from bot.ui.actions import Action, Choice
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home


class EditButton(Action, template=_ids.EDIT):
    """Opens a file in the form."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await open_form(bot, interaction, self.values_of_id["path"])


class EditSelect(Choice, template=_ids.PICK):
    """Opens the file that is chosen in the tree."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await open_form(bot, interaction, self.item.values[0])


class SaveAsButton(Action, template=_ids.SAVE_AS):
    """Saves a code block of the learner's own message, as the message is now."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        message = await _message(interaction, int(self.values_of_id["message"]))
        if message.author.id != self.owner:
            raise LearnerError("files.block.gone")
        path, content = block_of(message, int(self.values_of_id["block"]))
        await _save(bot, interaction, path, content)


class PutButton(Action, template=_ids.PUT):
    """Writes a file that its own message has attached: an old content, or one in a conflict."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        content = await _attached(bot, interaction, int(self.values_of_id["file"]))
        await _save(bot, interaction, self.values_of_id["path"], content)


BUTTONS = (EditButton, EditSelect, SaveAsButton, PutButton)


async def _save(
    bot: DocentBot, interaction: discord.Interaction[Any], path: str, content: bytes
) -> None:
    report = Report()
    await save_into(report, bot, interaction.user.id, path, content)
    speech = await bot.speeches.to(interaction)
    destination = InteractionDestination(interaction, ephemeral=not await at_home(interaction))
    await report.send(destination, speech, owner=interaction.user.id)


async def _message(interaction: discord.Interaction[Any], message_id: int) -> discord.Message:
    channel = interaction.channel
    if not isinstance(channel, discord.abc.Messageable):
        raise LearnerError("files.block.gone")
    try:
        return await channel.fetch_message(message_id)
    except discord.NotFound as exc:
        raise LearnerError("files.block.gone") from exc


async def _attached(bot: DocentBot, interaction: discord.Interaction[Any], place: int) -> bytes:
    """The content of the file at this place in the message that was pressed."""
    message = interaction.message
    if message is None:
        raise LearnerError("files.put.gone")
    prefix = f"{place + 1}-"
    try:
        for attachment in message.attachments:
            if attachment.filename.startswith(prefix):
                return await attachment.read()
        for url in _urls(message, prefix):
            return await bot.http.get_from_cdn(url)
    except discord.HTTPException as exc:
        raise LearnerError("files.put.gone") from exc
    raise LearnerError("files.put.gone")


def _urls(message: discord.Message, prefix: str) -> list[str]:
    """Where the files of a card are, which need not be among the message's attachments."""
    view = ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    files = [item for item in view.walk_children() if isinstance(item, ui.File)]
    return [
        file.media.url
        for file in files
        if file.media.url.partition("?")[0].rpartition("/")[2].startswith(prefix)
    ]
