"""Many small changes at once in one transaction: a class presses its buttons in the same second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import LearnerError
from db.engine import Database

MOST_AT_ONCE: Final = 50

T = TypeVar("T")
Work = Callable[[AsyncSession], Awaitable[T]]
_Waiting = tuple[Work[Any], "asyncio.Future[Any]"]


class Together:
    """Takes changes and keeps those that came meanwhile in one transaction, in their order.

    Each is told what became of it when all of them are kept. A change that is refused with a
    `LearnerError` must not have written anything; it leaves the others alone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._working: asyncio.Task[None] | None = None

    async def do(self, work: Work[T]) -> T:
        """Do this with the next transaction; raises what it raises, or `DatabaseError`."""
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, told))
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="together")
        return await told

    async def _work(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                if not await self._keep(some):
                    for one in some:  # whose fault it was is found out one by one
                        await self._keep([one])
        finally:
            self._working = None

    async def _keep(self, some: list[_Waiting]) -> bool:
        """Do these in a transaction; False when it failed and each is to be tried by itself."""
        done: list[tuple[asyncio.Future[Any], Any, LearnerError | None]] = []
        try:
            async with self._database.transaction() as session:
                for work, told in some:
                    try:
                        done.append((told, await work(session), None))
                    except LearnerError as error:
                        done.append((told, None, error))
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            if len(some) > 1:
                return False
            _tell(some[0][1], None, error)
            return True
        for told, value, refused in done:
            _tell(told, value, refused)
        return True


def _tell(told: asyncio.Future[Any], value: object, error: Exception | None) -> None:
    if told.done():  # whoever waited for it is gone
        return
    if error is None:
        told.set_result(value)
    else:
        told.set_exception(error)
