"""What stands where in a docker command: the names of which things, or one of a few words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal[
    "container", "image", "network", "volume", "service", "anything", "container_path", "mount"
]
"""`container_path` and `mount` are names before a colon."""

OF_FLAGS: Final[Mapping[str, Kind]] = {
    "network": "network", "net": "network", "volume": "mount", "volumes-from": "container",
    "link": "container", "from": "container", "cache-from": "image",
}  # fmt: skip
"""What the value of a flag names, whichever command has the flag."""

_NOT_A_NETWORK: Final = frozenset({("build",), ("image", "build")})

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "restart": ("unless-stopped", "always", "on-failure", "no"),
    "pull": ("missing", "always", "never"),
    "signal": ("SIGTERM", "SIGKILL", "SIGINT", "SIGHUP"),
    "stop-signal": ("SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT"),
    "driver": ("bridge", "host", "none", "local"),
    "progress": ("auto", "plain", "tty", "quiet"),
    "memory": ("128m", "256m", "512m"),
    "cpus": ("0.5", "1"),
    "publish": ("8080:80", "3000:3000", "5432:5432", "6379:6379"),
    "tail": ("10", "50", "100", "all"),
    "user": ("root", "nobody", "1000:1000"),
    "cap-drop": ("ALL",),
    "format": ("json", "table"),
}
"""Words that a flag takes, or examples of its values."""

OF_FILTERS: Final = ("status=running", "status=exited", "name=", "ancestor=", "label=", "dangling=")

POPULAR: Final = (
    "run", "ps", "images", "logs", "exec", "stop", "start", "rm", "rmi", "inspect", "build", "pull",
    "compose", "network", "volume", "container", "image", "system", "stats", "cp", "tag", "ls",
    "up", "down", "create", "prune",
)  # fmt: skip
"""What is typed most, before the alphabet."""

POPULAR_FLAGS: Final = (
    "detach", "all", "name", "publish", "interactive", "tty", "rm", "env", "volume", "network",
    "follow", "tail", "force", "tag", "file", "quiet", "filter", "format", "memory", "cpus",
)  # fmt: skip

_MAKES: Final = frozenset({("network", "create"), ("volume", "create")})
"""What they name is not there yet."""

_WORD: Final = re.compile(r"\[[^\]]*\]|\S+")
_PLACES: Final[Mapping[str, Kind]] = {
    "CONTAINER": "container", "IMAGE": "image", "SOURCE_IMAGE": "image", "NETWORK": "network",
    "VOLUME": "volume", "SERVICE": "service", "SERVICES": "service", "NAME": "anything",
}  # fmt: skip
_WITH_PATH: Final = "CONTAINER:"


def of_flag(path: tuple[str, ...], flag: str) -> Kind | None:
    """What the value of this flag names; None when it names nothing that there is."""
    return None if flag == "network" and path in _NOT_A_NETWORK else OF_FLAGS.get(flag)


def of_place(path: tuple[str, ...], usage: str, number: int) -> Kind | None:
    """What the argument at this place names, counted from 0, by the command's usage."""
    words = [word for word in _WORD.findall(usage) if "OPTIONS" not in word and word != "|"]
    if not words or path in _MAKES:
        return None
    several = words[-1].startswith("[") and "..." in words[-1]
    word = words[number] if number < len(words) else words[-1] if several else ""
    if word.startswith(_WITH_PATH):
        return "container_path"
    name = re.split(r"[|\[:@.]", word.strip("[]"))[0]
    if name == "NAME":
        return {"image": "image", "volume": "volume"}.get(path[0], "anything")  # type: ignore[return-value] # mypy widens it
    return _PLACES.get(name)
