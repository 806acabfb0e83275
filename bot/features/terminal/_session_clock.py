"""The time of a session: how long it runs, since when nobody used it, and when it will end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from bot.classroom.sessions import SessionLimits
from bot.features.terminal._session_card import SessionView

WARN_S: Final = 120.0
"""How long before its end somebody who forgot a session is told."""
BEFORE_SERVICE_S: Final = 10.0
"""Our end comes before that of the service, so that it can be told apart from its limit."""


class Clock:
    """Stands still until its session begins."""

    def __init__(self, view: SessionView) -> None:
        self._view = view
        self._begun = asyncio.Event()
        self._begun_at = 0.0
        self._used_at = 0.0
        self._limits = SessionLimits(time_s=0, idle_s=0)

    @property
    def has_begun(self) -> bool:
        """Whether the session runs, or ran."""
        return self._begun.is_set()

    @property
    def took_ms(self) -> int:
        """How long it has run."""
        return round((time.monotonic() - self._begun_at) * 1000) if self.has_begun else 0

    def idle_s(self) -> float:
        """How long nobody has used it."""
        return time.monotonic() - self._used_at if self.has_begun else 0.0

    def begin(self, limits: SessionLimits) -> None:
        """The session runs now, as long as these limits allow."""
        self._begun_at = self._used_at = time.monotonic()
        self._view.started_at = int(time.time())
        self._limits = limits
        self._begun.set()

    async def begun(self) -> None:
        """Wait until the session runs."""
        await self._begun.wait()

    def note_use(self) -> None:
        """Somebody is there: whatever would have ended it for want of use is off."""
        self._used_at = time.monotonic()
        if self._view.ends_at is not None and not self._view.ends_in_any_case:
            self._view.ends_at = None

    async def until_forgotten(self, *, warned: Callable[[], None]) -> None:
        """Wait until nobody used it for too long; `warned` is called when the end is near.

        It warns before the time of all sessions is over, too, but the service ends those.
        """
        await self._begun.wait()
        idle_s = max(self._limits.idle_s - BEFORE_SERVICE_S, self._limits.idle_s / 2)
        while True:
            now = time.monotonic()
            idle_left_s = self._used_at + idle_s - now
            time_left_s = self._begun_at + self._limits.time_s - now
            left_s = min(idle_left_s, time_left_s)
            if idle_left_s <= 0:
                return
            if left_s <= min(WARN_S, idle_s / 2) and self._view.ends_at is None:
                self._view.ends_in_any_case = time_left_s <= idle_left_s
                self._view.ends_at = int(time.time() + left_s)
                warned()
            await asyncio.sleep(min(max(left_s, 0.05), 1.0))
