"""Whatever people, hosts and deaths do to a quiz, its standings are those of a plain recount."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from bot.classroom.library import Library
from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_players import Participant
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from bot.errors import LearnerError
from bot.features.quiz._tables import learners_table
from bot.quiz.course import Course
from bot.texts import Speech, Texts
from db.engine import Database
from lessons.loader import load_catalogue
from tests.quiz_story import write_quiz_lesson
from tests.unit.bot.quizzes.stage import SERVER, WISH, Clock

PEOPLE: Final = tuple(Participant(100 + n, name, "ko") for n, name in enumerate("CABA"))
"""Two are of the same name."""
CHOICES: Final = ((("red",), ("blue",), ("green",)), (("a", "c"), ("a",), ("b",)))
"""What can be chosen at the first question and at the second one; the first choice is right."""
ROUNDS: Final = len(CHOICES)

WHO = some.integers(0, len(PEOPLE) - 1)
ACTS = some.one_of(
    some.tuples(some.just("answers"), WHO, some.integers(0, 2)),
    some.tuples(some.just("answers"), WHO, some.just(0)),
    some.tuples(some.just("time passes"), some.integers(0, 9_000)),
    some.tuples(some.just("time passes"), some.integers(1, 30)),  # less than a point
    some.tuples(some.just("host pauses"), some.integers(0, 9_000)),
    some.tuples(some.just("bot dies"), some.integers(0, 9_000)),
    some.just(("host extends",)),
)
ENDS = some.sampled_from(["time is up", "host reveals", "host reveals", "host skips"])
PLANS = some.lists(some.tuples(some.lists(ACTS, max_size=12), ENDS), min_size=1, max_size=ROUNDS)

Plan = list[tuple[list[tuple[object, ...]], str]]
"""For each question what happens, and how it ends."""

_channels = count(1)


@dataclass
class Recount:
    """The same quiz, counted on paper: who chose what after how much of the time."""

    limit: int = 20_000
    gone: int = 0
    chosen: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    players: set[int] = field(default_factory=set)
    scores: dict[int, list[int]] = field(default_factory=dict)
    """Points, right answers, answers, time of right answers."""

    def answers(self, who: int, choice: int) -> str:
        """What whoever answers is told."""
        if self.gone >= self.limit:
            return "quiz.answer.late"
        self.players.add(who)
        before = self.chosen.setdefault(who, [])
        if before and before[-1][0] == choice:
            return "same"
        if len(before) > 1:
            return "no_more"
        before.append((choice, self.gone))
        return "changed" if len(before) > 1 else "first"

    def closes(self, *, counts: bool) -> None:
        """Give points for the question, and go on to the next one."""
        for who, all_chosen in self.chosen.items():
            choice, after = all_chosen[-1]
            score = self.scores.setdefault(who, [0, 0, 0, 0])
            if counts:
                score[2] += 1
            if counts and choice == 0:
                score[0] += 1000 - 500 * after // self.limit
                score[1] += 1
                score[3] += after
        self.limit, self.gone, self.chosen = 20_000, 0, {}

    def standings(self) -> list[tuple[int, int, int, int, int, int]]:
        """Place, id, points, right answers, answers, time; the first place first."""
        lines = []
        for who in self.players:
            points, right, answered, took = self.scores.get(who, [0, 0, 0, 0])
            merit = (-points, -right, took)
            lines.append((merit, PEOPLE[who].name, PEOPLE[who].learner_id, answered))
        return [
            (
                1 + sum(other[0] < merit for other in lines),
                learner,
                -merit[0],
                -merit[1],
                n,
                merit[2],
            )
            for merit, _, learner, n in sorted(lines)
        ]


class Play:
    """A quiz that is played by a plan, and recounted."""

    def __init__(self, database: Database, sources: QuestionSources) -> None:
        self.clock = Clock()
        self.paper = Recount()
        self._database, self._sources = database, sources
        self.quizzes = self._new_bot()

    def _new_bot(self) -> Quizzes:
        return Quizzes(
            database=self._database,
            sources=self._sources,
            clock=self.clock,
            rng=random.Random(1),
        )

    async def plays(self, plan: Plan) -> LiveQuiz:
        """Play all of it; the quiz after its last question was closed."""
        channel = next(_channels)
        live = await self.quizzes.open(replace(WISH, channel_id=channel, count=ROUNDS))
        await self.quizzes.place(live.id, thread_id=channel + 10**6, lobby_message_id=1)
        live = await self.quizzes.change(live.id, Course.start)
        for number, (acts, end) in enumerate(plan):
            if number:
                live = await self.quizzes.change(live.id, Course.next)
            for act in acts:
                await self._does(live, *act)
            live = await self._ends(live, end)
        return live

    async def _does(self, live: LiveQuiz, what: object, *values: object) -> None:
        numbers = [value for value in values if isinstance(value, int)]
        match what:
            case "answers":
                told = await self._answer(live, *numbers)
                assert told == self.paper.answers(*numbers)
            case "time passes":
                self._passes(numbers[0])
                self.paper.gone += numbers[0]
            case "host pauses":
                await self.quizzes.change(live.id, Course.pause)
                self._passes(numbers[0])
                assert await self._answer(live, 0, 0) == "quiz.answer.paused"
                await self.quizzes.change(live.id, Course.resume)
            case "bot dies":
                await self.quizzes.beat([live.id])
                self._passes(numbers[0])
                self.quizzes = self._new_bot()
                assert live.id in await self.quizzes.revive()
            case "host extends":
                if self.paper.gone < self.paper.limit:
                    await self.quizzes.change(live.id, Course.extend)
                    self.paper.limit += 15_000

    async def _answer(self, live: LiveQuiz, who: int, choice: int) -> str:
        at = live.course.position
        shown = (await self.quizzes.asked(live)).options
        given = [one.letter for one in shown if one.id in CHOICES[at][choice]]
        try:
            answering = self.quizzes.answer(
                live.id, SERVER, at, PEOPLE[who], given=given, at=self.clock.now
            )
            return (await answering).outcome
        except LearnerError as error:
            return error.key

    async def _ends(self, live: LiveQuiz, end: str) -> LiveQuiz:
        at, skips = live.course.position, end == "host skips"
        if end == "time is up":
            self._passes(max(0, self.paper.limit - self.paper.gone))
        self.paper.closes(counts=not skips)
        return await self.quizzes.close(live.id, at, void="skipped" if skips else None)

    def _passes(self, milliseconds: int) -> None:
        self.clock.now += timedelta(milliseconds=milliseconds)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> QuestionSources:
    """A lesson with a question of each kind."""
    folder = write_quiz_lesson(tmp_path_factory.mktemp("lessons"))
    return QuestionSources(LessonQuestions(Library(load_catalogue(folder))))


@pytest.fixture(scope="module")
def speech() -> Speech:
    """English."""
    return Texts.load().for_language("en")


@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),  # shrinking takes minutes with a database
    suppress_health_check=list(HealthCheck),
)
@given(plan=PLANS)
async def test_standings_are_those_of_a_recount(
    database: Database, sources: QuestionSources, speech: Speech, plan: Plan
) -> None:
    """On the board, in everybody's own result and in the table; also for another bot."""
    play = Play(database, sources)
    live = await play.plays(plan)
    results = QuizResults(database=database, quizzes=play._new_bot())
    result, wanted = await results.of_quiz(live), play.paper.standings()
    assert [
        (
            one.place, one.tally.learner_id, one.tally.points, one.tally.right,
            one.tally.answered, one.tally.elapsed_ms,
        )
        for one in result.standings
    ] == wanted  # fmt: skip
    assert (await results.of_round(live)).standings == result.standings
    for standing in result.standings:
        _, mine = await results.mine(live.id, SERVER, standing.tally.learner_id)
        assert mine == standing
    _, rows = learners_table(result, speech)
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows] == [
        (place, str(learner), points, right, answered)
        for place, learner, points, right, answered, _ in wanted
    ]
    await play.quizzes.retire(live.id)  # no later plan has to bring it back to life
