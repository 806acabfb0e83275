"""The ends that newcomers stumble over, as keys of the text catalogue.

Each key names one sentence: what happened and what to do. The wording of programs is only looked at
where nothing else tells; the full explanation of errors has a place of its own.
"""

from __future__ import annotations

import re
from typing import Literal

EXIT_CODES = frozenset({125, 126, 127, 130, 137, 139, 143})
"""Exit codes that mean something by themselves; each has a text `terminal.exit.<code>`."""

EDITORS = frozenset({"vi", "vim", "view", "vimdiff", "ex", "nano", "pico", "emacs"})
"""Programs that draw a whole screen and would wait, unseen, until the time limit."""

_WANTS_TERMINAL = re.compile(
    r"the input device is not a TTY"
    r"|cannot attach stdin to a TTY-enabled container"
    r"|from a non[- ]TTY device",
    re.IGNORECASE,
)
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
_NO_IMAGE = re.compile(r"no such image in the mirror")
_NO_PROGRAM = re.compile(r"executable file not found in \$PATH")
_LOGIN = re.compile(r"^\s*docker\s+log(?:in|out)\b")
_SEARCH = re.compile(r"^\s*docker\s+search\b")
_PUSH = re.compile(r"^\s*docker\s+(?:image\s+)?push\b")
_FED = re.compile(r"[|<]")

_UNREADABLE = "\ufffd"
_LEAST_UNREADABLE = 8
_BINARY_SHARE = 20
"""One unreadable character of this many makes an output binary."""


def advice_for(
    line: str,
    output: str,
    *,
    exit_code: int | None,
    limit: Literal["time", "output", "lines"] | None = None,
) -> str | None:
    """The key of the sentence that helps after this end, or None when it needs none.

    `output` may be a part of all output, its end at least.
    """
    if wanted := _not_here(line, output, exit_code) or _wanted_but_missing(output):
        return wanted
    if limit is not None:
        return f"terminal.limit.{limit}"
    if exit_code in EXIT_CODES:
        return f"terminal.exit.{exit_code}"
    if is_binary(output):
        return "terminal.advice.binary"
    if not output.strip() and reads_input(line):
        return "terminal.advice.input"
    return None


def _not_here(line: str, output: str, exit_code: int | None) -> str | None:
    """What a sandbox without internet, or a small image, does not have."""
    if _LOGIN.search(line) and exit_code:
        return "terminal.advice.login"
    if _NO_IMAGE.search(output):
        if _SEARCH.search(line):
            return "terminal.advice.search"
        return "terminal.advice.push" if _PUSH.search(line) else "terminal.advice.no_image"
    if exit_code in {126, 127} and _NO_PROGRAM.search(output):
        return "terminal.advice.no_program"
    return None


def _wanted_but_missing(output: str) -> str | None:
    if _WANTS_TERMINAL.search(output):
        return "terminal.advice.terminal"
    return "terminal.advice.screen" if _WANTS_SCREEN.search(output) else None


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
