"""A class that answers in the last second, while the host presses: who was in time counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_players import Participant
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quizzes import Quizzes
from bot.errors import LearnerError
from bot.quiz.course import Course
from db.engine import Database
from tests.unit.bot.quizzes.stage import SERVER, Clock, asked, letters

CLASS = [Participant(100 + number, f"Learner {number}", "ko") for number in range(300)]
HALF = len(CLASS) // 2


async def answered(
    quizzes: Quizzes, live: LiveQuiz, who: Participant, letter: str, at: datetime
) -> str:
    """What somebody was told who answers at this moment."""
    try:
        kept = await quizzes.answer(live.id, SERVER, 0, who, given=[letter], at=at)
    except LearnerError as error:
        return error.key
    return kept.outcome


async def test_all_who_answer_in_the_last_second_count(
    quizzes: Quizzes, database: Database, clock: Clock
) -> None:
    """However long it takes to keep them: the question is judged when all are."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    clock.passes(19.9)
    burst = [asyncio.create_task(answered(quizzes, live, who, red, clock.now)) for who in CLASS]
    await asyncio.sleep(0)
    clock.passes(0.1)
    closed = await quizzes.close(live.id, 0)
    assert Counter(await asyncio.gather(*burst)) == {"first": len(CLASS)}
    given = (await QuizResults(database=database, quizzes=quizzes).of_round(closed)).given
    assert len(given) == len(CLASS)
    assert {(one.correct, one.points, one.elapsed_ms) for one in given} == {(True, 503, 19_900)}


async def test_a_host_who_shows_the_answer_amid_a_burst_loses_nobody(
    quizzes: Quizzes, database: Database, clock: Clock
) -> None:
    """Who answered before the press counts; who answered after it is told that it is too late."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    clock.passes(5)
    before = [
        asyncio.create_task(answered(quizzes, live, who, red, clock.now)) for who in CLASS[:HALF]
    ]
    await asyncio.sleep(0)
    pressed = asyncio.create_task(quizzes.close(live.id, 0, server_id=SERVER))
    await asyncio.sleep(0)
    after = [
        asyncio.create_task(answered(quizzes, live, who, red, clock.now)) for who in CLASS[HALF:]
    ]
    closed = await pressed
    assert Counter(await asyncio.gather(*before)) == {"first": HALF}
    assert Counter(await asyncio.gather(*after)) == {"quiz.answer.late": HALF}
    given = (await QuizResults(database=database, quizzes=quizzes).of_round(closed)).given
    assert {one.learner_id for one in given} == {who.learner_id for who in CLASS[:HALF]}
    assert all(one.correct for one in given)


async def test_a_pause_comes_after_the_answers_before_it(quizzes: Quizzes, clock: Clock) -> None:
    """They count with the time that they took; the time that was left is that of the press."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    clock.passes(5)
    burst = [asyncio.create_task(answered(quizzes, live, who, red, clock.now)) for who in CLASS]
    await asyncio.sleep(0)
    pausing = asyncio.create_task(quizzes.change(live.id, Course.pause))
    await asyncio.sleep(0)
    clock.passes(1)  # so long it takes to keep them
    paused = await pausing
    assert paused.course.left_ms == 15_000
    assert Counter(await asyncio.gather(*burst)) == {"first": len(CLASS)}
    assert await answered(quizzes, live, CLASS[0], red, clock.now) == "quiz.answer.paused"


async def test_who_gives_up_waiting_holds_up_nobody(quizzes: Quizzes, clock: Clock) -> None:
    """Neither an answer whose giver is gone nor a host's press that was cancelled."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    at = clock.now + timedelta(seconds=1)
    gone = [asyncio.create_task(answered(quizzes, live, who, red, at)) for who in CLASS[:3]]
    await asyncio.sleep(0)
    press = asyncio.create_task(quizzes.change(live.id, Course.extend))
    await asyncio.sleep(0)
    late = asyncio.create_task(answered(quizzes, live, CLASS[3], red, at))
    await asyncio.sleep(0)
    for one in (press, *gone):
        one.cancel()
    assert await late == "first"
    assert (await quizzes.change(live.id, Course.extend)).course.limit_ms == 35_000
