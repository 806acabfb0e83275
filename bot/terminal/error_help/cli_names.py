"""The commands and flags that exist: what may have been meant by one that does not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.explain.cli_table import cli_table
from bot.terminal.error_help.typed import docker_commands


def command_names(group: str) -> Sequence[str]:
    """The words that may follow `docker`, or a group such as `container`."""
    command = cli_table().find(tuple(group.split()))
    return cli_table().names_below(command) if command is not None else ()


def flag_names(line: str) -> Sequence[str]:
    """The long flags of the last docker command that the line has, without their dashes."""
    for typed in reversed(docker_commands(line)):
        for path in (typed.written, typed.path):
            command = cli_table().find(path)
            if command is not None and command.flags:
                return sorted(command.flags)
    return ()
