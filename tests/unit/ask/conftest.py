"""The book that learners ask, made of the real lessons and the real glossary once."""

from __future__ import annotations

import pytest

from bot.ask.finding import AnswerBook
from bot.classroom.asking import sources
from bot.texts import Texts
from lessons.loader import load_catalogue


@pytest.fixture(scope="session")
def book() -> AnswerBook:
    """All passages with their index."""
    return AnswerBook(tuple(sources(Texts.load())(load_catalogue())))
