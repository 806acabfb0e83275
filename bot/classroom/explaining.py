"""Which command is to be explained: a button knows its fingerprint, the history has the line."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final

from bot.errors import LearnerError
from db import history
from db.engine import Database

FINGERPRINT: Final = 12
"""So many hexadecimal digits tell the newest commands of one learner apart."""

SECOND_LOOK_S: Final = 1.0
"""A result is shown a moment before its command is in the history."""


def fingerprint(line: str) -> str:
    """What a button remembers of a line, however long that is."""
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:FINGERPRINT]


class Explaining:
    """Finds commands that learners ran. Methods raise `DatabaseError`, too."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def line_of(self, learner_id: int, wanted: str) -> str:
        """The newest line of this learner with this fingerprint.

        Raises:
            LearnerError: It is too long ago, or was deleted.
        """
        line = await self.find(learner_id, wanted)
        if line is None:
            await asyncio.sleep(SECOND_LOOK_S)
            line = await self.find(learner_id, wanted)
        if line is None:
            raise LearnerError("explain.forgotten")
        return line

    async def newest(self, learner_id: int) -> str:
        """The last line that this learner ran.

        Raises:
            LearnerError: There is none.
        """
        line = next(iter(await self._lines(learner_id)), None)
        if line is None:
            raise LearnerError("explain.nothing_yet")
        return line

    async def find(self, learner_id: int, wanted: str) -> str | None:
        """The same as it is now; None when it is not, or not yet, in the history."""
        lines = await self._lines(learner_id)
        return next((line for line in lines if fingerprint(line) == wanted), None)

    async def _lines(self, learner_id: int) -> list[str]:
        async with self._database.transaction() as session:
            records = await history.recent(session, learner_id, history.KEPT_PER_LEARNER)
        return [record.line for record in records if record.kind == "command"]
