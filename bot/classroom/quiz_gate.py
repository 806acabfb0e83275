"""The order of answers and changes of a quiz: as they came, however long it takes to keep them.

Answers are kept side by side. A change of the course waits until all that came before it are kept,
and whoever answers after it waits for the change: then the course tells whether it was in time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Gate:
    """The gate of one quiz."""

    def __init__(self) -> None:
        self._line = asyncio.Lock()  # first come, first served
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Keep an answer; it is in line from the moment of the call."""
        async with self._line:
            self._inside += 1
            self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Change the course, alone."""
        async with self._line:
            await self._empty.wait()
            yield


class Gates:
    """A gate for each quiz, forgotten when nobody is at it."""

    def __init__(self) -> None:
        self._gates: WeakValueDictionary[int, Gate] = WeakValueDictionary()

    def of(self, quiz_id: int) -> Gate:
        """The gate of this quiz."""
        return self._gates.setdefault(quiz_id, Gate())
