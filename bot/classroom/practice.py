"""Practising alone: questions of lessons and banks, spaced by one's own mistakes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.banks.boxes import Boxed, comes_back, due, moved, next_key
from bot.classroom.cleaning import cleaning_script
from bot.classroom.looking import Looks
from bot.classroom.quiz_sources import QuestionSources
from bot.errors import LearnerError
from bot.quiz.questions import Answer, Offer, QuizQuestion
from bot.terminal.escape import without_sequences
from bot.ui.turns import Turns
from db import practice, progress, quizzes
from db.engine import Database
from db.practice import PracticeRun
from sandbox.client import Sandboxes

MINE: Final = "mine"
"""The deck of the lessons that the learner has begun."""
LESSONS: Final = "lesson:"
NOWHERE: Final = 0
"""The server of direct messages: there are no banks."""
SETUP_LIMIT_S: Final = 60.0
RUN_LIMIT_S: Final = 20.0
QUIZ_NAMES: Final = "quiz-"
MOST_SAID: Final = 500
LONG_PAUSE: Final = timedelta(minutes=30)
"""A quiz that is paused for longer keeps nobody from practising."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that a learner sees. `options` are in the order of this turn.

    `again` when it comes back; `due` are those of the deck that wait besides.
    """

    number: int
    question: QuizQuestion
    options: tuple[str, ...]
    again: bool
    due: int
    run: PracticeRun


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to ask now; `back_at` is when the next question of the deck comes back."""

    questions: int
    back_at: datetime | None
    run: PracticeRun


@dataclass(frozen=True, slots=True)
class Judged:
    """How an answer was. `right_options` are the ids; `said` is what an engine printed.

    `right` is None when the engine left it open; then nothing was counted.
    """

    turn: Turn
    answer: Answer
    right: bool | None
    right_options: frozenset[str]
    said: str
    back_at: datetime | None


class Practice:
    """Asks and judges. Methods raise `DatabaseError` when the database can't be used."""

    def __init__(
        self,
        *,
        database: Database,
        sources: QuestionSources,
        sandboxes: Sandboxes | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sources = sources
        self._has_engine = sandboxes is not None
        self._looks = Looks(sandboxes)
        self._clock = clock
        self._turns = Turns()

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """What can be practised in this server."""
        return await self._sources.offers(server_id)

    async def due(self, learner_id: int) -> int:
        """How many questions of lessons are to be asked again by now."""
        async with self._database.transaction() as session:
            return await practice.count_due(session, learner_id, LESSONS, self._clock())

    async def start(self, learner_id: int, server_id: int, deck: str | None) -> Turn | Nothing:
        """Begin with this deck (default: the lessons that were begun), whatever was before.

        Raises:
            LearnerError: There is no such deck in this server, or nothing in it.
        """
        await self._must_not_be_in_a_quiz(learner_id)
        async with self._turns.of(learner_id):
            before = await self._run(learner_id)
            run = PracticeRun(server_id, deck or MINE, number=before.number if before else 0)
            if not await self._questions(learner_id, run):
                if deck and await self._sources.questions(server_id, deck):
                    raise LearnerError("practice.engine_only")
                raise LearnerError("practice.no_deck" if deck else "practice.empty")
            return await self._ask(learner_id, run)

    async def go_on(self, learner_id: int, server_id: int, number: int) -> Turn | Nothing:
        """The question after this one; the same again when it was not answered.

        Raises:
            LearnerError: Another question is being asked.
        """
        async with self._turns.of(learner_id):
            run = await self._at(learner_id, server_id, number)
            return await self._ask(learner_id, run)

    async def now(self, learner_id: int, server_id: int, number: int) -> Turn:
        """The question that is being asked.

        Raises:
            LearnerError: It is another one, it was answered, it is gone, or a quiz asks it now.
        """
        run = await self._at(learner_id, server_id, number)
        if run.answered or run.ref is None:
            raise LearnerError("practice.over")
        question = await self._sources.question(server_id, run.ref)
        if question is None or not self._can_ask(question):
            raise LearnerError("practice.gone")
        if card_key(run.ref) in await self._in_quizzes():
            raise LearnerError("practice.quiz_asks")
        boxes = await self._boxes(learner_id)
        return _turn(learner_id, run, question, again=card_key(run.ref) in boxes, due=0)

    async def answer(self, learner_id: int, server_id: int, number: int, answer: Answer) -> Judged:
        """Judge an answer and put the question into its box.

        Raises:
            LearnerError: Another question is being asked, or this one was answered.
            SandboxError: The learner's engine can't be asked; nothing was counted.
        """
        await self._must_not_be_in_a_quiz(learner_id)
        async with self._turns.of(learner_id):
            turn = await self.now(learner_id, server_id, number)
            question, found, said = turn.question, None, ""
            if question.engine is not None:
                found, said = await self._find(learner_id, question)
                if found is None:
                    await self._keep_run(learner_id, replace(turn.run, answered=True))
                    return Judged(turn, answer, None, frozenset(), said, None)
            right = question.is_right(answer, found)
            back_at = await self._count(learner_id, turn, right=right)
            options = question.right if found is None else frozenset({found})
            return Judged(turn, answer, right, options, said, back_at)

    async def stop(self, learner_id: int, server_id: int, number: int) -> PracticeRun:
        """End it; how it went.

        Raises:
            LearnerError: Another question is being asked.
        """
        async with self._turns.of(learner_id):
            run = await self._at(learner_id, server_id, number)
            ended = replace(run, number=run.number + 1, ref=None, answered=True)
            await self._keep_run(learner_id, ended)
            return run

    async def _must_not_be_in_a_quiz(self, learner_id: int) -> None:
        """Practice tells what is right: not while the same questions are asked for points."""
        async with self._database.transaction() as session:
            since = self._clock() - LONG_PAUSE
            if await quizzes.is_playing(session, learner_id, paused_since=since):
                raise LearnerError("practice.quiz_runs")

    async def _ask(self, learner_id: int, run: PracticeRun) -> Turn | Nothing:
        questions = await self._questions(learner_id, run)
        deck = {card_key(question.ref): question for question in questions}
        keys, now = list(deck), self._clock()
        boxes = await self._boxes(learner_id)
        last = None if run.ref is None else card_key(run.ref)
        if not run.answered and last in deck:
            key: str | None = last  # it is still open
        else:
            key = next_key(keys, boxes, now, last=last, due_in_a_row=run.due_in_a_row)
        if key is None:
            ended = replace(run, number=run.number + 1, answered=True)
            await self._keep_run(learner_id, ended)
            return Nothing(len(keys), comes_back(keys, boxes), ended)
        again = key in boxes
        asked = replace(
            run,
            number=run.number + 1,
            ref=deck[key].ref,
            answered=False,
            due_in_a_row=run.due_in_a_row + 1 if again else 0,
        )
        await self._keep_run(learner_id, asked)
        waiting = [each for each in due(keys, boxes, now) if each != key]
        return _turn(learner_id, asked, deck[key], again=again, due=len(waiting))

    async def _count(self, learner_id: int, turn: Turn, *, right: bool) -> datetime:
        key, run = card_key(turn.question.ref), turn.run
        async with self._database.transaction() as session:
            before = (await practice.boxes(session, learner_id)).get(key)
            boxed = None if before is None else Boxed(*before)
            after = moved(boxed, right=right, now=self._clock())
            await practice.put_box(
                session, learner_id, key, box=after.box, due_at=after.due_at, right=right
            )
            counted = replace(
                run, answered=True, right=run.right + right, wrong=run.wrong + (not right)
            )
            await practice.put_run(session, learner_id, counted)
        return after.due_at

    async def _find(self, learner_id: int, question: QuizQuestion) -> tuple[str | None, str]:
        """The answer as the learner's own engine gives it, and what it printed."""
        engine = question.engine
        if engine is None:
            return None, ""
        try:
            if engine.setup:
                script = "\n".join(engine.setup)
                await self._looks.run(learner_id, script, limit_s=SETUP_LIMIT_S)
            seen = await self._looks.run(learner_id, engine.run, limit_s=RUN_LIMIT_S)
        finally:
            cleaning = cleaning_script(QUIZ_NAMES)
            await self._looks.run(learner_id, cleaning, limit_s=RUN_LIMIT_S)
        found = question.answer_from(seen.text)
        if found is None:
            log.warning("practice_undecided", learner=learner_id, ref=question.ref)
        return found, without_sequences(seen.text).strip()[:MOST_SAID]

    async def _questions(self, learner_id: int, run: PracticeRun) -> Sequence[QuizQuestion]:
        """The questions of the deck that can be asked here, and now.

        Raises:
            LearnerError: Each of them is asked in a quiz just now.
        """
        found: list[QuizQuestion] = []
        for key in await self._keys(learner_id, run):
            found += await self._sources.questions(run.server_id, key)
        able = [each for each in found if self._can_ask(each)]
        resting = await self._in_quizzes()
        free = [each for each in able if card_key(each.ref) not in resting]
        if able and not free:
            raise LearnerError("practice.quiz_asks")
        return free

    async def _in_quizzes(self) -> set[str]:
        """What quizzes ask for points: whoever has not joined could look it up here, and join."""
        since = self._clock() - LONG_PAUSE
        async with self._database.transaction() as session:
            return {
                card_key(ref) for ref in await quizzes.refs_in_play(session, paused_since=since)
            }

    def _can_ask(self, question: QuizQuestion) -> bool:
        """Whether it may be asked: on a learner's engine run commands of our lessons only."""
        if question.engine is None:
            return True
        return self._has_engine and question.ref.startswith(LESSONS)

    async def _keys(self, learner_id: int, run: PracticeRun) -> Sequence[str]:
        if run.deck != MINE:
            return [run.deck]
        async with self._database.transaction() as session:
            begun = await progress.overview(session, learner_id)
        opened = {f"{LESSONS}{each.lesson_id}" for each in begun}
        offers = [each.key for each in await self._sources.offers(NOWHERE)]
        lessons = [key for key in offers if key.startswith(LESSONS)]
        return [key for key in lessons if key in opened] or lessons[:1]

    async def _at(self, learner_id: int, server_id: int, number: int) -> PracticeRun:
        run = await self._run(learner_id)
        if run is None or run.server_id != server_id or run.number != number:
            raise LearnerError("practice.over")
        return run

    async def _run(self, learner_id: int) -> PracticeRun | None:
        async with self._database.transaction() as session:
            return await practice.run_of(session, learner_id)

    async def _boxes(self, learner_id: int) -> dict[str, Boxed]:
        async with self._database.transaction() as session:
            kept = await practice.boxes(session, learner_id)
        return {key: Boxed(box, due_at) for key, (box, due_at) in kept.items()}

    async def _keep_run(self, learner_id: int, run: PracticeRun) -> None:
        async with self._database.transaction() as session:
            await practice.put_run(session, learner_id, run)


def card_key(ref: str) -> str:
    """The question of a ref, whatever version of its bank: `bank:7:2/q1` → `bank:7/q1`."""
    where, slash, question = ref.partition("/")
    prefix, _, rest = where.partition(":")
    return f"{prefix}:{rest.partition(':')[0]}{slash}{question}"


def _turn(
    learner_id: int, run: PracticeRun, question: QuizQuestion, *, again: bool, due: int
) -> Turn:
    options = list(question.options)
    if question.kind != "true_false":
        # Authors tend to write the right one first; the same after a restart.
        random.Random(f"{learner_id}:{run.number}").shuffle(options)  # noqa: S311 - no secret
    return Turn(run.number, question, tuple(options), again, due, run)
