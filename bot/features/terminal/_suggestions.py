"""Suggestions while `/docker` is typed: in time, and starting nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.completing import suggest
from bot.explain.cli_table import cli_table
from bot.terminal.hangul import has_hangul
from bot.terminal.typing import repair

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def suggestions(
    interaction: discord.Interaction[DocentBot], typed: str
) -> list[app_commands.Choice[str]]:
    """How the command could go on; none where nobody knows.

    A choice shows what it stands for and nothing else: whoever picks one goes on typing behind it.
    """
    engine = await interaction.client.classroom.engines.soon(interaction.user.id)
    lines = suggest(_meant(typed), cli_table(), engine)
    return [app_commands.Choice(name=line, value=line) for line in lines]


def _meant(typed: str) -> str:
    """What was typed with a Korean keyboard, as English letters; a blank at its end stays."""
    text = typed.strip()
    if not has_hangul(text):
        return typed.lstrip()
    line = repair(text).line
    if line == text:  # `docker` may be left out here, and is what such a line is known by
        line = repair(f"docker {text}").line.removeprefix("docker ")
    return line + (" " if typed[-1].isspace() else "")
