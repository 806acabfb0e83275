"""The READMEs and the guides for instructors name the commands that the bot has, by their names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.bot import FEATURES, CommandTranslator, DocentBot
from bot.settings import BotSettings
from bot.texts import Texts
from bot.wiring import build_classroom
from db.engine import Database
from tests.factories import make_catalogue, make_database_url, make_lesson
from tests.fakes.sandboxes import FakeSandboxes

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"`/([a-z가-힣][-a-z가-힣 ]*)`")
BOTH_NAMES = re.compile(r"`/([-가-힣 ]+)` \(`/([-a-z ]+)`\)")
AS_TYPED = re.compile(r"`/([a-z가-힣][^`\n]*)`|^/(.+)$", re.MULTILINE)
OF_CLASSES = {"class", "quiz", "challenge", "duel", "follow", "hand", "hands"}

SUB_COMMANDS = {1, 2}
"""The types of options that are commands, and groups of them, in Discord's API."""

Names = dict[str, str]
"""English → Korean, of every command that can be typed."""


@pytest.fixture
async def names(tmp_path: Path) -> AsyncIterator[Names]:
    """What Discord is told by the bot with all its features."""
    texts = Texts.load()
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database,
            sandboxes=FakeSandboxes(),
            catalogue=make_catalogue(make_lesson()),
            clock=lambda: datetime.now(UTC),
        )
        settings = BotSettings(discord_token=SecretStr("none"), home=tmp_path)
        async with DocentBot(settings=settings, classroom=classroom, texts=texts) as bot:
            for feature in FEATURES:
                await bot.load_extension(f"bot.features.{feature}")
            translator = CommandTranslator(texts)
            yield {
                english: korean
                for command in bot.tree.get_commands()
                for english, korean in typed(
                    await command.get_translated_payload(bot.tree, translator)
                )
            }


def typed(payload: dict[str, Any], *before: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The commands of a payload that can be typed: it, or what is below it."""
    here = (*before, (payload["name"], payload["name_localizations"]["ko"]))
    below = [option for option in payload.get("options", ()) if option["type"] in SUB_COMMANDS]
    for option in below:
        yield from typed(option, *here)
    if not below:
        english, korean = zip(*here, strict=True)
        yield " ".join(english), " ".join(korean)


def named(document: str) -> set[str]:
    return set(COMMAND.findall((ROOT / document).read_text(encoding="utf-8")))


def test_the_readme_names_every_command(names: Names) -> None:
    """Whoever adds, renames or removes one says so there."""
    assert named("README.md") == names.keys()


def test_the_korean_readme_names_the_same_ones_in_both_languages(names: Names) -> None:
    """Each with its Korean name, and the English one behind it."""
    assert named("README.ko.md") == names.keys() | set(names.values())
    pairs = BOTH_NAMES.findall((ROOT / "README.ko.md").read_text(encoding="utf-8"))
    assert {english: korean for korean, english in pairs} == names


@pytest.mark.parametrize("language", ["en", "ko"])
def test_guides_for_instructors_name_the_commands_of_classes(names: Names, language: str) -> None:
    """All of them, and nothing that is to be typed and no command."""
    text = (ROOT / "docs" / f"instructors.{language}.md").read_text(encoding="utf-8")
    lines = [code or line for code, line in AS_TYPED.findall(text)]
    known = tuple(f"{name} " for name in (*names, *names.values()))
    assert [line for line in lines if not f"{line} ".startswith(known)] == []
    said = tuple(f"{line} " for line in lines)
    ours = [name for name in names if name.split()[0] in OF_CLASSES]
    assert [name for name in ours if not any(line.startswith(f"{name} ") for line in said)] == []
