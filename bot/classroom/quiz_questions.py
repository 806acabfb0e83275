"""The questions that quizzes are at, with their options as everybody sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_sources import QuestionSources
from bot.errors import LearnerError
from bot.quiz.options import ShownOption, shown_options
from bot.quiz.questions import QuizQuestion
from db import quizzes
from db.engine import Database
from db.quizzes import Round

QUESTIONS_REMEMBERED: Final = 500

ShownQuestion = tuple[QuizQuestion | None, tuple[ShownOption, ...]]
"""A question with its options as they are shown; None in place of one that is gone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a quiz is at; None in place of one that its bank has no longer."""

    round: Round
    question: QuizQuestion | None
    options: tuple[ShownOption, ...]


class QuizQuestions:
    """Finds what a quiz asks, and remembers it for the moment when everybody answers."""

    def __init__(self, *, database: Database, sources: QuestionSources) -> None:
        self._database = database
        self._sources = sources
        self._shown: dict[tuple[int, int], ShownQuestion] = {}

    async def asked(self, live: LiveQuiz, position: int | None = None) -> Asked:
        """The question at this position, or the current one."""
        where = live.course.position if position is None else position
        async with self._database.transaction() as session:
            round_ = await quizzes.get_round(session, live.id, where)
        if round_ is None:
            raise LearnerError("quiz.gone")
        return Asked(round_, *await self._as_shown(live, round_))

    def remembered(self, quiz_id: int, position: int) -> ShownQuestion | None:
        """A question that was asked for not long ago, without a look at the database."""
        return self._shown.get((quiz_id, position))

    def forget(self, quiz_id: int) -> None:
        """The quiz is over."""
        for key in [key for key in self._shown if key[0] == quiz_id]:
            del self._shown[key]

    async def _as_shown(self, live: LiveQuiz, round_: Round) -> ShownQuestion:
        key = (live.id, round_.position)
        if key not in self._shown:
            question = await self._sources.question(live.kept.server_id, round_.ref)
            options: tuple[ShownOption, ...] = ()
            if question is not None:
                quiz_id, position = key
                options = shown_options(question, live.language, quiz_id=quiz_id, position=position)
            while len(self._shown) >= QUESTIONS_REMEMBERED:
                del self._shown[next(iter(self._shown))]
            self._shown[key] = (question, options)
        return self._shown[key]
