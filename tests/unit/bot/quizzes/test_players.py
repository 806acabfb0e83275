"""Who takes part in quizzes, and answers that are late, typed or nothing at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.classroom.quizzes import Quizzes
from bot.quiz.course import Course
from db import personal
from db import quizzes as db_quizzes
from db.engine import Database
from db.errors import DatabaseBusy
from db.quizzes import Outcome
from tests.unit.bot.quizzes.stage import (
    MINHO,
    SERVER,
    YUNA,
    Clock,
    answers,
    asked,
    letters,
    refused,
)


async def test_late_answers_and_those_for_nothing_change_nothing(
    quizzes: Quizzes, database: Database, clock: Clock
) -> None:
    """By the time of arrival, however long it takes to be kept."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    in_time = clock.now + timedelta(seconds=19.9)
    clock.passes(21)
    assert await refused(answers(quizzes, live, YUNA, red)) == "quiz.answer.late"
    kept = await quizzes.answer(live.id, SERVER, 0, YUNA, given=[red], at=in_time)
    assert kept.outcome == "first"
    for position in (-1, 1, 99):
        wrong = quizzes.answer(live.id, SERVER, position, YUNA, given=[red], at=in_time)
        assert await refused(wrong) == "quiz.answer.late"
    unknown = quizzes.answer(live.id, SERVER, 0, MINHO, given=["Y"], at=in_time)
    assert await refused(unknown) == "quiz.gone"
    elsewhere = quizzes.answer(live.id, SERVER + 1, 0, MINHO, given=[red], at=in_time)
    assert await refused(elsewhere) == "quiz.gone"
    assert await quizzes.counts(live) == (1, 1)


async def test_whoever_deletes_their_data_can_answer_anew(
    quizzes: Quizzes, database: Database
) -> None:
    """As a newcomer: their answers were deleted with all else."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    for _ in range(2):  # at the second time it is known here who takes part
        await answers(quizzes, live, YUNA, red)
    async with database.transaction() as session:
        await personal.delete_everything(session, YUNA.learner_id)
    quizzes.forget(YUNA.learner_id)
    assert await quizzes.counts(live) == (0, 0)
    assert await answers(quizzes, live, YUNA, red) == "first"
    assert await quizzes.counts(live) == (1, 1)


async def test_typed_lines_are_kept_as_one_line(quizzes: Quizzes) -> None:
    """Whatever people paste: no NUL, no half of a pair, no book; an empty line is none."""
    live = await asked(quizzes)
    for at in range(3):
        await quizzes.close(live.id, at)
        live = await quizzes.change(live.id, Course.next)
    hostile = "docker\x00 \ud800 ps\n" + "x" * 500
    kept = await quizzes.answer(live.id, SERVER, 3, YUNA, given=[hostile], at=quizzes.clock())
    assert kept.typed
    assert len(kept.shown) == 200
    assert "\x00" not in kept.shown
    kept.shown.encode("utf-8")
    assert await refused(answers(quizzes, live, MINHO, " \n ")) == "quiz.answer.empty"


async def test_whoever_joins_and_answers_in_a_batch_that_fails_takes_part(
    quizzes: Quizzes, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Joining and answering in the same moment: each is tried again, and both are kept."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    does = db_quizzes.answer
    failed: list[Outcome] = []

    async def fails_once(*args: Any, **values: Any) -> Any:
        outcome = await does(*args, **values)
        if not failed:
            failed.append(outcome)
            raise DatabaseBusy
        return outcome

    monkeypatch.setattr(db_quizzes, "answer", fails_once)
    await asyncio.gather(
        quizzes.join(live.id, SERVER, YUNA),
        answers(quizzes, live, YUNA, red),
        answers(quizzes, live, MINHO, red),
    )
    assert failed
    assert await quizzes.counts(live) == (2, 2)
