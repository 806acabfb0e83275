"""Quizzes on an empty database."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom.library import Library
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from db.engine import Database
from lessons.loader import load_catalogue
from tests.factories import make_database_url
from tests.quiz_story import write_quiz_lesson
from tests.unit.bot.quizzes.stage import Clock


@pytest.fixture
def clock() -> Clock:
    """It stands at noon."""
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    async with Database.open(make_database_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def quizzes(database: Database, tmp_path: Path, clock: Clock) -> Quizzes:
    """Quizzes from a lesson with a question of each kind."""
    library = Library(load_catalogue(write_quiz_lesson(tmp_path)))
    sources = QuestionSources(LessonQuestions(library))
    return Quizzes(database=database, sources=sources, clock=clock, rng=random.Random(1))
