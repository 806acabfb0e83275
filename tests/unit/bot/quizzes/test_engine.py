"""Answers that are found on an engine."""

from __future__ import annotations

import asyncio

import pytest

from bot.classroom.cleaning import cleaning_script
from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_engine import QuizEngine
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quizzes import Quizzes
from bot.quiz.course import Course
from db.engine import Database
from sandbox.errors import NoCapacity
from tests.fakes.sandboxes import FakeSandboxes
from tests.quiz_story import RUN, SETUP
from tests.unit.bot.quizzes.stage import YUNA, answers, asked, letters, refused


async def at_the_engine(quizzes: Quizzes) -> LiveQuiz:
    """A quiz at its last question, which an engine answers."""
    live = await asked(quizzes)
    for at in range(4):
        await quizzes.close(live.id, at, void="skipped")
        live = await quizzes.change(live.id, Course.next)
    return live


async def test_an_engine_judges(quizzes: Quizzes, database: Database) -> None:
    """Nothing is right before it has spoken; on the host's engine, set-up first."""
    engine = FakeSandboxes()
    engine.answer(RUN, "Up 2 seconds\n")
    live = await at_the_engine(quizzes)
    (up,) = await letters(quizzes, live, "up")
    await answers(quizzes, live, YUNA, up)
    assert await refused(quizzes.close(live.id, 4)) == "quiz.control.engine_busy"
    finder = QuizEngine(engine, quizzes=quizzes)
    assert await finder.find(live, await quizzes.asked(live))
    assert engine.ran[:2] == [("1", SETUP), ("1", RUN)]
    (cleaned,) = engine.ran[2:]
    assert cleaned == ("1", f"(\n{cleaning_script('quiz-')}\n)")
    live = await quizzes.close(live.id, 4)
    out = await QuizResults(database=database, quizzes=quizzes).of_round(live)
    assert [one.correct for one in out.given] == [True]
    assert (await quizzes.asked(live)).round.said == "Up 2 seconds"


@pytest.mark.parametrize("printed", ["neither", None])
async def test_an_engine_that_cannot_tell(quizzes: Quizzes, printed: str | None) -> None:
    """An output that fits no option, no place for a sandbox: False, and nothing is remembered."""
    engine = FakeSandboxes()
    if printed is None:
        engine.down = NoCapacity("full")
    else:
        engine.answer(RUN, printed)
    live = await at_the_engine(quizzes)
    assert not await QuizEngine(engine, quizzes=quizzes).find(live, await quizzes.asked(live))
    assert not await QuizEngine(None, quizzes=quizzes).find(live, await quizzes.asked(live))
    assert (await quizzes.asked(live)).round.found is None


async def test_what_a_question_made_is_gone_before_the_next(quizzes: Quizzes) -> None:
    """Also when the host skips it in the middle, or the engine can't tell."""
    engine = FakeSandboxes()
    engine.answer(SETUP, never_ends=True)
    live = await at_the_engine(quizzes)
    finder, question = QuizEngine(engine, quizzes=quizzes), await quizzes.asked(live)
    skipped = asyncio.create_task(finder.find(live, question))
    while not engine.ran:  # noqa: ASYNC110 - the fake tells nobody what it runs
        await asyncio.sleep(0)
    engine.answer(SETUP, "")
    engine.answer(RUN, "neither")
    skipped.cancel()
    assert not await finder.find(live, question)
    with pytest.raises(asyncio.CancelledError):
        await skipped
    cleaned = f"(\n{cleaning_script('quiz-')}\n)"
    assert [line for _, line in engine.ran] == [SETUP, cleaned, SETUP, RUN, cleaned]
