"""Every known error has questions of the lessons, or it is written down that it has none."""

from __future__ import annotations

import pytest

from bot.classroom.error_questions import ErrorQuestions
from bot.classroom.library import Library
from bot.terminal.error_help import ALL_IDS
from lessons.error_questions import load_error_questions
from lessons.languages import LANGUAGES
from lessons.loader import load_catalogue

CATALOGUE = load_catalogue()
TREATS = load_error_questions()
FEWEST_ERRORS = 80
MOST_QUESTIONS = 6


def test_every_known_error_was_thought_of() -> None:
    """A new one is to be added to error_questions.yaml, with questions or with none."""
    assert set(TREATS) == set(ALL_IDS)


def test_most_errors_have_questions() -> None:
    """Else the button would hardly ever be there."""
    assert sum(bool(refs) for refs in TREATS.values()) >= FEWEST_ERRORS


@pytest.mark.parametrize("error", ALL_IDS)
async def test_the_questions_of_an_error_exist(error: str) -> None:
    """What the button of a board leads to: as many questions as are written down, in order."""
    asked = ErrorQuestions(Library(CATALOGUE), TREATS)
    questions = await asked.questions(0, f"error:{error}")

    assert asked.about(error) == TREATS[error]
    assert [question.ref for question in questions] == [f"lesson:{ref}" for ref in TREATS[error]]
    assert len(questions) <= MOST_QUESTIONS
    for question in questions:
        for language in LANGUAGES:
            assert question.text(language).title
