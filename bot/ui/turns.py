"""One thing at a time for each learner, while learners never wait for each other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock per learner that is forgotten when nobody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def of(self, learner_id: int) -> asyncio.Lock:
        """The learner's lock; use it with `async with`."""
        return self._locks.setdefault(learner_id, asyncio.Lock())
