"""What is typed in a lab and can't run here, but was meant for a terminal: one line that helps.

Only what nobody says in a conversation: a whole message of one habit of the terminal (`clear`,
`man docker`, `apt update`), or docker's name misspelt before one of its commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from bot.terminal.hangul import has_hangul
from bot.terminal.shell_words import is_command
from bot.terminal.typing import repair
from bot.terminal.vocabulary import (
    DOCKER,
    DOCKER_COMMANDS,
    ENGLISH_HELPERS,
    HELPERS,
    words,
)

DOCKER_IN_KOREAN: Final = words("도커 독커 도꺼 닥커")
MOST_SLIPS: Final = 2
"""So many letters of `docker` may be wrong, missing, doubled or swapped."""

_INSTALLERS: Final = words("apt apt-get aptitude yum dnf apk brew snap pip pip3 npm choco winget")
_INSTALLS: Final = words("update upgrade install add search remove full-upgrade dist-upgrade i")
_LEAVING: Final = words("exit logout quit reboot shutdown poweroff halt")
_MANUALS: Final = DOCKER | DOCKER_COMMANDS | HELPERS
_WORD = re.compile(r"[A-Za-z][\w.-]*|[가-힣]+")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The key of a sentence that helps, with its values; `line` is a command to offer."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


def near_miss(content: str) -> NearMiss | None:
    """What was meant by a message that is no command; None for talk."""
    line = repair(content.strip().strip("`").strip()).line
    found = _WORD.match(line)
    if found is None or "\n" in line:
        return None
    word, tail = found[0].lower(), line[found.end() :].strip()
    if line[found.end() : found.end() + 1].strip():
        return None  # the word goes on: `help!`, `도커를`
    if word == "sudo":
        return _after_sudo(tail)
    return _misspelt_docker(word, tail) or _habit(word, tail) or _bare_docker(word, tail)


def _after_sudo(tail: str) -> NearMiss | None:
    known = not tail or _first(tail) in _AFTER_SUDO
    return near_miss(tail) or (NearMiss("terminal.near.sudo") if known else None)


def _misspelt_docker(word: str, tail: str) -> NearMiss | None:
    """`dokcer ps`, `도커 ps`; the name alone may be anything."""
    if word in DOCKER or not _follows_docker(tail):
        return None
    near = OSA.distance(word, "docker", score_cutoff=MOST_SLIPS) <= MOST_SLIPS
    if not (word in DOCKER_IN_KOREAN or (near and word[0] in "dks")):
        return None
    meant = f"docker {tail}"
    return NearMiss("terminal.near.docker", {"line": meant}) if is_command(meant) else None


def _follows_docker(tail: str) -> bool:
    word = _first(tail)
    return word in DOCKER_COMMANDS or bool(re.match(r"-{1,2}[a-z]", word))


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0] if text else ""


def _habit(word: str, tail: str) -> NearMiss | None:
    if not tail:
        return _ALONE.get(word)
    if word == "man" and _MANUALS.issuperset(re.split(r"[\s-]+", tail)):
        return NearMiss("terminal.near.man")
    if word in _INSTALLERS and _first(tail) in _INSTALLS and not has_hangul(tail):
        return NearMiss("terminal.near.install")
    return None


def _bare_docker(word: str, tail: str) -> NearMiss | None:
    """`run -d nginx`: docker was left out. Only a flag tells it from a sentence."""
    meant = f"docker {word} {tail}"
    known = word in DOCKER_COMMANDS - HELPERS - ENGLISH_HELPERS
    if known and re.match(r"-{1,2}[a-z]", tail) and is_command(meant):
        return NearMiss("terminal.near.docker", {"line": meant})
    return None


_AFTER_SUDO: Final = _INSTALLERS | _LEAVING | words("su -i -s bash sh systemctl service clear")
_ALONE: Final[Mapping[str, NearMiss]] = {
    **dict.fromkeys(("clear", "cls", "reset"), NearMiss("terminal.near.clear")),
    **dict.fromkeys(_LEAVING, NearMiss("terminal.near.exit")),
    "help": NearMiss("terminal.near.help"),
    "man": NearMiss("terminal.near.man"),
    "sudo": NearMiss("terminal.near.sudo"),
    "su": NearMiss("terminal.near.sudo"),
}
