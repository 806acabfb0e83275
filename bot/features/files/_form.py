"""The form of /edit. It is answered by its custom id, so one that outlived the bot counts, too."""

from __future__ import annotations

import asyncio
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from bot.errors import LearnerError
from bot.features.files import _ids
from bot.features.files._cards import opening_card
from bot.files.editing import LONGEST_TEXT, EditedText
from bot.files.names import asked_path, checked_name
from bot.terminal.escape import inline_code, visible
from bot.texts import Speech
from bot.ui.destination import InteractionDestination
from bot.ui.forms import written

if TYPE_CHECKING:
    from bot.bot import DocentBot

OPEN_WITHIN_S: Final = 2.2
"""Discord takes a form only as the first answer, within three seconds."""

LONGEST_TITLE: Final = 45
_EDITED = re.compile(_ids.EDITED)


@dataclass(frozen=True, slots=True)
class Edited:
    """A form that came back. `seen` is the digest of the file as it was opened."""

    owner: int
    path: str
    text: str
    seen: str
    style: str


async def open_form(bot: DocentBot, interaction: discord.Interaction[Any], asked: str) -> None:
    """Answer with the form of this file; with a button to try again when the sandbox is slow.

    Raises:
        LearnerError: It can't be edited in a form.
    """
    asked = asked_path(asked)
    speech = bot.speeches.at_once_to(interaction)
    owner = interaction.user.id
    try:
        async with asyncio.timeout(OPEN_WITHIN_S):
            path, opened = await bot.classroom.files.open_in_form(owner, asked)
    except TimeoutError:
        view = opening_card(asked, speech, owner=owner)
        await InteractionDestination(interaction).send(view=view)
        return
    if opened.digest == "new":
        checked_name(posixpath.basename(path))
    await interaction.response.send_modal(_form(owner, path, opened, speech))


def read_form(interaction: discord.Interaction[Any]) -> Edited | None:
    """What was written, if this is a form of ours."""
    form = written(interaction, _EDITED)
    if form is None:
        return None
    ids = form.values_of_id
    for name, value in form.fields.items():
        if name.startswith(_ids.FIELD):
            path = name.removeprefix(_ids.FIELD)
            return Edited(int(ids["owner"]), path, value, ids["seen"], ids["style"])
    return None


def _form(owner: int, path: str, opened: EditedText, speech: Speech) -> ui.Modal:
    field = _ids.field(path)
    if field is None:
        raise LearnerError("files.edit.long_path", path=inline_code(path, longest=100))
    new = opened.digest == "new"
    form = ui.Modal(
        title=speech("files.edit.title_new" if new else "files.edit.title"),
        custom_id=_ids.edited(owner, opened.digest, opened.style),
        timeout=None,
    )
    name = visible(posixpath.basename(path))
    label = name if len(name) <= LONGEST_TITLE else "…" + name[1 - LONGEST_TITLE :]
    form.add_item(
        ui.Label(
            text=label,
            description=visible(path)[-100:],
            component=ui.TextInput(
                custom_id=field,
                style=discord.TextStyle.paragraph,
                default=opened.text or None,
                max_length=LONGEST_TEXT,
                required=False,
            ),
        )
    )
    # What was sent is answered by its custom id; nobody needs to keep the form.
    form.stop()
    return form
