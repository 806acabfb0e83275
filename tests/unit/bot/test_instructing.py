"""Who passes as an instructor, and groups of slash commands that features share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from discord.app_commands import locale_str
from pydantic import SecretStr

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.settings import BotSettings
from bot.texts import Texts
from bot.ui.groups import SubCommands, class_group, quiz_group
from bot.ui.instructing import language_for_all, require_instructor, require_manager
from tests.unit.bot.conftest import Room

SERVER = 2**60 + 100


@pytest.fixture
async def bot(room: Room, texts: Texts, tmp_path: Path) -> AsyncIterator[DocentBot]:
    """A bot without features, connected to nothing."""
    settings = BotSettings(discord_token=SecretStr("none"), home=tmp_path)
    async with DocentBot(settings=settings, classroom=room.classroom, texts=texts) as bot:
        yield bot


@dataclass(order=True)
class FakeRole:
    """A role, which is its id."""

    id: int


def by(
    *roles: int, manages: bool = False, server_id: int | None = SERVER
) -> discord.Interaction[Any]:
    """An interaction of somebody with these roles."""
    member = discord.Member.__new__(discord.Member)
    guild = SimpleNamespace(get_role=FakeRole, default_role=FakeRole(server_id or 0))
    member.guild = cast("discord.Guild", guild)
    member._roles = discord.utils.SnowflakeList(roles)
    made = SimpleNamespace(
        user=member, guild_id=server_id, permissions=discord.Permissions(manage_guild=manages)
    )
    return cast("discord.Interaction[Any]", made)


async def refused(bot: DocentBot, interaction: discord.Interaction[Any]) -> str:
    """The key with which the person is refused."""
    with pytest.raises(LearnerError) as caught:
        await require_instructor(bot, interaction)
    return caught.value.key


async def test_instructors_pass(bot: DocentBot) -> None:
    """By permission or by role; it is judged anew each time."""
    await require_instructor(bot, by(manages=True))
    assert await refused(bot, by(5)) == "class.not_instructor"
    await bot.classroom.classes.choose_instructor_role(SERVER, 5)
    await require_instructor(bot, by(4, 5))
    assert await refused(bot, by(4)) == "class.not_instructor"
    assert await refused(bot, by(5, server_id=SERVER + 1)) == "class.not_instructor"
    await bot.classroom.classes.choose_instructor_role(SERVER, 6)
    assert await refused(bot, by(4, 5)) == "class.not_instructor"


async def test_nobody_is_an_instructor_in_a_direct_message(bot: DocentBot) -> None:
    """There all people have all permissions."""
    assert await refused(bot, by(manages=True, server_id=None)) == "class.only_in_server"


async def test_only_who_manages_the_server_names_instructors(bot: DocentBot) -> None:
    """An instructor by role does not make others one."""
    await bot.classroom.classes.choose_instructor_role(SERVER, 5)
    require_manager(by(manages=True))
    with pytest.raises(LearnerError, match=r"class\.not_manager"):
        require_manager(by(5))


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        (discord.Locale.american_english, "en"),
        (discord.Locale.british_english, "en"),
        (discord.Locale.korean, "ko"),
        (discord.Locale.german, "ko"),
        (None, "ko"),
    ],
)
def test_cards_for_all(locale: discord.Locale | None, language: str) -> None:
    """Korean, unless the server is English."""
    assert language_for_all(locale) == language


class One(SubCommands):
    """Of one feature."""

    @app_commands.command(
        name="one", description=locale_str("One", key="command.class.description")
    )
    async def one(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Tell that it was called, and with which bot."""
        cast("Any", interaction).called = self.bot


class Two(SubCommands):
    """Of another feature."""

    @app_commands.command(name="two", description="Two")
    async def two(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Do nothing."""


async def test_features_share_a_group(bot: DocentBot) -> None:
    """Each comes and goes by itself, twice too; an empty group is none, and bots share nothing."""
    one, two = One(bot), Two(bot)
    for _ in range(2):
        one.join(class_group(bot))
        two.join(class_group(bot))
        assert [command.name for command in class_group(bot).commands] == ["one", "two"]
        assert [command.name for command in bot.tree.get_commands()] == ["class"]
        one.part()
        assert [command.name for command in class_group(bot).commands] == ["two"]
        two.part()
        two.part()
        assert bot.tree.get_commands() == []


async def test_a_name_is_taken_once(bot: DocentBot) -> None:
    """Two features that want the same sub-command are a mistake that shows at the start."""
    One(bot).join(quiz_group(bot))
    with pytest.raises(app_commands.CommandAlreadyRegistered):
        One(bot).join(quiz_group(bot))


async def test_sub_commands_are_called_with_their_bot(bot: DocentBot) -> None:
    """Below the group they still are methods of their feature."""
    One(bot).join(class_group(bot))
    command = class_group(bot).get_command("one")
    assert isinstance(command, app_commands.Command)
    assert command.qualified_name == "class one"
    interaction: Any = SimpleNamespace(command_failed=False)
    await command._do_call(interaction, {})
    assert interaction.called is bot


async def test_groups_speak_korean(bot: DocentBot, texts: Texts) -> None:
    """Name and description of the group and of what is in it are translated like all others."""
    from bot.bot import CommandTranslator  # noqa: PLC0415 - only this test needs it

    One(bot).join(class_group(bot))
    payload = await class_group(bot).get_translated_payload(bot.tree, CommandTranslator(texts))
    assert payload["name_localizations"]["ko"] == "수업"
    (option,) = payload["options"]
    assert option["description_localizations"]["ko"] == payload["description_localizations"]["ko"]
