"""Where each learner stands, asked by a whole class at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.classroom.quiz_players import Participant
from bot.classroom.quiz_results import QUIZZES_REMEMBERED, QuizResults
from bot.classroom.quizzes import Quizzes
from bot.quiz.course import Course
from bot.quiz.scoring import Standing
from db import personal
from db.engine import Database
from tests.unit.bot.quizzes.stage import (
    MINHO,
    SERVER,
    WISH,
    YUNA,
    Clock,
    answers,
    asked,
    letters,
    refused,
)

JISU = Participant(13, "Jisu", "ko")


@pytest.fixture
def results(quizzes: Quizzes, database: Database) -> QuizResults:
    """The results of these quizzes."""
    return QuizResults(database=database, quizzes=quizzes)


async def mine(results: QuizResults, quiz_id: int, who: Participant) -> tuple[int, int, int]:
    """Somebody's place, points and answers."""
    _, standing = await results.mine(quiz_id, SERVER, who.learner_id)
    assert standing is not None
    return standing.place, standing.tally.points, standing.tally.answered


async def test_everybody_learns_their_own_place(
    quizzes: Quizzes, results: QuizResults, clock: Clock
) -> None:
    """From what was judged: the question that is on counts when it is closed."""
    live = await asked(quizzes)
    (red,), (blue,) = [await letters(quizzes, live, one) for one in ("red", "blue")]
    await answers(quizzes, live, YUNA, red)
    await answers(quizzes, live, MINHO, blue)
    assert await mine(results, live.id, YUNA) == (1, 0, 0)
    await quizzes.close(live.id, 0)
    assert await mine(results, live.id, YUNA) == (1, 1000, 1)
    assert await mine(results, live.id, MINHO) == (2, 0, 1)
    await quizzes.join(live.id, SERVER, JISU)
    assert await mine(results, live.id, JISU) == (2, 0, 0)
    live = await quizzes.change(live.id, Course.next)
    right = await letters(quizzes, live, "a", "c")
    clock.passes(10)
    await answers(quizzes, live, MINHO, *right)
    await answers(quizzes, live, JISU, *right)
    assert await mine(results, live.id, JISU) == (2, 0, 0)
    await quizzes.close(live.id, 1)
    assert await mine(results, live.id, YUNA) == (1, 1000, 1)
    assert await mine(results, live.id, MINHO) == (2, 750, 2)
    assert await mine(results, live.id, JISU) == (2, 750, 1)
    assert (await results.mine(live.id, SERVER, 999))[1] is None
    assert await refused(results.mine(live.id, SERVER + 1, YUNA.learner_id)) == "quiz.gone"


async def test_the_fastest_right_answer_of_all(
    quizzes: Quizzes, results: QuizResults, clock: Clock
) -> None:
    """Over all questions that were judged."""
    live = await asked(quizzes)
    (red,), (blue,) = [await letters(quizzes, live, one) for one in ("red", "blue")]
    await answers(quizzes, live, MINHO, blue)
    clock.passes(6)
    await answers(quizzes, live, YUNA, red)
    await quizzes.close(live.id, 0)
    first = (await results.of_quiz(live)).fastest
    assert first is not None
    assert (first.learner_id, first.position, first.elapsed_ms) == (YUNA.learner_id, 0, 6_000)
    live = await quizzes.change(live.id, Course.next)
    right = await letters(quizzes, live, "a", "c")
    clock.passes(4)
    await answers(quizzes, live, MINHO, *right)
    still = (await results.of_quiz(live)).fastest
    assert still is not None
    assert still.learner_id == YUNA.learner_id
    await quizzes.close(live.id, 1)
    second = (await results.of_quiz(live)).fastest
    assert second is not None
    assert (second.learner_id, second.position, second.elapsed_ms) == (MINHO.learner_id, 1, 4_000)


async def test_a_class_that_asks_at_once_has_its_answers_read_once(
    quizzes: Quizzes, results: QuizResults, database: Database
) -> None:
    """After each question, whoever asks, how many there may be."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    people = [Participant(100 + number, f"Learner {number}", "ko") for number in range(120)]
    await asyncio.gather(*(answers(quizzes, live, who, red) for who in people))
    await quizzes.close(live.id, 0)
    read: list[str] = []
    begun: list[object] = []

    def sees(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        read.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", sees)
    event.listen(database._engine.sync_engine, "begin", begun.append)
    told = await asyncio.gather(
        *(results.mine(live.id, SERVER, who.learner_id) for who in people),
        results.mine(live.id, SERVER, 999),
    )
    assert [standing.place for _, standing in told if isinstance(standing, Standing)] == [1] * 120
    assert told[-1][1] is None
    assert len([one for one in read if "FROM quiz_answers" in one]) == 1
    assert len(begun) <= 4


async def test_what_is_remembered_is_bounded_and_forgotten(
    quizzes: Quizzes, results: QuizResults, database: Database
) -> None:
    """Whoever deletes their data has no place any more, and leaves theirs to the others."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    await answers(quizzes, live, YUNA, red)
    await quizzes.join(live.id, SERVER, MINHO)
    await quizzes.close(live.id, 0)
    assert await mine(results, live.id, MINHO) == (2, 0, 0)
    async with database.transaction() as session:
        await personal.delete_everything(session, YUNA.learner_id)
    results.forget()
    assert await mine(results, live.id, MINHO) == (1, 0, 0)
    assert (await results.mine(live.id, SERVER, YUNA.learner_id))[1] is None
    for channel in range(QUIZZES_REMEMBERED + 5):
        other = await quizzes.open(replace(WISH, channel_id=1000 + channel))
        await results.mine(other.id, SERVER, YUNA.learner_id)
    assert len(results._places) == QUIZZES_REMEMBERED
