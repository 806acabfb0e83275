"""The latest part of an endless output, and a pace for who produces it too fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class KeptOutput:
    """The last bytes of an output; a place in it is counted from its very beginning."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = bytearray()
        self.end = 0
        """The place after the last byte."""

    @property
    def start(self) -> int:
        """The place of the oldest byte that is still there."""
        return self.end - len(self._bytes)

    def add(self, piece: bytes) -> None:
        """Some more; what is oldest gives way."""
        self._bytes += piece
        self.end += len(piece)
        if len(self._bytes) > self._most:
            del self._bytes[: len(self._bytes) - self._most]

    def after(self, place: int, most: int) -> bytes:
        """Bytes from this place on; from the oldest if that is younger."""
        begin = max(place - self.start, 0)
        return bytes(self._bytes[begin : begin + most])


class Pace:
    """Lets a number of bytes through in each second, and as many at once after a rest."""

    def __init__(
        self,
        bytes_per_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bytes_per_s = bytes_per_s
        self._clock = clock
        self._sleep = sleep
        self._free_at = clock()

    async def let_through(self, count: int) -> None:
        """Return when this many more may pass."""
        now = self._clock()
        # A second of rest is saved up, and no more.
        self._free_at = max(self._free_at, now - 1) + count / self._bytes_per_s
        if self._free_at > now:
            await self._sleep(self._free_at - now)
