"""Live boards of classes: where they are, until when, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classreport.now import AT_WORK, ERRORS, ClassNow, class_now
from bot.classroom.engines_now import EnginesNow, engines_now
from bot.classroom.library import Library
from db import boards, classes, classreport
from db.boards import Board
from db.engine import Database
from sandbox.client import Sandboxes

__all__ = ["Board", "Boards", "EnginesNow", "tell_of_board"]

LASTS: Final = timedelta(hours=4)
"""A lesson that is longer opens its board again with one press."""
BOARD_ACT: Final = "board"


async def tell_of_board(
    session: AsyncSession, board: Board, learner_ids: Sequence[int], at: datetime
) -> None:
    """Write down for these learners that they are seen on a board, and who opened it."""
    await classes.record_acts(
        session,
        server_id=board.server_id,
        instructor_id=board.opened_by,
        learner_ids=learner_ids,
        act=BOARD_ACT,
        detail=board.name,
        at=at,
    )


class Boards:
    """Keeps boards. Whether the asker may have one is judged before, by `Classes.get`.

    Methods raise `DatabaseError` when the database can't be used.
    """

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        sandboxes: Sandboxes | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._library = library
        self._sandboxes = sandboxes
        self._clock = clock

    def is_over(self, board: Board) -> bool:
        """Whether its time is over."""
        return self._clock() >= board.until

    def ends_at(self) -> datetime:
        """Until when a board lasts that is opened now."""
        return self._clock() + LASTS

    async def put(self, board: Board, *, told: Collection[int]) -> Board | None:
        """This is the board of its class from now on; the one that was it before.

        `told` are the learners who know already; those who joined meanwhile are told now.
        """
        async with self._database.transaction() as session:
            before = await boards.put(
                session,
                board.class_id,
                channel_id=board.channel_id,
                message_id=board.message_id,
                until=board.until,
                opened_by=board.opened_by,
            )
            members = await classes.members(session, board.class_id)
            late = [one.learner_id for one in members if one.learner_id not in told]
            await tell_of_board(session, board, late, self._clock())
        return before

    async def running(self) -> list[Board]:
        """Every board that is kept up to date, of all servers: for the bot, not for people.

        Also those of classes that were closed, which still have names on them.
        """
        async with self._database.transaction() as session:
            return await boards.running(session)

    async def of(self, class_id: int) -> Board | None:
        """The board of this class; None when there is none, or the class was closed."""
        async with self._database.transaction() as session:
            return await boards.running_of(session, class_id)

    async def end(self, class_id: int, message_id: int) -> None:
        """This message is a board no longer; safe to repeat."""
        async with self._database.transaction() as session:
            await boards.end(session, class_id, message_id)

    async def learn_channel(self, class_id: int) -> int | None:
        """Where the class learns, if an instructor said so."""
        async with self._database.transaction() as session:
            return await boards.learn_channel(session, class_id)

    async def choose_learn_channel(self, class_id: int, channel_id: int | None) -> None:
        """What is posted for the class goes there from now on."""
        async with self._database.transaction() as session:
            await boards.set_learn_channel(session, class_id, channel_id)

    async def look(self, class_id: int) -> ClassNow:
        """The class as it is now."""
        now = self._clock()
        async with self._database.reading() as session:
            there = await boards.at_work(session, class_id, now - AT_WORK)
            errors = await classreport.errors_since(session, class_id, now - ERRORS)
            active = await classreport.active_since(session, class_id, now - ERRORS)
            hands = await boards.hands_up(session, class_id)
            members = await boards.count_members(session, class_id)
        return class_now(
            there, errors, hands, self._library.catalogue, members=members, active=active, now=now
        )

    async def engines(self) -> EnginesNow | None:
        """How many engines are in use; None when nobody can tell just now."""
        return await engines_now(self._sandboxes)
