"""The texts of commands and flags: complete where learners need them, and none too many."""

from __future__ import annotations

import pytest

from bot.explain import describe_command, describe_flag
from bot.explain.cli_table import Command, Flag, cli_table
from bot.explain.docker_words import read_docker_words
from bot.explain.explaining import PROGRAMS
from bot.explain.saying import command_key, flag_keys
from bot.texts import LANGUAGES, Language, Texts
from tests.unit.explain.lesson_lines import every_line, right_lines
from tests.unit.explain.test_lines import docker_steps

FEWEST_FLAGS = 250
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@IN_LANGUAGE
def test_every_command_has_a_text(language: Language, texts: Texts) -> None:
    """Of docker, compose and buildx, groups too."""
    speech = texts.for_language(language)
    commands = [command for command in cli_table().commands if command.path]
    assert len(commands) > 150
    assert [c.path for c in commands if command_key(c) not in speech] == []


def has_text(command: Command, flag: Flag, texts: Texts) -> bool:
    """Whether the flag has a text of ours."""
    return any(key in texts.for_language("ko") for key in flag_keys(command, flag))


def test_enough_flags_have_a_text(texts: Texts) -> None:
    """Different texts, not the same one counted for every command."""
    english = texts.for_language("en")
    used = {
        next((key for key in flag_keys(command, flag) if key in english), None)
        for command in cli_table().commands
        for flag in command.flags.values()
    }
    assert len(used - {None}) >= FEWEST_FLAGS


def test_every_flag_of_lessons_has_a_text(texts: Texts) -> None:
    """Also those that only the prose of a lesson names."""
    lacking = set()
    for line in every_line():
        for step in docker_steps(line):
            found = read_docker_words(step.words)
            if found.command is None:
                continue
            for given in found.given:
                command = cli_table().find(given.path)
                if command is None or not has_text(command, given.flag, texts):
                    lacking.add((given.path, given.flag.name))
    assert lacking == set()


def test_all_flags_of_what_learners_use_most_have_a_text(texts: Texts) -> None:
    """Everything that run, exec, ps, logs, build, pull, rm, compose up and their like take."""
    used = [
        ("run",), ("create",), ("exec",), ("ps",), ("logs",), ("rm",), ("stop",), ("start",),
        ("restart",), ("inspect",), ("image", "ls"), ("rmi",), ("pull",), ("push",),
        ("buildx", "build"), ("cp",), ("stats",), ("volume", "create"), ("volume", "rm"),
        ("network", "create"), ("network", "connect"), ("system", "prune"), ("compose",),
        ("compose", "up"), ("compose", "down"), ("compose", "ps"), ("compose", "logs"),
        ("compose", "exec"), ("compose", "run"), (),
    ]  # fmt: skip
    commands = [found for path in used if (found := cli_table().find(path)) is not None]
    assert len(commands) == len(used)
    lacking = [
        (command.path, flag.name)
        for command in commands
        for flag in command.flags.values()
        if not has_text(command, flag, texts)
    ]
    assert lacking == []


def test_no_text_is_for_nothing(texts: Texts) -> None:
    """A text of a command or flag that the CLI doesn't have is a mistake, or out of date."""
    table = cli_table()
    commands = {command_key(command) for command in table.commands}
    flags = {
        key
        for command in table.commands
        for flag in command.flags.values()
        for key in flag_keys(command, flag)
    }
    english = texts.for_language("en")
    assert [k for k in english if k.startswith("explain.command.") and k not in commands] == []
    assert [k for k in english if k.startswith("explain.flag.") and k not in flags] == []


@IN_LANGUAGE
def test_every_program_has_a_text(language: Language, texts: Texts) -> None:
    """And no text is without its program."""
    speech = texts.for_language(language)
    named = {
        key.removeprefix("explain.program.") for key in speech if key.startswith("explain.program.")
    }
    assert named - {"other", "open"} == PROGRAMS


def test_other_features_can_ask(texts: Texts) -> None:
    """By any name of a command and of a flag; what there isn't is None."""
    korean, english = texts.for_language("ko"), texts.for_language("en")

    assert describe_command(("ps",), english) == describe_command(("container", "ls"), english)
    assert "목록" in (describe_command(("ps",), korean) or "")
    assert describe_flag(("run",), "-d", english) == describe_flag(
        ("container", "run"), "detach", english
    )
    assert "백그라운드" in (describe_flag(("run",), "--detach", korean) or "")
    assert describe_command(("frobnicate",), english) is None
    assert describe_flag(("run",), "--frobnicate", english) is None
    assert describe_flag(("frobnicate",), "-d", english) is None


def test_what_has_no_text_shows_the_line_of_the_cli(texts: Texts) -> None:
    """In English, as code."""
    table = cli_table()
    command, flag = next(
        (command, flag)
        for command in table.commands
        for flag in command.flags.values()
        if not has_text(command, flag, texts)
    )
    assert describe_flag(command.path, flag.name, texts.for_language("ko")) == f"`{flag.text}`"


def test_lessons_have_lines() -> None:
    """The tests above looked at something."""
    assert len(right_lines()) > 100
