"""A classroom with the incident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wiring import build_classroom
from db.engine import Database
from lessons.loader import load_catalogue
from tests.challenge_lesson import write_lesson
from tests.factories import make_database_url
from tests.fakes.sandboxes import FakeSandboxes
from tests.unit.bot.challenges.stage import MINHO, OWN, Field
from tests.unit.bot.conftest import YUNA, FakeClock


@pytest.fixture
async def field(tmp_path: Path) -> AsyncIterator[Field]:
    """See `Field`."""
    sandboxes, clock = FakeSandboxes(), FakeClock()
    catalogue = load_catalogue(write_lesson(tmp_path))
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=catalogue, clock=clock
        )
        field = Field(classroom, database, sandboxes, clock, catalogue)
        field.anew()
        for number, learner_id in enumerate((YUNA, MINHO)):
            await classroom.enrol.enrol(learner_id, language="ko", name="somebody")
            await classroom.enrol.move_lab(learner_id, 100 + number)
            sandboxes.known.add(str(learner_id))
            sandboxes.set_facts(str(learner_id), OWN)
        yield field
