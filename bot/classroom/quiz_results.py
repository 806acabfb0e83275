"""What came out of a quiz: of one question, and in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.live_quiz import LiveQuiz, live_quiz
from bot.classroom.quiz_questions import Asked
from bot.classroom.quizzes import Quizzes
from bot.classroom.together import Together
from bot.quiz.course import Phase
from bot.quiz.scoring import Scored, Standing, fastest, newcomer, standings, tallied
from db import quizzes
from db.engine import Database
from db.quizzes import Given, Player

QUIZZES_REMEMBERED: Final = 50

Places = Mapping[int, Standing]
"""Everybody's place by learner."""


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What came out of a question; `before` are the places that people had until then."""

    given: tuple[Given, ...]
    players: int
    standings: tuple[Standing, ...]
    before: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class QuizResult:
    """What came out of a quiz until now.

    `asked` are the questions that were closed, `given` is each answer by learner and position,
    `fastest` the right answer that took the least time.
    """

    live: LiveQuiz
    standings: tuple[Standing, ...]
    asked: tuple[Asked, ...]
    given: Mapping[tuple[int, int], Given]
    fastest: Scored | None = None

    def answers_to(self, position: int) -> list[Given]:
        """Every answer to this question."""
        return [one for (_, at), one in self.given.items() if at == position]


class QuizResults:
    """Reads results; raises `DatabaseError` when it can't."""

    def __init__(self, *, database: Database, quizzes: Quizzes) -> None:
        self._database = database
        self._quizzes = quizzes
        self._together = Together(database)
        self._places: dict[int, tuple[tuple[Phase, int] | None, Places]] = {}

    async def of_round(self, live: LiveQuiz) -> RoundResult:
        """What came out of the question that was closed last."""
        async with self._database.transaction() as session:
            players, given = await _kept(session, live)
        at = live.course.position
        return RoundResult(
            tuple(one for one in given if one.position == at),
            len(players),
            _standings(players, given, newest=at),
            _standings(players, [one for one in given if one.position < at], newest=at - 1),
        )

    async def of_quiz(self, live: LiveQuiz) -> QuizResult:
        """What came out of the whole quiz, or of it until now."""
        async with self._database.transaction() as session:
            players, given = await _kept(session, live)
            rounds = await quizzes.rounds(session, live.id)
        closed = [one for one in rounds if one.limit_ms is not None]
        asked = [await self._quizzes.asked(live, one.position) for one in closed]
        return QuizResult(
            live,
            _standings(players, given, newest=live.course.position),
            tuple(asked),
            {(one.learner_id, one.position): one for one in given},
            fastest(_scored(given, newest=live.course.position)),
        )

    async def mine(
        self, quiz_id: int, server_id: int, learner_id: int
    ) -> tuple[LiveQuiz, Standing | None]:
        """The quiz, and where this learner stands; None when they don't take part.

        A whole class may ask at once: places are found once for each question.

        Raises:
            LearnerError: There is no such quiz here.
        """

        async def work(session: AsyncSession) -> tuple[LiveQuiz, Standing | None]:
            live = await live_quiz(session, quiz_id, server_id)
            placed = await self._placed(session, live)
            if learner_id in placed:
                return live, placed[learner_id]
            late = await quizzes.player(session, quiz_id, learner_id)
            if late is None:
                return live, None
            return live, newcomer(tuple(placed.values()), learner_id, late.name)

        return await self._together.do(work)

    def forget(self) -> None:
        """Somebody's answers were deleted: places are found anew."""
        self._places.clear()

    async def _placed(self, session: AsyncSession, live: LiveQuiz) -> Places:
        """Everybody's place, as it is until the next question is closed."""
        course = live.course
        at, places = self._places.pop(live.id, (None, {}))
        if at != (course.phase, course.position):
            players, given = await _kept(session, live)
            placed = _standings(players, given, newest=course.position)
            places = {one.tally.learner_id: one for one in placed}
        while len(self._places) >= QUIZZES_REMEMBERED:
            del self._places[next(iter(self._places))]
        self._places[live.id] = ((course.phase, course.position), places)
        return places


async def _kept(session: AsyncSession, live: LiveQuiz) -> tuple[list[Player], list[Given]]:
    return await quizzes.players(session, live.id), await quizzes.answers(session, live.id)


def _standings(
    players: Sequence[Player], given: Sequence[Given], *, newest: int
) -> tuple[Standing, ...]:
    names = [(player.learner_id, player.name) for player in players]
    return standings(tallied(names, _scored(given, newest=newest)))


def _scored(given: Sequence[Given], *, newest: int) -> list[Scored]:
    """What was judged: a question that counts for nobody has no points and no right answers."""
    return [
        Scored(
            one.learner_id,
            right=one.correct,
            points=one.points or 0,
            elapsed_ms=one.elapsed_ms,
            newest=one.position == newest,
            position=one.position,
        )
        for one in given
        if one.correct is not None
    ]
