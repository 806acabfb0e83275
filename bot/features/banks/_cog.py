"""/quiz upload, /quiz banks, /quiz export."""

from __future__ import annotations

import asyncio
from io import BytesIO

import aiohttp
import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.banks.limits import LONGEST_NAME, MOST_BYTES
from bot.banks.model import Bank, BankMistake
from bot.banks.names import bank_name
from bot.banks.reading import Reading, read_bank
from bot.banks.writing import csv_file, yaml_text
from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.banks import _cards
from bot.texts import Language
from bot.ui.destination import InteractionDestination
from bot.ui.groups import GroupedCog, SubCommands, quiz_group
from bot.ui.instructing import require_instructor, server_of
from bot.ui.layout import note
from bot.ui.offer_option import offer_choices
from bot.ui.plain import plain

FORMS = [
    app_commands.Choice(
        name=locale_str("YAML (several languages, every kind)", key="bank.form.yaml"), value="yaml"
    ),
    app_commands.Choice(name=locale_str("CSV (Excel)", key="bank.form.csv"), value="csv"),
]


class BankCommands(SubCommands, name="banks", description="Given to /quiz"):
    """What instructors do with questions of their own."""

    @app_commands.command(
        name=locale_str("upload", key="command.quiz.upload.name"),
        description=locale_str(
            "Upload questions of your own as YAML or CSV (instructors)",
            key="command.quiz.upload.description",
        ),
    )
    @app_commands.rename(
        file=locale_str("file", key="command.quiz.upload.file.name"),
        title=locale_str("name", key="command.quiz.upload.title.name"),
    )
    @app_commands.describe(
        file=locale_str(
            "A YAML or CSV file of 256 KiB at most", key="command.quiz.upload.file.description"
        ),
        title=locale_str(
            "The name of the bank; left empty, that of the file",
            key="command.quiz.upload.title.description",
        ),
    )
    async def upload(
        self,
        interaction: discord.Interaction[DocentBot],
        file: discord.Attachment,
        title: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
    ) -> None:
        """Read a file; show what is wrong with it, or what it would become."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        name = bank_name(title, file.title, file.filename)
        speech = await self.bot.speeches.to(interaction)
        reading = await _read(file, speech.language)
        destination = InteractionDestination(interaction)
        if reading.mistakes:
            card, whole = _cards.mistakes_card(file.filename, reading.mistakes, speech)
            files = [] if whole is None else [_text_file("mistakes.txt", whole.encode())]
            await destination.send(view=card, files=files)
            return
        draft = await self.bot.classroom.banks.keep_draft(
            server_of(interaction), name, reading.bank
        )
        card = _cards.preview_card(draft, 0, speech, owner=interaction.user.id)
        await destination.send(view=card)

    @app_commands.command(
        name=locale_str("banks", key="command.quiz.banks.name"),
        description=locale_str(
            "See and delete the question banks of this server (instructors)",
            key="command.quiz.banks.description",
        ),
    )
    async def banks(self, interaction: discord.Interaction[DocentBot]) -> None:
        """List what this server has."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        entries = await self.bot.classroom.banks.of_server(server_of(interaction))
        speech = await self.bot.speeches.to(interaction)
        card = _cards.list_card(entries, speech, owner=interaction.user.id)
        await InteractionDestination(interaction).send(view=card)

    @app_commands.command(
        name=locale_str("export", key="command.quiz.export.name"),
        description=locale_str(
            "Get a question bank as a file (instructors)", key="command.quiz.export.description"
        ),
    )
    @app_commands.rename(
        bank=locale_str("bank", key="command.quiz.export.bank.name"),
        form=locale_str("format", key="command.quiz.export.form.name"),
    )
    @app_commands.describe(
        bank=locale_str(
            "A bank of this server, or a lesson", key="command.quiz.export.bank.description"
        ),
        form=locale_str(
            "The form of the file; either can be uploaded again",
            key="command.quiz.export.form.description",
        ),
    )
    @app_commands.choices(form=FORMS)
    async def export(
        self, interaction: discord.Interaction[DocentBot], bank: str, form: str = "yaml"
    ) -> None:
        """Send a bank as a file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        offer, found = await self.bot.classroom.banks.exported(server_of(interaction), bank)
        speech = await self.bot.speeches.to(interaction)
        content = await asyncio.to_thread(_exported, found, form, speech.language)
        name = plain(offer.title(speech.language))
        words = speech("bank.exported", n=offer.questions, name=name)
        attached = _text_file(f"{bank.replace(':', '-')}.{form}", content)
        await InteractionDestination(interaction).send(view=note(words), files=[attached])

    @export.autocomplete("bank")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        await require_instructor(self.bot, interaction)
        language = self.bot.speeches.at_once_to(interaction).language
        offers = await self.bot.classroom.banks.to_export(server_of(interaction))
        return offer_choices(offers, language, typed)


class BanksCog(GroupedCog, name="Banks"):
    """Puts the commands below /quiz."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(bot, quiz_group, BankCommands(bot))


async def _read(file: discord.Attachment, language: Language) -> Reading:
    if file.size > MOST_BYTES:
        values = {"has": file.size // 1024 + 1, "most": MOST_BYTES // 1024}
        return Reading(Bank(), (BankMistake(0, "bank.mistake.file_too_big", values),))
    try:
        content = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as exc:
        raise LearnerError("bank.unread") from exc
    return await asyncio.to_thread(read_bank, file.filename, content, language)


def _exported(bank: Bank, form: str, language: Language) -> bytes:
    return csv_file(bank, language) if form == "csv" else yaml_text(bank).encode()


def _text_file(name: str, content: bytes) -> discord.File:
    return discord.File(BytesIO(content), filename=name)
