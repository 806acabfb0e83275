"""A file that says that the bot is connected to Discord, for those who look from outside.

It is there while the bot is connected, with the bot's name in it, and is touched every few seconds:
a bot that hangs lets it grow old. `python -m bot.alive FILE` exits with 0 when the file is fresh;
it is the health check of compose.yaml.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Final

import structlog

BEAT_S: Final = 5.0
OLD_AFTER_S: Final = 20.0
"""A busy machine may let a few beats come late."""

log = structlog.get_logger(__name__)


class ReadyFile:
    """Keeps the file true. Errors of the disk are logged: the bot serves on without the file."""

    def __init__(self, path: Path, *, beat_s: float = BEAT_S) -> None:
        self._path = path
        self._beat_s = beat_s
        self._name: str | None = None

    def connected(self, name: str) -> None:
        """The bot serves from now on, under this name."""
        self._name = name
        self._write(name)

    def lost(self) -> None:
        """Discord can't be heard any more, or the bot leaves; safe to repeat."""
        self._name = None
        self._path.unlink(missing_ok=True)

    async def beat(self) -> None:
        """Touch the file every few seconds while the bot is connected; never returns."""
        while True:
            await asyncio.sleep(self._beat_s)
            if self._name is not None:
                self._refresh(self._name)

    def _refresh(self, name: str) -> None:
        try:
            os.utime(self._path)
        except OSError:
            self._write(name)

    def _write(self, name: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(f"{name}\n", encoding="utf-8")
        except OSError as exc:
            log.warning("ready_file_not_written", path=str(self._path), detail=str(exc))


def is_fresh(path: Path, *, now: float) -> bool:
    """Whether the file was touched a moment ago; `now` is seconds since the epoch."""
    try:
        return now - path.stat().st_mtime < OLD_AFTER_S
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """The exit code: 0 when the file that is named is fresh."""
    return 0 if is_fresh(Path(arguments[0]), now=time.time()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
