"""The table of the engine's command line: read, written, and looked up by any name."""

from __future__ import annotations

import pytest

from bot.explain.cli_table import FILE, Command, cli_table, nearest, read_table, write_table


def test_what_is_written_is_read_again() -> None:
    """The file as it is."""
    text = FILE.read_text(encoding="utf-8")
    assert write_table(read_table(text)) == text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ((), ()),
        (("ps",), ("container", "ls")),
        (("container", "list"), ("container", "ls")),
        (("rmi",), ("image", "rm")),
        (("images",), ("image", "ls")),
        (("info",), ("system", "info")),
        (("compose", "up"), ("compose", "up")),
    ],
)
def test_commands_are_found_by_any_name(name: tuple[str, ...], path: tuple[str, ...]) -> None:
    """Old and new ones."""
    command = cli_table().find(name)
    assert command is not None
    assert command.path == path


def run() -> Command:
    """`docker run`."""
    command = cli_table().find(("run",))
    assert command is not None
    return command


def test_flags_of_run() -> None:
    """Switches, values, short names, defaults, hidden names."""
    command = run()
    assert command.shorts["p"].name == "publish"
    assert command.flags["publish"].takes_value
    assert not command.flags["detach"].takes_value
    assert command.flags["restart"].default == "no"
    assert command.flag("net") is command.flags["network"]
    assert len(command.flags) > 90
    assert command.usage == "[OPTIONS] IMAGE [COMMAND] [ARG...]"


def test_who_stops_at_the_first_word() -> None:
    """Those that start a program; nobody else."""
    table = cli_table()
    stops = {command.path for command in table.commands if command.stops_at_first_word}
    assert stops == {
        ("container", "run"), ("container", "create"), ("container", "exec"), ("container", "top"),
        ("compose", "run"), ("compose", "exec"), ("service", "create"),
    }  # fmt: skip


def test_groups_know_what_is_below_them() -> None:
    """By every name."""
    table = cli_table()
    assert {"run", "ls", "list", "ps"} <= set(
        table.names_below(table.find(("container",)) or run())
    )
    assert {"run", "ps", "images", "compose"} <= set(table.names_below(table.top))
    assert not run().is_group


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("rnu", "run"),
        ("statr", "start"),
        ("strat", "start"),
        ("xyz", None),
        ("", None),
        ("r", None),
    ],
)
def test_the_nearest_name(wanted: str, found: str | None) -> None:
    """Two slips at most, and fewer in short names."""
    assert nearest(wanted, ["run", "start", "stop"]) == found
