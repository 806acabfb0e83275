"""Whether a line is a command for the lab, or just talk.

A command begins with `docker` or with a shell word that lessons use; settings (`NAME=web docker …`)
and groups count when a command follows. Words that begin English sentences as well (`find`,
`which`, `time` …) need a second look: only a flag, a path, a loop or a shell operator makes them
a command. A path of one's own (`./run.sh`) is a command, too. Sentences about commands are talk;
see prose.py.
"""

from __future__ import annotations

import re

from bot.terminal.prose import is_prose
from bot.terminal.vocabulary import (
    DOCKER,
    DOCKER_COMMANDS,
    ENGLISH_HELPERS,
    HELPERS,
    words,
)

_FIRST_WORD = re.compile(r"[^\s;|&<>()]+")
_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=\S*\s+")
_OPENING = re.compile(r"(?:[({!]\s*|sudo\s+(?=\S))+")
_LOOKS_LIKE_SHELL = re.compile(r"(?:^|\s)(?:-{1,2}[A-Za-z]|[./~$*]|\S*/)|[|;<>]|&&|\.\w+\b|^\d")
_LOOP = re.compile(r"(?:for\s+\w+\s+in\b|while\b|until\b|if\b|case\b.+\bin\b).*?[;\n]", re.DOTALL)
_ALONE = frozenset({"alias", "date", "env", "export", "history", "id", "top"})
_NEVER_ENGLISH = words("cd chmod cp curl grep ls mkdir mv printf pwd rm sed wget")
_ENGLISH_WITH_A_CAPITAL = words("cat echo tar")
"""A sentence may begin so: only a file, a flag or an operator makes them a command."""
_WATCHED = re.compile(r"docker\s+([a-z]+)\b")
_PATH = re.compile(r"(?:\.{1,2}|~)/[\w.-][\w./-]*|/[\w.-]+/[\w./-]+")
"""`/start` is none: that is how a Discord command looks that was sent as a message."""


def is_command(line: str) -> bool:
    """Whether the lab runs this line; `line` is already mended."""
    rest = _after_settings(line.strip())
    found = _FIRST_WORD.match(rest)
    if not found:
        return False
    word, tail = found[0], rest[found.end() :].strip()
    if is_prose(rest):
        return False
    if word in DOCKER | HELPERS or _PATH.fullmatch(word):
        return True
    return word in ENGLISH_HELPERS and _is_more_than_english(word, tail, rest)


def without_sudo(line: str) -> str:
    """The line without a leading `sudo`: learners are root in their sandbox and need none."""
    return re.sub(r"^sudo\s+(?=[a-z])", "", line)


def as_docker_command(text: str) -> str:
    """What `/docker` runs: `docker` may be left out, and shell words work too."""
    found = _FIRST_WORD.match(text)
    word = found[0] if found else ""
    if word not in DOCKER_COMMANDS and is_command(text):
        return text
    return text if word in DOCKER else f"docker {text}"


def with_small_letters(line: str) -> str:
    """Undo the capital that a phone gives the first letter: `Docker ps`, `Ls -l`."""
    found = re.match(r"([A-Za-z-]+)(?:\s+(\S+))?", line)
    if not found or found[1].islower():
        return line
    word, following = found[1].lower(), found[2] or ""
    if word in DOCKER:
        # "Docker is great" is talk; "Docker ps" is not.
        fits = following.lower() in DOCKER_COMMANDS or following.startswith("-") or not following
    elif word in _ENGLISH_WITH_A_CAPITAL:
        fits = bool(_LOOKS_LIKE_SHELL.search(line[found.end(1) :]))
    else:
        fits = word in _NEVER_ENGLISH
    return word + line[found.end(1) :] if fits else line


def _is_more_than_english(word: str, tail: str, rest: str) -> bool:
    if not tail:
        return word in _ALONE
    if word == "watch" and (found := _WATCHED.match(tail)):
        return found[1] in DOCKER_COMMANDS
    if word == "which":
        return bool(re.fullmatch(r"[a-z][a-z0-9-]*", tail))
    return bool(_LOOP.match(rest) or _LOOKS_LIKE_SHELL.search(tail))


def _after_settings(line: str) -> str:
    """The line after `NAME=value`, `(`, `{`, `!` and `sudo`, which a command may follow."""
    while found := (_SETTING.match(line) or _OPENING.match(line)):
        line = line[found.end() :]
    return line
