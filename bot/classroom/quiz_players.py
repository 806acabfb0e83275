"""Who takes part in a quiz, and what they answer: many at once, in the same second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.live_quiz import live_quiz
from bot.classroom.quiz_gate import Gates
from bot.classroom.quiz_questions import QuizQuestions, ShownQuestion
from bot.classroom.together import Together
from bot.errors import LearnerError
from bot.quiz.course import Phase
from bot.quiz.options import chosen
from bot.quiz.questions import Answer
from bot.texts import Language
from db import learners, quizzes
from db.engine import Database
from db.quizzes import Outcome

LONGEST_LINE: Final = 200
"""Letters of a typed answer."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part; the language is for those who were never seen before."""

    learner_id: int
    name: str
    language: Language


@dataclass(frozen=True, slots=True)
class Joined:
    """Whether somebody is new in a quiz, and whether it has not begun yet."""

    new: bool
    in_lobby: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of an answer, and what it was: the letters of options, or the typed line."""

    outcome: Outcome
    shown: str
    typed: bool


class QuizPlayers:
    """Takes people in and keeps their answers; whoever answers takes part."""

    def __init__(
        self,
        *,
        database: Database,
        questions: QuizQuestions,
        gates: Gates,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._questions = questions
        self._gates = gates
        self._clock = clock
        self._together = Together(database)
        self._known: dict[int, set[int]] = {}

    async def join(self, quiz_id: int, server_id: int, who: Participant) -> Joined:
        """Take part, see `Quizzes.join`."""

        async def work(session: AsyncSession) -> Joined:
            live = await live_quiz(session, quiz_id, server_id)
            if live.course.phase is Phase.OVER:
                raise LearnerError("quiz.join.over")
            new = await self._take_part(session, quiz_id, who, self._clock())
            return Joined(new, in_lobby=live.course.phase is Phase.LOBBY)

        joined = await self._together.do(work)
        self._know(quiz_id, who)
        return joined

    async def answer(
        self,
        quiz_id: int,
        server_id: int,
        position: int,
        who: Participant,
        *,
        given: list[str],
        at: datetime,
    ) -> Confirmed:
        """Keep an answer, see `Quizzes.answer`."""
        async with self._gates.of(quiz_id).answering():
            question = await self._question(quiz_id, server_id, position, at)

            async def work(session: AsyncSession) -> Confirmed:
                live = await live_quiz(session, quiz_id, server_id, lock="share")
                elapsed_ms = live.course.accept(position, at)
                answer, shown = _read(question, given)
                await self._take_part(session, quiz_id, who, at)
                outcome = await quizzes.answer(
                    session,
                    quiz_id,
                    position,
                    who.learner_id,
                    answer=answer,
                    elapsed_ms=elapsed_ms,
                    at=at,
                )
                return Confirmed(outcome, shown, typed=not question[1])

            confirmed = await self._together.do(work)
            self._know(quiz_id, who)
            return confirmed

    def forget(self, learner_id: int) -> None:
        """The learner is gone, with all answers: who takes part again joins anew."""
        for known in self._known.values():
            known.discard(learner_id)

    def forget_quiz(self, quiz_id: int) -> None:
        """The quiz is over."""
        self._known.pop(quiz_id, None)

    async def _question(
        self, quiz_id: int, server_id: int, position: int, at: datetime
    ) -> ShownQuestion:
        """What is answered; refused before it is looked for when the answer comes too late."""
        remembered = self._questions.remembered(quiz_id, position)
        if remembered is not None:
            return remembered
        async with self._database.transaction() as session:
            live = await live_quiz(session, quiz_id, server_id)
        live.course.accept(position, at)
        asked = await self._questions.asked(live)
        return asked.question, asked.options

    async def _take_part(
        self, session: AsyncSession, quiz_id: int, who: Participant, at: datetime
    ) -> bool:
        """True the first time. What is known here was kept; whoever isn't known may have been."""
        if who.learner_id in self._known.get(quiz_id, ()):
            return False
        await learners.enrol(session, who.learner_id, language=who.language, name=who.name)
        return await quizzes.join(session, quiz_id, who.learner_id, who.name, at)

    def _know(self, quiz_id: int, who: Participant) -> None:
        """Not before the transaction is over: what was rolled back has to be done again."""
        self._known.setdefault(quiz_id, set()).add(who.learner_id)


def _read(shown: ShownQuestion, given: list[str]) -> tuple[Answer, str]:
    """The answer, and how it is shown to whoever gave it."""
    question, options = shown
    if question is None:
        raise LearnerError("quiz.answer.late")
    if not options:
        line = _storable(" ".join("".join(given).split()))[:LONGEST_LINE]
        if not line:
            raise LearnerError("quiz.answer.empty")
        return (line,), line
    answer = chosen(options, given)
    if answer is None:
        raise LearnerError("quiz.gone")
    letters = [option.letter for option in options if option.id in answer]
    return answer, ", ".join(letters)


def _storable(line: str) -> str:
    return line.encode("utf-8", errors="replace").decode("utf-8").replace("\0", "\ufffd")
