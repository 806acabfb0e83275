"""What came out of a quiz: of one question, and in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_questions import Asked
from bot.classroom.quizzes import Quizzes
from bot.quiz.scoring import Scored, Standing, place_of, standings, tallied
from db import quizzes
from db.engine import Database
from db.quizzes import Given, Player


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

    `asked` are the questions that were closed, `given` is each answer by learner and position.
    """

    live: LiveQuiz
    standings: tuple[Standing, ...]
    asked: tuple[Asked, ...]
    given: Mapping[tuple[int, int], Given]

    def answers_to(self, position: int) -> list[Given]:
        """Every answer to this question."""
        return [one for (_, at), one in self.given.items() if at == position]


class QuizResults:
    """Reads results; raises `DatabaseError` when it can't."""

    def __init__(self, *, database: Database, quizzes: Quizzes) -> None:
        self._database = database
        self._quizzes = quizzes

    async def of_round(self, live: LiveQuiz) -> RoundResult:
        """What came out of the question that was closed last."""
        players, given = await self._kept(live)
        at = live.course.position
        return RoundResult(
            tuple(one for one in given if one.position == at),
            len(players),
            _standings(players, given, newest=at),
            _standings(players, [one for one in given if one.position < at], newest=at - 1),
        )

    async def of_quiz(self, live: LiveQuiz) -> QuizResult:
        """What came out of the whole quiz, or of it until now."""
        players, given = await self._kept(live)
        async with self._database.transaction() as session:
            rounds = await quizzes.rounds(session, live.id)
        closed = [one for one in rounds if one.limit_ms is not None]
        asked = [await self._quizzes.asked(live, one.position) for one in closed]
        return QuizResult(
            live,
            _standings(players, given, newest=live.course.position),
            tuple(asked),
            {(one.learner_id, one.position): one for one in given},
        )

    async def mine(self, live: LiveQuiz, learner_id: int) -> Standing | None:
        """Where this learner stands; None when they don't take part."""
        players, given = await self._kept(live)
        return place_of(_standings(players, given, newest=live.course.position), learner_id)

    async def _kept(self, live: LiveQuiz) -> tuple[list[Player], list[Given]]:
        async with self._database.transaction() as session:
            players = await quizzes.players(session, live.id)
            return players, await quizzes.answers(session, live.id)


def _standings(
    players: Sequence[Player], given: Sequence[Given], *, newest: int
) -> tuple[Standing, ...]:
    """By what was judged: a question that counts for nobody has no points and no right answers."""
    scored = [
        Scored(
            one.learner_id,
            right=one.correct,
            points=one.points or 0,
            elapsed_ms=one.elapsed_ms,
            newest=one.position == newest,
        )
        for one in given
        if one.correct is not None
    ]
    return standings(tallied([(player.learner_id, player.name) for player in players], scored))
