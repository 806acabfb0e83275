"""The bot dies of SIGKILL wherever a quiz may be, and another one goes on as if nothing was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from bot.quiz.course import Phase
from db import quizzes
from db.engine import Database
from db.quizzes import Quiz
from playground.json_types import Json
from tests.bot_stage import all_text, saying
from tests.quiz_crowd import Crowd, crowd, letters_of
from tests.quiz_story import end, goes_on, opened, presses, started

PEOPLE: Final = 5
COLOURS: Final = ("red", "blue", "green", "red", "blue")
"""What each of them answers."""


async def kept(many: Crowd) -> Quiz:
    """The quiz as the database has it."""
    async with Database.open(many.database_url) as database, database.transaction() as session:
        quiz = await quizzes.get(session, 1)
    assert quiz is not None
    return quiz


async def answers(many: Crowd) -> list[tuple[int, tuple[str, ...], int, bool | None, int | None]]:
    """Every answer as the database has it."""
    async with Database.open(many.database_url) as database, database.transaction() as session:
        given = await quizzes.answers(session, 1)
    return [(g.learner_id, g.answer, g.elapsed_ms, g.correct, g.points) for g in given]


async def dies(many: Crowd) -> None:
    """Without any goodbye; nothing that was kept is lost, and nothing is added."""
    before, given = await kept(many), await answers(many)
    await many.bot.kill()
    await many.bot.start()
    after = await kept(many)
    assert (after.phase, after.position, after.left_ms) == (
        before.phase, before.position, before.left_ms,
    )  # fmt: skip
    assert await answers(many) == given


async def all_answer(many: Crowd, question: Json) -> None:
    """Everybody gives the answer of theirs."""
    for person, colour in zip(many.people, COLOURS, strict=True):
        (letter,) = letters_of(question, f"the {colour} one")
        said = await many.press(person, question, f"docent:quizanswer:v1:1:1:{letter}")
        assert "답했어요" in said


async def in_the_lobby(many: Crowd, lobby: Json) -> None:
    """Before it begins."""
    await dies(many)
    question = await started(many.host, lobby)
    await all_answer(many, question)
    await presses(many.host, question, "정답 보기")


async def in_the_question(many: Crowd, lobby: Json) -> None:
    """With all answers given, none judged."""
    question = await started(many.host, lobby)
    await all_answer(many, question)
    await dies(many)
    await presses(many.host, question, "정답 보기")


async def in_a_pause(many: Crowd, lobby: Json) -> None:
    """Where time stands still, and goes on from where it stood."""
    question = await started(many.host, lobby)
    await all_answer(many, question)
    await presses(many.host, question, "잠시 멈추기")
    await dies(many)
    assert (await kept(many)).left_ms is not None
    await presses(many.host, question, "계속하기")
    await presses(many.host, question, "정답 보기")


async def at_the_answer(many: Crowd, lobby: Json) -> None:
    """With all judged."""
    question = await started(many.host, lobby)
    await all_answer(many, question)
    await presses(many.host, question, "정답 보기")
    await saying(many.host, "Red is right.", question["channel_id"])
    await dies(many)


MOMENTS: Final[tuple[Callable[[Crowd, Json], Awaitable[None]], ...]] = (
    in_the_lobby, in_the_question, in_a_pause, at_the_answer,
)  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
async def test_a_quiz_outlives_the_bot(
    tmp_path: Path, moment: Callable[[Crowd, Json], Awaitable[None]]
) -> None:
    """Each message is there once, each answer counts once, and the end comes once."""
    async with crowd(tmp_path, PEOPLE) as many:
        lobby = await opened(many.host, seconds=300)
        await moment(many, lobby)
        thread = str(many.host.threads()[-1]["id"])
        answer = await saying(many.host, "Red is right.", thread)
        judged = {learner: correct for learner, _, _, correct, _ in await answers(many)}
        wanted = {int(p): c == "red" for p, c in zip(many.people, COLOURS, strict=True)}
        assert judged == wanted
        await goes_on(many.host, answer)
        following = await saying(many.host, "Which letters?", thread)
        await end(many.host, following)
        await dies_while_it_ends(many, thread)
        cards = [all_text(message) for message in many.host.replies(thread)]
        for once in ("Which colour?", "Which letters?", "🏁 퀴즈가 끝났어요"):
            assert sum(once in card for card in cards) == 1


async def dies_while_it_ends(many: Crowd, thread: str) -> None:
    """As soon as it is over, whatever was shown by then: the final card comes once."""
    async with asyncio.timeout(10.0):
        while (await kept(many)).phase != Phase.OVER:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)
    await many.bot.kill()
    await many.bot.start()
    over = await saying(many.host, "🏁 퀴즈가 끝났어요", thread)
    assert f"참가자 {PEOPLE}명" in all_text(over)
    async with asyncio.timeout(10.0):  # the channel is free when all was handed out
        while await active(many):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def active(many: Crowd) -> list[int]:
    """The quizzes whose end was not shown yet."""
    async with Database.open(many.database_url) as database, database.transaction() as session:
        return await quizzes.active(session)
