"""A file that is touched while a service looks after the home: how long was nobody there?"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


class Heartbeat:
    """The last sign of life of this home's service."""

    def __init__(self, file: Path, *, now: Callable[[], float] = time.time) -> None:
        """`now` is in seconds since 1970, as the times of files are."""
        self._file = file
        self._now = now

    def beat(self) -> None:
        """Somebody is here. Raises `OSError`."""
        self._file.touch(mode=0o600)

    def away_s(self) -> float:
        """Seconds since the last sign, 0 when there never was one: nothing can be left then."""
        try:
            return max(0.0, self._now() - self._file.stat().st_mtime)
        except FileNotFoundError:
            return 0.0
