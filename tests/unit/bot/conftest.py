"""A classroom in memory for use cases: a real SQLite database, sandboxes that play a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.classroom import Classroom
from bot.texts import LANGUAGES, Language, Speech, Texts
from bot.wiring import build_classroom
from db import history
from db.engine import Database
from tests.factories import NOON, make_catalogue, make_database_url, make_lesson
from tests.fakes.sandboxes import FakeSandboxes

YUNA = 2**60 + 1


class FakeClock:
    """A time that moves on by a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def skip(self, time: timedelta) -> None:
        """So much time goes by."""
        self._now += time


@dataclass(frozen=True, slots=True)
class Room:
    """The classroom, what it stands on, and Yuna, who is enrolled."""

    classroom: Classroom
    database: Database
    sandboxes: FakeSandboxes
    clock: FakeClock

    async def ran(self, line: str, exit_code: int | None = 0) -> None:
        """Yuna's command, as the history has it afterwards."""
        async with self.database.transaction() as session:
            await history.record(
                session, YUNA, line=line, exit_code=exit_code, took_ms=5, at=self.clock()
            )


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A classroom with two lessons: `sample`, and `second` after it."""
    sandboxes, clock = FakeSandboxes(), FakeClock()
    sandboxes.known.add(str(YUNA))
    catalogue = make_catalogue(make_lesson(), make_lesson("second", order=20))
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=catalogue, clock=clock
        )
        await classroom.enrol.enrol(YUNA, language="ko", name="Yuna")
        yield Room(classroom, database, sandboxes, clock)


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The real catalogues."""
    return Texts.load()


@pytest.fixture(params=LANGUAGES)
def speech(request: pytest.FixtureRequest, texts: Texts) -> Speech:
    """The texts of one language after the other."""
    language: Language = request.param
    return texts.for_language(language)
