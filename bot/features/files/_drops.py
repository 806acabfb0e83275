"""What a message brings: attachments land where the learner is; named code blocks are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.classroom.files import LARGEST_FILE_BYTES, refused
from bot.errors import LearnerError
from bot.features.files._cards import blocks_card
from bot.features.files._saving import Report, save_into
from bot.files.blocks import NamedBlock, named_blocks
from bot.files.names import checked_name, checked_relative, dropped_name
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.destination import Destination
from bot.ui.layout import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bot import DocentBot


async def take_attachments(
    bot: DocentBot,
    learner_id: int,
    attachments: Sequence[discord.Attachment],
    destination: Destination,
    speech: Speech,
) -> None:
    """Write each into the working directory; one message tells what became of all of them."""
    report = Report()
    for attachment in attachments:
        try:
            name, content = await _read(attachment)
            await save_into(report, bot, learner_id, name, content)
        except LearnerError as error:
            report.failures.append(bot.boundary.explain(error, speech, learner_id=learner_id))
        except Exception as error:  # noqa: BLE001 - told below; the next one would fare the same
            report.failures.append(bot.boundary.explain(error, speech, learner_id=learner_id))
            break
    await report.send(destination, speech, owner=learner_id)


async def offer_blocks(
    blocks: Sequence[NamedBlock],
    message_id: int,
    destination: Destination,
    speech: Speech,
    *,
    owner: int,
) -> None:
    """Offer to save code blocks; a name that is none is said at once."""
    try:
        for block in blocks:
            checked_relative(block.name)
    except LearnerError as error:
        await destination.send(view=note(speech(error.key, **error.values)))
        return
    card = blocks_card(blocks, speech, owner=owner, message_id=message_id)
    await destination.send(view=card)


def block_of(message: discord.Message, place: int) -> tuple[str, bytes]:
    """Path and content of a message's code block, as the message is now.

    Raises:
        LearnerError: It was edited, and has no such block any more.
    """
    blocks = named_blocks(message.content)
    if place >= len(blocks):
        raise LearnerError("files.block.gone")
    return checked_relative(blocks[place].name), blocks[place].content.encode("utf-8", "replace")


async def _read(attachment: discord.Attachment) -> tuple[str, bytes]:
    name = checked_name(dropped_name(attachment.filename, attachment.title))
    if attachment.size > LARGEST_FILE_BYTES:
        raise refused("too_big", name)
    try:
        return name, await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as exc:
        raise LearnerError("files.drop.unread", path=inline_code(name)) from exc
