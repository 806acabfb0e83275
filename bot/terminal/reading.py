"""From a message, or the option of a slash command, to the command in it.

A message is a command when it begins with one: bare, after a pasted `$ `, in a code block or
between single backticks. Everything else that people write in the lab is talk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.terminal.shell_words import (
    as_docker_command,
    is_command,
    with_small_letters,
    without_sudo,
)
from bot.terminal.typing import repair

_BLOCK = re.compile(r"```(?:[a-zA-Z]{1,12}\n)?(.*?)```", re.DOTALL)
_INLINE = re.compile(r"(`{1,2})([^`\n]+)\1")
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
"""No shell takes these, and no JSON carries half a surrogate pair."""
_PROMPT = re.compile(r"^[ \t]*\$[ \t]+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as the lab runs it; `repaired` says that it differs from what was typed."""

    line: str
    repaired: bool


def read_message(content: str) -> Typed | None:
    """The command in a message, or None when the message is talk."""
    for candidate in _candidates(content):
        typed = _read(candidate)
        if is_command(typed.line):
            return typed
    return None


def read_option(text: str) -> Typed | None:
    """The command in the option of `/docker`, or None when it is blank."""
    block = _BLOCK.search(text)
    typed = _read(block[1] if block else text)
    if not typed.line:
        return None
    return Typed(as_docker_command(typed.line), typed.repaired)


def _candidates(content: str) -> list[str]:
    blocks = [found[1] for found in _BLOCK.finditer(content)]
    inline = _INLINE.fullmatch(content.strip())
    if inline:
        return [inline[2]]
    # The text around a block explains it, unless the fences are a part of the command itself.
    return [*blocks, content]


def _read(candidate: str) -> Typed:
    bare = _PROMPT.sub("", _UNSENDABLE.sub("", candidate)).strip()
    mended = repair(bare).line.strip()
    line = with_small_letters(without_sudo(mended))
    return Typed(line, repaired=line != bare)
