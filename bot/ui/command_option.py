"""The option of a slash command that is a command line."""

from __future__ import annotations

from typing import Final

from discord.app_commands import locale_str

COMMAND_NAME: Final = locale_str("command", key="command.docker.command.name")
COMMAND_EXAMPLE: Final = locale_str(
    "For example: ps -a, run hello-world (you may leave out docker)",
    key="command.docker.command.description",
)
