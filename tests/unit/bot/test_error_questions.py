"""Questions about an error: those that the lessons have now, and a quiz of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.classroom.error_questions import ErrorQuestions
from bot.classroom.library import Library
from bot.classroom.quiz_drawing import Wish
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from bot.errors import LearnerError
from db.engine import Database
from lessons.loader import load_catalogue
from lessons.model import Catalogue
from tests.factories import NOON, make_database_url
from tests.quiz_story import write_quiz_lesson

TREATS = {
    "port_taken": ("night/one", "night/gone", "elsewhere/one", "night/many", "night/truth"),
    "odd": ("night/gone",),
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One lesson with a question of each kind."""
    return Library(load_catalogue(write_quiz_lesson(tmp_path)))


def test_what_the_lessons_have_no_longer_is_left_out(library: Library) -> None:
    """A question, a lesson, or all of them."""
    asked = ErrorQuestions(library, TREATS)
    assert asked.about("port_taken") == ("night/one", "night/many", "night/truth")
    assert asked.about("odd") == asked.about("never_heard_of") == ()
    library.put(Catalogue((), {}))
    assert asked.about("port_taken") == ()


async def test_a_quiz_about_an_error(library: Library, tmp_path: Path) -> None:
    """It has a title of its own; its questions are found again in their lessons."""
    asked = ErrorQuestions(library, TREATS)
    sources = QuestionSources(LessonQuestions(library), asked)
    wish = Wish(
        server_id=7, channel_id=70, host_id=1, language="ko", keys=["error:port_taken"],
        count=2, seconds=20, shuffled=True, practice=True, title="port is already allocated",
    )  # fmt: skip
    async with Database.open(make_database_url(tmp_path)) as database:
        quizzes = Quizzes(database=database, sources=sources, clock=lambda: NOON)
        live = await quizzes.open(wish)
        questions = [await quizzes.asked(live, position) for position in range(2)]
        nothing = Wish(
            server_id=7, channel_id=71, host_id=1, language="ko", keys=["error:odd"],
            count=2, seconds=20, shuffled=True, practice=True,
        )  # fmt: skip
        with pytest.raises(LearnerError, match=r"quiz\.no_questions"):
            await quizzes.open(nothing)

    assert (live.kept.title, live.course.rounds) == ("port is already allocated", 2)
    assert all(each.question is not None for each in questions)
    assert [offer.key for offer in await sources.offers(7)] == ["lesson:night"]
