"""What was found about a command, said in a language; also the short texts of single commands."""

from __future__ import annotations

from collections.abc import Iterator

from bot.explain.cli_table import Command, Flag, cli_table
from bot.explain.said import Anything, OfCommand, OfFlag, Said, Value
from bot.terminal.escape import inline_code
from bot.texts import Speech

LONGEST_VALUE = 80
Path_ = tuple[str, ...]


def speak(what: Anything, speech: Speech) -> str:
    """The sentence, with the learner's own words as harmless code."""
    match what:
        case OfCommand(path=path):
            return describe_command(path, speech) or ""
        case OfFlag(path=path, name=name):
            return describe_flag(path, name, speech) or ""
        case Said(key=key, values=values):
            return speech(key, **{name: _value(each, speech) for name, each in values.items()})


def describe_command(path: Path_, speech: Speech) -> str | None:
    """What a docker command does, in one sentence; None when the engine has no such command.

    `path` are its words without `docker`, by whichever of its names: `("ps",)`.
    """
    command = cli_table().find(path)
    if command is None:
        return None
    key = command_key(command)
    return speech(key) if key in speech else english(command.text)


def describe_flag(path: Path_, name: str, speech: Speech) -> str | None:
    """What a flag of a docker command means; None when the command has no such flag.

    `name` is its long name or its short letter, dashes or not: `detach`, `-d`.
    """
    command = cli_table().find(path)
    bare = name.lstrip("-")
    flag = None if command is None else command.flag(bare) or command.shorts.get(bare)
    if command is None or flag is None:
        return None
    key = next((key for key in flag_keys(command, flag) if key in speech), None)
    return english(flag.text) if key is None else speech(key)


def command_key(command: Command) -> str:
    """Where the text of a command is in the catalogue."""
    return ".".join(("explain.command", *command.path))


def flag_keys(command: Command, flag: Flag) -> Iterator[str]:
    """Where the text of a flag may be: that of this command first, then the one for all."""
    path = command.path or ("docker",)
    yield ".".join(("explain.flag", *path, flag.name))
    if path[-1:] == ("create",) and path[0] == "container":
        yield f"explain.flag.container.run.{flag.name}"
    if path[:1] == ("service",):
        yield f"explain.flag.service.{flag.name}"
    yield f"explain.flag.{path[-1]}.{flag.name}"
    yield f"explain.flag.{flag.name}"


def english(text: str) -> str:
    """The CLI's own line, made safe to show as text."""
    return inline_code(text, longest=300) if text else ""


def _value(value: Value, speech: Speech) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return inline_code(value, longest=LONGEST_VALUE) or "`''`"
    return speak(value, speech)
