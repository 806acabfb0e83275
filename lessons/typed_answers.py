"""Whether two docker commands mean the same: what a learner typed as an answer, and the answer.

Flags may stand in any order, in their short or long form, and `docker container run` is `docker
run`. Nothing may be missing and nothing may be added: an answer is not a guess with more in it.
"""

from __future__ import annotations

from collections import Counter

from lessons.command_line import simple_commands
from lessons.docker_grammar import TAKES_IMAGE_FIRST, DockerCommand, read_docker
from lessons.references import same_image

_ORDER_IS_FREE = {
    *(("container", verb) for verb in ("kill", "pause", "restart", "rm", "start", "stop")),
    *(("container", verb) for verb in ("unpause", "wait", "inspect")),
    *((group, "rm") for group in ("image", "network", "volume")),
    *((group, "inspect") for group in ("image", "network", "volume")),
    ("inspect",),
}
"""What takes several names does the same to each, in whatever order they stand."""


def read_answer(line: str) -> DockerCommand | None:
    """The one docker command of a line; None when there is none, or more than that."""
    commands = simple_commands(line)
    return read_docker(commands[0]) if len(commands) == 1 else None


def same_answer(wanted: DockerCommand, line: str) -> bool:
    """Whether the line is this command, however it is written."""
    actual = read_answer(line)
    return (
        actual is not None
        and (actual.path, actual.help, actual.version) == (wanted.path, wanted.help, wanted.version)
        and Counter(actual.options) == Counter(wanted.options)
        and _same_arguments(wanted, actual)
    )


def _same_arguments(wanted: DockerCommand, actual: DockerCommand) -> bool:
    if wanted.path in _ORDER_IS_FREE:
        return Counter(wanted.arguments) == Counter(actual.arguments)
    if wanted.path in TAKES_IMAGE_FIRST and wanted.arguments and actual.arguments:
        image, *rest = wanted.arguments
        typed_image, *typed_rest = actual.arguments
        both_ways = same_image(image, typed_image) and same_image(typed_image, image)
        return both_ways and rest == typed_rest
    return wanted.arguments == actual.arguments
