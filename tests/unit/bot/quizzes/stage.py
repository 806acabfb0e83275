"""Quizzes without Discord, for tests: a clock, a wish, two who answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_drawing import Wish
from bot.classroom.quiz_players import Participant
from bot.classroom.quizzes import Quizzes
from bot.errors import LearnerError
from bot.quiz.course import Course
from tests.factories import NOON

SERVER = 7
WISH = Wish(
    server_id=SERVER,
    channel_id=70,
    host_id=1,
    language="en",
    keys=["lesson:night"],
    count=30,
    seconds=20,
    shuffled=False,
    practice=False,
)
YUNA, MINHO = Participant(11, "Yuna", "ko"), Participant(12, "Minho", "en")


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        """So much time goes by."""
        self.now += timedelta(seconds=seconds)


async def asked(quizzes: Quizzes, wish: Wish = WISH) -> LiveQuiz:
    """A quiz at its first question."""
    live = await quizzes.open(wish)
    await quizzes.place(live.id, thread_id=71, lobby_message_id=72)
    return await quizzes.change(live.id, Course.start)


async def letters(quizzes: Quizzes, live: LiveQuiz, *options: str) -> list[str]:
    """The letters of these options of the current question."""
    shown = (await quizzes.asked(live)).options
    return [one.letter for one in shown if one.id in options]


async def answers(quizzes: Quizzes, live: LiveQuiz, who: Participant, *given: str) -> str:
    """Answer the current question now."""
    confirmed = await quizzes.answer(
        live.id, SERVER, live.course.position, who, given=list(given), at=quizzes.clock()
    )
    return confirmed.outcome


async def refused(awaited: object) -> str:
    """The key of the sentence with which this was refused."""
    with pytest.raises(LearnerError) as told:
        await awaited  # type: ignore[misc] # any awaitable
    return told.value.key
