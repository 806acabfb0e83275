"""Which known error an output ends with: the table first, then what the line and the code tell."""

from __future__ import annotations

import re
import string
from collections import deque
from collections.abc import Iterator
from typing import Final

from bot.terminal.error_help.known import EXIT_CODES, TABLE
from bot.terminal.error_help.model import ErrorHelp, Known
from bot.terminal.error_help.mounts import hidden_by_mount, mounts_of
from bot.terminal.error_help.silent import silent_mistake
from bot.terminal.error_help.typed import (
    docker_commands,
    group_and_word,
    option_after_image,
    runs_of,
    typed_container,
    typed_image,
)
from bot.terminal.escape import without_sequences
from bot.terminal.vocabulary import words

LOOKED_AT: Final = 4000
"""So many characters from the end of the output are looked at."""

_DOCKER_ITSELF: Final = 125
"""With another exit code the image came, and what failed is the program in it."""

_NEEDS_A_PROGRAM: Final = frozenset({125, 126, 127})
_REFUSED: Final = re.compile(
    r"curl: \(7\) Failed to connect to (?:localhost|127\.0\.0\.1) port (?P<port>\d{1,5})"
)
MOST_MARKS: Final = 3
AROUND: Final = 500
"""So far before and after a mark its message reaches."""

_SMALL: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_ABOUT_THE_IMAGE: Final = words(
    "bad_image_name image_in_capitals not_in_mirror no_image_for_cpu no_such_program"
    " no_such_program_file tag_not_found image_not_found"
)
_ABOUT_THE_CONTAINER: Final = words(
    "attach_to_stopped being_removed not_running paused_before_exec paused_before_removal"
    " restarting still_running"
)
"""Errors about what the command names: where the message has an id, the line has the name."""

_PLUGINS: Final = frozenset({"compose", "buildx"})


def explain_failure(line: str, output: str, exit_code: int | None) -> ErrorHelp | None:
    """The error that this command met, or None: it met none, or one that we don't know.

    `output` may be a part of all output, its end at least. A command without an exit code was ended
    from outside, which is no error of its own.
    """
    if exit_code is None:
        return None
    text = without_sequences(output[-LOOKED_AT:])
    if exit_code == 0:
        found = _newest(text, warnings=True) if "compose" in line else None
        return found or silent_mistake(line, text)
    found = _newest(text)
    if found is not None and not (found.id == "pulls_first" and exit_code != _DOCKER_ITSELF):
        return _completed(found, line)
    return _of_line(line, text, exit_code) or _of_exit_code(exit_code)


def _newest(text: str, *, warnings: bool = False) -> ErrorHelp | None:
    """The error that was printed last: what came before it was survived. General ones come last.

    Of a command that failed, a warning is the least that can be said.
    """
    ranked = [
        ((not known.general, known.warning is warnings, match.start()), known, match)
        for known, match in _matches(text)
        if known.warning or not warnings
    ]
    if not ranked:
        return None
    _, known, match = max(ranked, key=lambda each: each[0])
    return ErrorHelp(known.id, {key: value for key, value in match.groupdict().items() if value})


def _matches(text: str) -> Iterator[tuple[Known, re.Match[str]]]:
    lowered = text.translate(_SMALL)  # of the same length, as `lower` is not
    for known in TABLE:
        for start, end in _around_marks(known, lowered):
            found = (_last(pattern, text, start, end) for pattern in known.patterns)
            match = next((each for each in found if each is not None), None)
            if match is not None:
                yield known, match


def _around_marks(known: Known, lowered: str) -> Iterator[tuple[int, int]]:
    """The pieces of lines around the newest marks: no more is worth a closer look."""
    for mark in known.marks:
        before = len(lowered)
        for _ in range(MOST_MARKS):
            at = lowered.rfind(mark, 0, before)
            if at < 0:
                break
            line_start = lowered.rfind("\n", 0, at) + 1
            line_end = lowered.find("\n", at)
            line_end = len(lowered) if line_end < 0 else line_end
            yield max(line_start, at - AROUND), min(line_end, at + AROUND)
            before = max(line_start, at - AROUND)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last match of a pattern in this piece, if there is one."""
    found = deque(pattern.finditer(text, start, end), maxlen=1)
    return found[0] if found else None


def _completed(found: ErrorHelp, line: str) -> ErrorHelp:
    """What the message leaves out and the line has: names as they were typed."""
    values = {key: value.rstrip(".,") or value for key, value in found.values.items()}
    if "image" in values:
        values["image"] = _as_typed(values["image"])
    if found.id in _ABOUT_THE_IMAGE and "image" not in values:
        values |= _given("image", typed_image(line))
    if found.id in _ABOUT_THE_CONTAINER and not _is_name(values.get("container")):
        values |= _given("container", typed_container(line))
    return _REFINED.get(found.id, _unchanged)(found.id, values, line)


def _as_typed(image: str) -> str:
    """The name without what docker adds to it."""
    return image.removeprefix("docker.io/").removeprefix("library/").removesuffix(":latest")


def _given(name: str, value: str | None) -> dict[str, str]:
    return {name: value} if value else {}


def _is_name(container: str | None) -> bool:
    """Whether this is what a learner calls a container, and no long id."""
    return bool(container) and not re.fullmatch(r"[0-9a-f]{12,64}", container or "")


def _unchanged(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    return ErrorHelp(error_id, values)


def _plugin(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    is_plugin = values["command"].split()[0] in _PLUGINS
    return ErrorHelp("plugin_missing" if is_plugin else error_id, values)


def _subcommand(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    """Older clients print the help of the group: which word was wrong is in the line alone."""
    typed = group_and_word(line)
    if "command" not in values and typed is not None and typed[0] == values["group"]:
        values["command"] = typed[1]
    if "command" in values:
        values["command"] = values["command"].removeprefix(f"{values['group']} ")
    return ErrorHelp(error_id, values)


def _program(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    """An option behind the image is taken for a program; a mount hides one that is there."""
    for command in runs_of(line):
        typed = option_after_image(command)
        if typed is not None and values.get("program") == typed:
            return ErrorHelp("option_after_image", values | {"flag": typed})
        missing = f"{values.get('program', '')}: no such file"
        if (hidden := hidden_by_mount(mounts_of(command), missing)) is not None:
            return hidden
    return ErrorHelp(error_id, values)


def _arguments(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    """`docker build` without its dot is by far the most frequent of these."""
    command = values["command"].removeprefix("buildx ").removeprefix("image ")
    typed = docker_commands(line)
    is_build = command == "build" and not (typed and typed[-1].arguments)
    return ErrorHelp("build_without_folder" if is_build else error_id, values)


def _memory(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    sizes = [size for command in docker_commands(line) for size in command.values_of("memory")]
    without_unit = [size for size in sizes if size and size.isdecimal()]
    return ErrorHelp(error_id, values | ({"typed": without_unit[-1]} if without_unit else {}))


def _not_here(error_id: str, values: dict[str, str], line: str) -> ErrorHelp:
    """What a sandbox without internet can't do, by what was tried."""
    for command in docker_commands(line):
        if command.path and command.path[-1] in _WITHOUT_INTERNET:
            return ErrorHelp(_WITHOUT_INTERNET[command.path[-1]], values)
    return ErrorHelp(error_id, values)


_WITHOUT_INTERNET: Final = {
    "search": "search_without_internet",
    "push": "push_without_internet",
    "login": "login_without_terminal",
}
_REFINED: Final = {
    "not_in_mirror": _not_here,
    "unknown_command": _plugin,
    "unknown_subcommand": _subcommand,
    "no_such_program": _program,
    "no_such_program_file": _program,
    "wrong_argument_count": _arguments,
    "too_few_arguments": _arguments,
    "too_little_memory": _memory,
}


def _of_line(line: str, text: str, exit_code: int) -> ErrorHelp | None:
    """A failure that has no message of docker's own."""
    refused = list(_REFUSED.finditer(text))
    if refused:
        return ErrorHelp("port_not_published", {"port": refused[-1]["port"]})
    for command in runs_of(line):
        typed = option_after_image(command)
        if typed is not None and exit_code in _NEEDS_A_PROGRAM:
            return ErrorHelp("option_after_image", {"flag": typed, "image": command.arguments[0]})
        if (hidden := hidden_by_mount(mounts_of(command), text)) is not None:
            return hidden
    return None


def _of_exit_code(exit_code: int) -> ErrorHelp | None:
    return ErrorHelp(f"exit_{exit_code}") if exit_code in EXIT_CODES else None
