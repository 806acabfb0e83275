"""Output on its way to a screen: taken in so that a flood leaves time to other learners."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from bot.features.terminal._render import View

SLICE: Final = 1024
"""So many characters at a time go to the screen."""

NOTICEABLE_S: Final = 0.0005
"""A slice that takes longer leaves as much time to other learners: a flood gets half at most."""

BURST: Final = 262_144
CHARACTERS_PER_S: Final = 98_304
"""A flood of a live screen is slowed down to what costs the bot little; nobody reads faster."""


async def take_in(view: View, piece: str) -> None:
    """Put a piece of output on the screen of a view."""
    for at in range(0, len(piece), SLICE):
        begun = time.perf_counter()
        view.add(piece[at : at + SLICE])
        busy_s = time.perf_counter() - begun
        if busy_s > NOTICEABLE_S:
            await asyncio.sleep(busy_s)


class Allowance:
    """How much output is taken in at once: some at any time, then so much in a second."""

    def __init__(self, burst: int = BURST, per_s: int = CHARACTERS_PER_S) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = float(burst)
        self._at = time.monotonic()

    async def spend(self, count: int) -> None:
        """Wait until so much may be taken in."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s) - count
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._per_s)
