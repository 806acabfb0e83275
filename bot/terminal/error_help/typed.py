"""What the learner typed, as far as an explanation needs it: the docker commands of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.terminal.vocabulary import words
from lessons.command_line import simple_commands
from lessons.docker_grammar import DockerCommand, read_docker

RUN: Final = frozenset({("container", "run"), ("container", "create")})
_ONE_CONTAINER: Final = words(
    "attach commit diff exec export kill logs pause port rename restart rm start stats stop top"
    " unpause update wait"
)
_ONE_IMAGE: Final = frozenset(
    ("image", word) for word in ("pull", "push", "rm", "inspect", "history", "tag", "save")
)
_ENDS_THEM: Final = frozenset(
    (group, word)
    for group in ("container", "compose")
    for word in ("wait", "stop", "kill", "rm", "down", "prune")
)
_RUN_FLAGS: Final = words(
    "-d --detach -p --publish -P --publish-all -v --volume --mount -e --env --env-file --name --rm"
    " --network --net -it -ti -i -t --interactive --tty -m --memory --cpus --restart --label -l"
    " --hostname -h -u --user -w --workdir"
)
_PUBLISHED: Final = re.compile(r"-p[0-9]")
LONGEST_LINE: Final = 4000


def docker_commands(line: str) -> tuple[DockerCommand, ...]:
    """Every docker command that the line runs for sure, in their order."""
    found = (read_docker(each) for each in simple_commands(line[:LONGEST_LINE]))
    return tuple(command for command in found if command is not None)


def runs_of(line: str) -> Iterator[DockerCommand]:
    """Those that make a container, and are not asked for help."""
    return (each for each in docker_commands(line) if each.path in RUN and not each.help)


def background_starts(line: str) -> tuple[DockerCommand, ...]:
    """The commands that leave containers running behind them.

    None for a line that also waits for them, or ends them.
    """
    commands = docker_commands(line)
    if any(command.path in _ENDS_THEM for command in commands):
        return ()
    return tuple(command for command in commands if _starts_in_background(command))


def _starts_in_background(command: DockerCommand) -> bool:
    options = names_of(command)
    if command.help:
        return False
    match command.path:
        case ("container", "run"):
            return "detach" in options
        case ("compose", "up"):
            return bool(options & {"detach", "wait"})
        case ("container", "start"):
            return not options & {"attach", "interactive"}
        case ("container" | "compose", "restart") | ("compose", "start"):
            return True
    return False


def names_of(command: DockerCommand) -> frozenset[str]:
    """The options that were given, by their long names."""
    return frozenset(name for name, _ in command.options)


def typed_container(line: str) -> str | None:
    """The container that the last docker command is about, when it is about one."""
    for command in reversed(docker_commands(line)):
        if command.path in RUN:
            return next((name for name in command.values_of("name") if name), None)
        if command.path[:1] == ("container",) and command.path[1:2][0] in _ONE_CONTAINER:
            return command.arguments[0] if command.arguments else None
    return None


def typed_image(line: str) -> str | None:
    """The image that the last docker command is about."""
    for command in reversed(docker_commands(line)):
        if command.path in RUN or command.path in _ONE_IMAGE:
            return command.arguments[0] if command.arguments else None
    return None


def option_after_image(command: DockerCommand) -> str | None:
    """An option of `docker run` that stands after the image, where it is the program to run."""
    first = command.arguments[1] if len(command.arguments) > 1 else ""
    is_flag = first.partition("=")[0] in _RUN_FLAGS or bool(_PUBLISHED.match(first))
    return first if is_flag else None


def group_and_word(line: str) -> tuple[str, str] | None:
    """`container` and `lst` of `docker container lst`: words that the grammar could not know."""
    for command in reversed(docker_commands(line)):
        if len(command.written) > 1:
            return command.written[0], command.written[1]
    return None
