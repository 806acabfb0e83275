"""Remembering what was run, in a learner's history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from db import history
from db.engine import Database
from db.errors import DatabaseBusy, DatabaseError

if TYPE_CHECKING:
    from bot.classroom.commands import CommandEnded

log = structlog.get_logger(__name__)

BUSY_PAUSE_S: Final = 1.0
"""A locked database gets a second chance after this, so that no command is forgotten."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes down commands and sessions that are over."""

    database: Database
    clock: Callable[[], datetime]

    async def record(self, ended: CommandEnded) -> None:
        """Remember the line; raises `DatabaseError`."""
        try:
            await self._write(ended)
        except DatabaseBusy:
            await asyncio.sleep(BUSY_PAUSE_S)
            await self._write(ended)

    async def record_quietly(self, ended: CommandEnded) -> None:
        """The same after a failure, which the learner hears of anyway."""
        try:
            await self._write(ended)
        except DatabaseError as exc:
            log.warning("command_not_recorded", learner=ended.learner_id, error=str(exc))

    async def _write(self, ended: CommandEnded) -> None:
        async with self.database.transaction() as session:
            await history.record(
                session,
                ended.learner_id,
                line=ended.line,
                exit_code=ended.exit_code,
                took_ms=ended.took_ms,
                at=self.clock(),
                error=ended.error,
            )
