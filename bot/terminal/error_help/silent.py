"""Mistakes that succeed: the exit code is 0, and what happened is not what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.terminal.error_help.model import ErrorHelp
from bot.terminal.error_help.typed import docker_commands, runs_of
from bot.terminal.vocabulary import words
from lessons.docker_grammar import DockerCommand

_LISTING: Final = words("ls list all ps show")
_ONLY_HEADER: Final = re.compile(r"\s*REPOSITORY\s+TAG\s[^\n]*\n?\s*|\s*IMAGE\s+ID\s[^\n]*\n?\s*")
_LEAST_BYTES: Final = 6 * 2**20
"""Docker refuses less."""

_MIB: Final = 2**20


def silent_mistake(line: str, output: str) -> ErrorHelp | None:
    """The first mistake of this kind that the line makes, or None."""
    return next(_images_of_that_name(line, output), None) or next(_of_runs(line), None)


def _images_of_that_name(line: str, output: str) -> Iterator[ErrorHelp]:
    """`docker images ls` lists the images that are called `ls`."""
    for command in docker_commands(line):
        asked = command.arguments[:1]
        if command.written != ("images",) or not _LISTING.intersection(asked):
            continue
        if _ONLY_HEADER.fullmatch(output.partition("\n\n")[0]):
            yield ErrorHelp("images_of_that_name", {"word": asked[0]})


def _of_runs(line: str) -> Iterator[ErrorHelp]:
    for command in runs_of(line):
        yield from _of_ports(command)
        for volume in command.values_of("volume"):
            if volume and ":" not in volume and not volume.startswith(("/", "$", "`")):
                yield ErrorHelp("anonymous_volume", {"volume": volume})
        for size in command.values_of("memory"):
            if size and size.isdecimal() and _is_no_round_number(int(size[:20])):
                yield ErrorHelp("memory_in_bytes", {"value": size})


def _of_ports(command: DockerCommand) -> Iterator[ErrorHelp]:
    published = [port for port in command.values_of("publish") if port]
    if not published:
        return
    if "host" in command.values_of("network"):
        yield ErrorHelp("ports_of_host_network", {"value": published[0]})
    for port in published:
        if re.fullmatch(r"[0-9]{1,5}(?:/(?:tcp|udp))?", port):
            number = port.partition("/")[0]
            container = next((name for name in command.values_of("name") if name), "")
            yield ErrorHelp("random_port", {"port": number, "container": container})


def _is_no_round_number(size: int) -> bool:
    """Who means bytes writes a multiple of a mebibyte, such as 67108864."""
    return size >= _LEAST_BYTES and size % _MIB != 0
