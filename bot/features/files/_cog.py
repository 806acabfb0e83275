"""/edit, /get and /files, and the files that messages bring."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Sequence
from io import BytesIO
from typing import Final

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.files import _cards
from bot.features.files._drops import offer_blocks, take_attachments
from bot.features.files._form import Edited, open_form, read_form
from bot.features.files._saving import save_edited
from bot.files.editing import from_form
from bot.files.names import LONGEST_PATH, asked_path, attachment_name
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.bringing import Brought
from bot.ui.destination import Destination, InteractionDestination
from bot.ui.home import at_home, enrolled

log = structlog.get_logger(__name__)

SUGGEST_WITHIN_S: Final = 2.3
"""Discord waits three seconds for suggestions."""

TREE_DEPTH: Final = 4
_Path = app_commands.Range[str, 1, LONGEST_PATH]


class FilesCog(commands.Cog, name="Files"):
    """Brings files into sandboxes, and out of them."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    async def take(
        self,
        message: discord.Message,
        brought: Brought,
        destination: Destination,
        speech: Speech,
    ) -> None:
        """See `bot.ui.bringing.TakesFiles`."""
        owner = message.author.id
        if brought.attachments:
            await take_attachments(self._bot, owner, brought.attachments, destination, speech)
        if brought.blocks:
            await offer_blocks(brought.blocks, message.id, destination, speech, owner=owner)

    @app_commands.command(
        name=locale_str("edit", key="command.edit.name"),
        description=locale_str(
            "Edit a file of your sandbox in a form, or make a new one",
            key="command.edit.description",
        ),
    )
    @app_commands.rename(file=locale_str("file", key="command.edit.file.name"))
    @app_commands.describe(
        file=locale_str(
            "For example: Dockerfile, web/index.html", key="command.edit.file.description"
        )
    )
    async def edit(self, interaction: discord.Interaction[DocentBot], file: _Path) -> None:
        """Open a file in a form."""
        await open_form(self._bot, interaction, file)

    @app_commands.command(
        name=locale_str("get", key="command.get.name"),
        description=locale_str(
            "Get a file of your sandbox as an attachment", key="command.get.description"
        ),
    )
    @app_commands.rename(file=locale_str("file", key="command.get.file.name"))
    @app_commands.describe(
        file=locale_str("For example: Dockerfile, logs/app.log", key="command.get.file.description")
    )
    async def get(self, interaction: discord.Interaction[DocentBot], file: _Path) -> None:
        """Send a file back."""
        asked = asked_path(file)
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        files = self._bot.classroom.files
        path = await files.where(interaction.user.id, asked)
        content = await files.read(interaction.user.id, path)
        if content is None:
            raise LearnerError("files.refused.missing", path=inline_code(path, longest=100))
        speech = await self._bot.speeches.to(interaction)
        name = attachment_name(path) if content else None
        card = _cards.file_card(path, len(content), name, speech)
        attached = [] if name is None else [discord.File(BytesIO(content), name)]
        await (await self._answer(interaction)).send(view=card, files=attached)

    @app_commands.command(
        name=locale_str("files", key="command.files.name"),
        description=locale_str(
            "See the files of your sandbox as a tree", key="command.files.description"
        ),
    )
    @app_commands.rename(folder=locale_str("folder", key="command.files.folder.name"))
    @app_commands.describe(
        folder=locale_str(
            "Leave it empty for where you are", key="command.files.folder.description"
        )
    )
    async def files(
        self, interaction: discord.Interaction[DocentBot], folder: _Path | None = None
    ) -> None:
        """Show what is in a folder."""
        asked = "." if folder is None else asked_path(folder)
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        found = await self._bot.classroom.files.look_into(
            interaction.user.id, asked, depth=TREE_DEPTH
        )
        speech = await self._bot.speeches.to(interaction)
        card = _cards.tree_card(found, speech, owner=interaction.user.id)
        await (await self._answer(interaction)).send(view=card)

    @edit.autocomplete("file")
    async def _suggest_to_edit(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Files that are there, and what was typed: it may become a new one."""
        found = await self._suggested(interaction, typed, folders=False)
        mine = typed.strip()
        if mine and mine not in found and not mine.endswith("/") and _is_path(mine):
            found = [*found[:24], mine]
        return _choices(found)

    @get.autocomplete("file")
    async def _suggest_to_get(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return _choices(await self._suggested(interaction, typed, folders=False))

    @files.autocomplete("folder")
    async def _suggest_folder(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return _choices(await self._suggested(interaction, typed, folders=True))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """A form with a file comes back."""
        edited = read_form(interaction)
        if edited is None:
            return
        try:
            await self._save(interaction, edited)
        except Exception as error:  # noqa: BLE001 - the boundary of this form
            await self._bot.boundary.interaction_failed(interaction, error)

    async def _save(self, interaction: discord.Interaction[DocentBot], edited: Edited) -> None:
        if interaction.user.id != edited.owner:
            raise LearnerError("error.not_yours")
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        await enrolled(self._bot, interaction)
        speech = await self._bot.speeches.to(interaction)
        await save_edited(
            self._bot,
            edited.owner,
            edited.path,
            from_form(edited.text, edited.style),
            edited.seen,
            await self._answer(interaction),
            speech,
        )

    async def _suggested(
        self, interaction: discord.Interaction[DocentBot], typed: str, *, folders: bool
    ) -> list[str]:
        try:
            async with asyncio.timeout(SUGGEST_WITHIN_S):
                return await self._bot.classroom.files.suggest(
                    interaction.user.id, typed.strip(), folders=folders
                )
        except TimeoutError:
            log.info("no_suggestions", error="TimeoutError")
            return []

    async def _answer(self, interaction: discord.Interaction[DocentBot]) -> InteractionDestination:
        return InteractionDestination(interaction, ephemeral=not await at_home(interaction))


def _choices(paths: Sequence[str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=path, value=path) for path in paths]


def _is_path(typed: str) -> bool:
    try:
        asked = asked_path(typed)
    except LearnerError:
        return False
    return bool(posixpath.basename(asked)) and len(typed) <= 100  # noqa: PLR2004 - Discord's limit
