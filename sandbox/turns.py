"""All changes of a learner's sandbox happen one after the other; learners never wait for others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sandbox.held import NOBODY


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0
    """Who has it or waits for it."""


class Turns:
    """One turn at a time for each learner; it remembers only those who want one now."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    def is_taken(self, learner: str) -> bool:
        """Whether something changes for this learner just now, or is about to."""
        return learner in self._turns

    @asynccontextmanager
    async def of(self, learner: str) -> AsyncGenerator[None]:
        """The learner's turn, as soon as it is free.

        Nobody takes no turns: what is nobody's does not change hands while it is ended.
        """
        if learner == NOBODY:
            yield
            return
        turn = self._turns.setdefault(learner, _Turn())
        turn.wanted += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._turns[learner]
