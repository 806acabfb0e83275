"""Files that a mount hides: what lies in an image where a folder or a volume was put over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.terminal.error_help.model import ErrorHelp
from lessons.docker_grammar import DockerCommand

_MISSES_A_FILE: Final = re.compile(
    r"no such file|cannot find module|can'?t open|could not open|: not found", re.IGNORECASE
)
_PATH: Final = re.compile(r"(?<![\w./-])/[\w.@+-][\w./@+-]{0,250}")
_TARGET_KEYS: Final = frozenset({"target", "dst", "destination"})


def mounts_of(command: DockerCommand) -> Iterator[str]:
    """The paths in the container over which `docker run` puts something."""
    for volume in command.values_of("volume"):
        source, _, rest = (volume or "").partition(":")
        if source and rest:
            yield rest.partition(":")[0]
    for mount in command.values_of("mount"):
        for setting in (mount or "").split(","):
            name, _, value = setting.partition("=")
            if name.strip() in _TARGET_KEYS:
                yield value


def hidden_by_mount(targets: Iterable[str], text: str) -> ErrorHelp | None:
    """A program missed a file below one of these mounts; None when it did not.

    Whether the image has that file nobody can tell any more, and it does not matter: only what is
    in the mount can be seen there.
    """
    over = tuple(clean for target in targets if (clean := target.rstrip("/")).startswith("/"))
    for line in reversed(text.splitlines()) if over else ():
        if not _MISSES_A_FILE.search(line):
            continue
        for path in _PATH.findall(line):
            target = next((each for each in over if path.startswith(f"{each}/")), None)
            if target is not None:
                values = {"path": target, "file": path.rstrip(".")}
                return ErrorHelp("mount_hides_files", values)
    return None
