"""The ends that newcomers stumble over, as keys of the text catalogue.

Each key names one sentence: what happened and what to do. They are about limits and about what a
chat can't do; errors are explained by `error_help`.
"""

from __future__ import annotations

import re
from typing import Literal

EDITORS = frozenset({"vi", "vim", "view", "vimdiff", "ex", "nano", "pico", "emacs"})
"""Programs that draw a whole screen and would wait, unseen, until the time limit."""

_WANTS_SCREEN = re.compile(
    r"failed tty get|TERM environment variable not set|Error opening terminal"
    r"|Output is not to a terminal",
    re.IGNORECASE,
)
_READS_INPUT = re.compile(
    r"^\s*(?:cat|tee|sort|wc|sh|bash|ash|python3?|read)(?:\s+-\w+)*\s*$"
    r"|^\s*docker\s+(?:container\s+)?(?:run|exec)\s(?:.*\s)?(?:-[a-z]*i[a-z]*|--interactive)\s"
    r"|^\s*docker\s+(?:container\s+)?attach\s"
)
_FED = re.compile(r"[|<]")

_UNREADABLE = "\ufffd"
_LEAST_UNREADABLE = 8
_BINARY_SHARE = 20
"""One unreadable character of this many makes an output binary."""


def advice_for(
    line: str,
    output: str,
    *,
    limit: Literal["time", "output", "lines"] | None = None,
) -> str | None:
    """The key of the sentence that helps after this end, or None when it needs none.

    `output` may be a part of all output, its end at least.
    """
    if _WANTS_SCREEN.search(output):
        return "terminal.advice.screen"
    if limit is not None:
        return f"terminal.limit.{limit}"
    if is_binary(output):
        return "terminal.advice.binary"
    if not output.strip() and reads_input(line):
        return "terminal.advice.input"
    return None


def is_editor(line: str) -> bool:
    """Whether the line does nothing but open an editor."""
    return line.split(maxsplit=1)[0] in EDITORS and not _FED.search(line)


def is_binary(output: str) -> bool:
    """Whether so much of it is unreadable that it can't be text."""
    unreadable = output.count(_UNREADABLE) + output.count("\0")
    return unreadable >= _LEAST_UNREADABLE and unreadable * _BINARY_SHARE >= len(output)


def reads_input(line: str) -> bool:
    """Whether the command would wait for somebody to type."""
    return bool(_READS_INPUT.search(line + " ")) and not _FED.search(line)
