"""What a member of a challenge did, judged by their engine alone; and the hints that they take."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.classroom.challenge_views import Mine, tasks_of
from bot.classroom.challenges import Challenges
from bot.classroom.judge import Judge, Known
from bot.classroom.lessons import Hint
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.texts import Language
from db import challenges, history
from db.challenges import StoredMark
from db.engine import Database
from lessons.judging import TaskVerdict
from lessons.model import Lesson, Step, Task
from sandbox.errors import SandboxError

LAST_WORDS_S: Final = 20.0
"""So long the end waits for judgements of what was done before it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judgement found: `mine` is afterwards, `solved` are those that are done by it.

    `missing` are verdicts of what is open; `not_prepared` when the next step's set-up failed.
    """

    mine: Mine
    solved: tuple[Task, ...]
    missing: tuple[TaskVerdict, ...]
    not_prepared: bool = False

    @property
    def all_done(self) -> bool:
        """Whether the member has nothing left to do."""
        return all(task.id in self.mine.own.done for task in tasks_of(self.mine.lesson))


class ChallengeJudging:
    """Judges members of challenges that run."""

    def __init__(
        self,
        *,
        database: Database,
        challenges_book: Challenges,
        judge: Judge,
        library: Library,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._book = challenges_book
        self._judge = judge
        self._library = library
        self._clock = clock
        self._under_way: Counter[int] = Counter()
        self._rest = asyncio.Event()

    async def judge(self, learner_id: int, at: datetime | None = None) -> Judged | None:
        """Judge what the learner did until `at`, by default now; None when they are in none.

        A task counts from `at` on: what the judgement itself takes is nobody's fault.

        Raises:
            SandboxError: The engine's state could not be read; nothing was changed.
        """
        challenge_id = self._book.playing(learner_id)
        if challenge_id is None:
            return None
        with self.under_way(challenge_id):
            return await self._judged(challenge_id, learner_id, at or self._clock())

    @contextmanager
    def under_way(self, challenge_id: int) -> Iterator[None]:
        """Something is to be judged, perhaps after it has waited: `settle` waits for it."""
        self._under_way[challenge_id] += 1
        try:
            yield
        finally:
            self._under_way[challenge_id] -= 1
            if not self._under_way[challenge_id]:
                del self._under_way[challenge_id]
            self._rest.set()

    async def settle(self, challenge_id: int) -> None:
        """Wait until all that is being judged is judged, for a while."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                while self._under_way[challenge_id] > 0:
                    self._rest.clear()
                    await self._rest.wait()
        except TimeoutError:
            log.warning("judgements_cut_off", challenge=challenge_id)

    async def hint(
        self, challenge_id: int, learner_id: int, task_id: str, language: Language
    ) -> Hint:
        """One more hint for this task; after the last, the last again, which costs nothing.

        Raises:
            LearnerError: It does not run, or there is nothing to say about the task.
        """
        mine = await self._running(challenge_id, learner_id)
        if mine is None:
            raise LearnerError("challenge.not_running")
        task = next((task for task in tasks_of(mine.lesson) if task.id == task_id), None)
        if task is None or task_id in mine.own.done:
            raise LearnerError("lesson.hint.all_done")
        text = self._library.catalogue.text(mine.lesson, language).tasks[task_id]
        if not text.hints:
            raise LearnerError("lesson.hint.none")
        number = min(mine.hints.get(task_id, 0) + 1, len(text.hints))
        if number > mine.hints.get(task_id, 0):
            await self._keep(mine, [StoredMark(learner_id, "hint", task_id, number, self._clock())])
        return Hint(task_id, text.title, number, len(text.hints), text.hints[number - 1])

    async def prepare_again(self, challenge_id: int, learner_id: int) -> bool:
        """Run the set-up of the step at hand once more: after a reset, say; whether it worked.

        Raises:
            LearnerError: It does not run.
            SandboxError: The engine can't be asked.
        """
        mine = await self._running(challenge_id, learner_id)
        if mine is None:
            raise LearnerError("challenge.not_running")
        step = step_at_hand(mine.lesson, mine.own.done)
        if step is None:
            return True
        return await self._book.engines.run_setup(learner_id, mine.lesson, step)

    async def _judged(self, challenge_id: int, learner_id: int, at: datetime) -> Judged | None:
        mine = await self._running(challenge_id, learner_id)
        if mine is None or mine.challenge.starts_at is None:
            return None
        wanted = {task.id for task in tasks_of(mine.lesson)}
        if wanted <= mine.own.done:
            return Judged(mine, (), ())
        async with self._database.transaction() as session:
            records = await history.since(session, learner_id, mine.challenge.starts_at)
        # What only an answer could show is nobody's task here.
        done = mine.own.done | {task.id for task in mine.lesson.tasks if task.id not in wanted}
        verdicts = await self._judge.verdicts(learner_id, mine.lesson, Known(records, done))
        passed = [judged.task for judged in verdicts if judged.verdict.passed]
        marks = [StoredMark(learner_id, "solve", task.id, 0, at) for task in passed]
        kept = await self._keep(mine, marks)
        solved = tuple(task for task in passed if task.id in kept)
        after = await self._book.mine(challenge_id, learner_id)
        prepared = await self._go_on(learner_id, mine, after) if solved else True
        missing = tuple(judged for judged in verdicts if not judged.verdict.passed)
        return Judged(after, solved, missing, not_prepared=not prepared)

    async def _go_on(self, learner_id: int, was: Mine, now: Mine) -> bool:
        """Run the set-up of the step that they have come to; whether it worked."""
        before, step = (step_at_hand(each.lesson, each.own.done) for each in (was, now))
        if step is None or step == before:
            return True
        try:
            return await self._book.engines.run_setup(learner_id, now.lesson, step)
        except SandboxError as exc:
            log.warning("challenge_step_failed", learner=learner_id, error=type(exc).__name__)
            return False

    async def _running(self, challenge_id: int, learner_id: int) -> Mine | None:
        try:
            mine = await self._book.mine(challenge_id, learner_id)
        except LearnerError:
            return None
        ready = mine.member.state == "ready" and mine.member.engine == "kept"
        return mine if mine.challenge.phase == "running" and ready else None

    async def _keep(self, mine: Mine, marks: Sequence[StoredMark]) -> set[str]:
        """Keep marks of the time in which the challenge runs; the tasks of those that are new."""
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, mine.challenge.id, hold=True)
            if challenge is None or challenge.phase != "running" or challenge.ends_at is None:
                return set()
            return {
                mark.task_id
                for mark in marks
                if mark.at <= challenge.ends_at
                and await challenges.add_mark(session, challenge.id, mark)
            }


def step_at_hand(lesson: Lesson, done: frozenset[str]) -> Step | None:
    """The first step with something left to do; None when all is done."""
    wanted = {task.id for task in tasks_of(lesson)}
    return next(
        (
            step
            for step in lesson.steps
            if any(task.id in wanted and task.id not in done for task in step.tasks)
        ),
        None,
    )
