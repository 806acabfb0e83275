"""Slash commands: what Discord accepts, and the same in code and catalogue."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from pydantic import SecretStr

from bot.bot import FEATURES, CommandTranslator, DocentBot
from bot.settings import BotSettings
from bot.texts import Texts
from tests.unit.bot.conftest import Room

NAME = re.compile(r"[-_\w]{1,32}")


class RecordingTranslator(CommandTranslator):
    """Remembers which English texts the code has, by their keys."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.english: dict[str, str] = {}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """See `CommandTranslator.translate`."""
        self.english[string.extras["key"]] = string.message
        return await super().translate(string, locale, context)


@pytest.fixture
async def bot(room: Room, texts: Texts, tmp_path: Path) -> AsyncIterator[DocentBot]:
    """The bot with all its features, connected to nothing."""
    settings = BotSettings(discord_token=SecretStr("none"), home=tmp_path)
    async with DocentBot(settings=settings, classroom=room.classroom, texts=texts) as bot:
        for feature in FEATURES:
            await bot.load_extension(f"bot.features.{feature}")
        yield bot


async def payloads(bot: DocentBot, translator: CommandTranslator) -> list[dict[str, Any]]:
    """The commands as they are sent to Discord."""
    commands = bot.tree.get_commands()
    return [await command.get_translated_payload(bot.tree, translator) for command in commands]


def nodes(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, its sub-commands and all options."""
    yield payload
    for option in payload.get("options", ()):
        yield from nodes(option)


async def test_code_and_catalogue_say_the_same(bot: DocentBot, texts: Texts) -> None:
    """The English texts in the code are those that translators see."""
    translator = RecordingTranslator(texts)
    await payloads(bot, translator)

    english = texts.for_language("en")
    assert translator.english == {key: english(key) for key in translator.english}
    assert len(translator.english) >= 16


async def test_texts_fit_discord(bot: DocentBot, texts: Texts) -> None:
    """Names and descriptions have the length and the letters that Discord takes, in Korean too."""
    for payload in await payloads(bot, CommandTranslator(texts)):
        for node in nodes(payload):
            for name in (node["name"], node["name_localizations"]["ko"]):
                assert NAME.fullmatch(name), name
                assert name == name.lower()
            for description in (node["description"], node["description_localizations"]["ko"]):
                assert 1 <= len(description) <= 100, description


async def test_command_names_stay_ascii(bot: DocentBot, texts: Texts) -> None:
    """Whoever has no Korean keyboard can type every command."""
    for payload in await payloads(bot, CommandTranslator(texts)):
        assert all(node["name"].isascii() for node in nodes(payload))


async def test_korean_names_do_not_clash(bot: DocentBot, texts: Texts) -> None:
    """No two commands have the same Korean name."""
    names = [p["name_localizations"]["ko"] for p in await payloads(bot, CommandTranslator(texts))]

    assert len(names) == len(set(names))
