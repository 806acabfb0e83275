"""Who left a server: its instructors see nothing of them any more. Which server is gone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from db import following, leaving
from db.engine import Database

__all__ = ["Leaving"]


class Leaving:
    """Takes learners out of what a server has. Methods raise `DatabaseError`."""

    def __init__(self, *, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def servers(self) -> tuple[int, ...]:
        """Servers with an open class, a raised hand, a follow-me, a quiz or a challenge."""
        async with self._database.transaction() as session:
            return tuple(await leaving.servers(session))

    async def known_in(self, server_id: int) -> tuple[int, ...]:
        """Learners whom the instructors of this server can see."""
        async with self._database.transaction() as session:
            return tuple(await leaving.known_in(session, server_id))

    async def left(self, server_id: int, learner_ids: Collection[int]) -> None:
        """Take them out of the server's classes, as if they had left those, and of follow-me's.

        What they learned stays theirs. Their raised hands are for the desk to close.
        """
        async with self._database.transaction() as session:
            await leaving.left(session, server_id, learner_ids)

    async def server_gone(self, server_id: int) -> None:
        """The bot is in this server no more: its boards and follow-me's are over."""
        async with self._database.transaction() as session:
            await leaving.end_boards(session, server_id)
            for follow_id in await leaving.follows(session, server_id):
                await following.end(session, follow_id, self._clock())
