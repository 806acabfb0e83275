"""Practice beside a live quiz: what is asked for points is not told here."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom.library import Library
from bot.classroom.practice import Practice, Turn
from bot.classroom.quiz_drawing import Wish
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from bot.errors import LearnerError
from bot.quiz.course import Course, End
from db import learners
from db.engine import Database
from lessons.loader import load_catalogue
from tests.factories import NOON, make_database_url
from tests.quiz_story import write_quiz_lesson

SERVER, OUTSIDER = 7, 31
DECK = "lesson:night"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """One in which somebody has started, who takes part in no quiz."""
    async with Database.open(make_database_url(tmp_path)) as opened:
        async with opened.transaction() as session:
            await learners.enrol(session, OUTSIDER, language="ko", name="somebody")
        yield opened


@pytest.fixture
def sources(tmp_path: Path) -> QuestionSources:
    """A lesson with a question of each kind."""
    library = Library(load_catalogue(write_quiz_lesson(tmp_path)))
    return QuestionSources(LessonQuestions(library))


@pytest.mark.parametrize("practice_quiz", [False, True])
async def test_nobody_looks_up_what_a_quiz_asks(
    database: Database, sources: QuestionSources, *, practice_quiz: bool
) -> None:
    """Also who has not joined it: they could, once they know. Without points nothing rests."""
    practice = Practice(database=database, sources=sources, sandboxes=None, clock=lambda: NOON)
    turn = await practice.start(OUTSIDER, SERVER, DECK)
    assert isinstance(turn, Turn)
    quizzes = Quizzes(database=database, sources=sources, clock=lambda: NOON, rng=random.Random(1))
    live = await quizzes.open(
        Wish(
            server_id=SERVER,
            channel_id=70,
            host_id=1,
            language="en",
            keys=[DECK],
            count=30,
            seconds=20,
            shuffled=False,
            practice=practice_quiz,
        )
    )
    await quizzes.change(live.id, Course.start)
    if not practice_quiz:
        for refused in (
            practice.start(OUTSIDER, SERVER, DECK),
            practice.go_on(OUTSIDER, SERVER, turn.number),
            practice.answer(OUTSIDER, SERVER, turn.number, (turn.options[0],)),
        ):
            with pytest.raises(LearnerError, match=r"practice\.quiz_asks"):
                await refused
        await quizzes.change(live.id, lambda course, _: course.over(End.ENDED))
    judged = await practice.answer(OUTSIDER, SERVER, turn.number, (turn.options[0],))
    assert judged.turn.number == turn.number
