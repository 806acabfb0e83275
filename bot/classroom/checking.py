"""Judging a learner's tasks by the state of their engine, and ticking what is done."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.judge import LOOK_AGAIN_S, Judge, Known
from bot.classroom.library import Library
from bot.classroom.open_lessons import OpenLesson, index_of, open_lesson, score_of
from db import history, progress
from db.engine import Database
from db.history import Record
from db.progress import LessonProgress
from lessons.checks import judge
from lessons.facts import EngineFacts, Situation
from lessons.judging import TaskVerdict
from lessons.model import Lesson, Step, Task, Verdict
from sandbox.client import Sandboxes

LEARNERS_REMEMBERED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found out.

    `at` is the lesson afterwards; `ticked` are the tasks that this check was the first to see done;
    `open_verdicts` are those of the open step's tasks that are still open; `news` is the task to
    say a word about, because it stands differently than the learner was last told; `finished_now`
    when this check finished the lesson.
    """

    at: OpenLesson
    ticked: tuple[Task, ...]
    open_verdicts: tuple[TaskVerdict, ...]
    news: TaskVerdict | None
    finished_now: bool

    @property
    def way_on(self) -> Step | None:
        """The step to go to, when this check ticked the last open task of the open step."""
        in_step = {task.id for task in self.at.step.tasks}
        if not self.at.step_done or not any(task.id in in_step for task in self.ticked):
            return None
        following = self.at.lesson.steps[self.at.index + 1 :]
        return None if self.finished_now else next(iter(following), None)


class Checking:
    """Checks the current lesson of a learner."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        library: Library,
        clock: Callable[[], datetime],
        look_again_s: float = LOOK_AGAIN_S,
    ) -> None:
        self._database = database
        self._judge = Judge(sandboxes, look_again_s=look_again_s)
        self._library = library
        self._clock = clock
        self._since = clock()
        # What each learner was last told of each open task, so that nothing is said twice.
        self._told: OrderedDict[int, dict[tuple[str, str], Verdict]] = OrderedDict()

    async def check(self, learner_id: int, lesson_id: str | None = None) -> Outcome | None:
        """Judge the open tasks of the lesson (default: the current one) and tick what is done.

        None when no lesson is open. What was done once stays ticked.

        Raises:
            LearnerError: There is no engine here.
            SandboxError: The engine's state could not be read; nothing was changed.
            DatabaseError: Progress could not be read or stored.
        """
        before = await self._before(learner_id, lesson_id)
        if before is None:
            return None
        lesson, at, records = before
        if all(task.id in at.done for task in lesson.tasks):
            # Nothing is left to judge: a learner who plays on costs their engine no questions.
            return _outcome(lesson, at, (), ticked=(), news=None, finished_now=False)
        known = Known(records, done=at.done, answers=at.answers)
        verdicts = await self._judge.verdicts(learner_id, lesson, known)
        return await self._store(lesson, at, verdicts)

    def forget(self, learner_id: int) -> None:
        """The learner is gone."""
        self._told.pop(learner_id, None)

    async def _before(
        self, learner_id: int, lesson_id: str | None
    ) -> tuple[Lesson, LessonProgress, Sequence[Record]] | None:
        async with self._database.transaction() as session:
            if lesson_id is None:
                at = await progress.current(session, learner_id)
            else:
                at = await progress.of_lesson(session, learner_id, lesson_id)
            lesson = None if at is None else self._library.catalogue.get(at.lesson_id, at.variant)
            if at is None or lesson is None:
                return None
            return lesson, at, await history.since(session, learner_id, at.opened_at)

    async def _store(
        self, lesson: Lesson, at: LessonProgress, verdicts: Sequence[TaskVerdict]
    ) -> Outcome:
        passed = [judged.task for judged in verdicts if judged.verdict.passed]
        news = self._news(at, lesson, verdicts)
        ticked: tuple[Task, ...] = ()
        finished = False
        if passed or news is not None:
            async with self._database.transaction() as session:
                ticked = await self._tick(session, at, lesson, passed)
                await self._record(
                    session, at, [j for j in verdicts if j.verdict.passed or j is news]
                )
                if all(task.id in at.done or task in passed for task in lesson.tasks):
                    finished = await self._finish(session, at)
                at = await self._follow(session, at, lesson, ticked)
        return _outcome(lesson, at, verdicts, ticked=ticked, news=news, finished_now=finished)

    async def _finish(self, session: AsyncSession, at: LessonProgress) -> bool:
        """Finish the lesson, True the first time; a timed one has its score from then on."""
        ended = self._clock()
        first = await progress.finish(session, at.learner_id, at.lesson_id, ended)
        now = await progress.of_lesson(session, at.learner_id, at.lesson_id) if first else None
        score = None if now is None else score_of(now, ended)
        if score is not None:
            await progress.keep_score(session, at.learner_id, at.lesson_id, score.points)
        return first

    async def _tick(
        self, session: AsyncSession, at: LessonProgress, lesson: Lesson, passed: Sequence[Task]
    ) -> tuple[Task, ...]:
        """Tick these tasks; those that no other check had ticked before."""
        new = []
        for task in passed:
            first = await progress.tick(
                session,
                at.learner_id,
                lesson.id,
                task.id,
                version=lesson.version,
                at=self._clock(),
            )
            if first:
                new.append(task)
        return tuple(new)

    async def _record(
        self, session: AsyncSession, at: LessonProgress, verdicts: Sequence[TaskVerdict]
    ) -> None:
        for judged in verdicts:
            await progress.record_attempt(
                session,
                at.learner_id,
                at.lesson_id,
                judged.task.id,
                passed=judged.verdict.passed,
                missing=[finding.key for finding in judged.verdict.missing],
                at=self._clock(),
            )

    async def _follow(
        self, session: AsyncSession, at: LessonProgress, lesson: Lesson, ticked: Sequence[Task]
    ) -> LessonProgress:
        """The progress after ticking; a learner who is ahead of their card takes it along."""
        # Read again: the learner may have turned the card while the engine was asked.
        now = await progress.of_lesson(session, at.learner_id, lesson.id) or at
        index = index_of(lesson, now.step_id)
        furthest = max((_step_index(lesson, task) for task in ticked), default=index)
        if furthest <= index or not _is_done(lesson.steps[index], now.done):
            return now
        await progress.set_step(session, at.learner_id, lesson.id, lesson.steps[furthest].id)
        return replace(now, step_id=lesson.steps[furthest].id)

    def _news(
        self, at: LessonProgress, lesson: Lesson, verdicts: Sequence[TaskVerdict]
    ) -> TaskVerdict | None:
        """The first open task at hand that stands differently than last told.

        How it stands on an untouched engine is never news. Neither is how it stood when this
        process began: what the learner was told before that is forgotten, not unsaid. Nor is what
        is wrong with a fault: to find that is the task.
        """
        told = self._told_to(at.learner_id)
        step = _step_at_hand(lesson, at)
        at_hand = {task.id for task in step.tasks if not step.is_fault(task)}
        untouched = Situation(EngineFacts(), done=at.done)
        begun_before = at.opened_at < self._since
        news = None
        for judged in verdicts:
            fresh = judge(judged.task, untouched)
            unknown = judged.verdict if begun_before else fresh
            before = told.get((lesson.id, judged.task.id), unknown)
            told[lesson.id, judged.task.id] = judged.verdict
            changed = judged.verdict not in (before, fresh) and not judged.verdict.passed
            if changed and judged.task.id in at_hand:
                news = news or judged
        return news

    def _told_to(self, learner_id: int) -> dict[tuple[str, str], Verdict]:
        told = self._told.setdefault(learner_id, {})
        self._told.move_to_end(learner_id)
        if len(self._told) > LEARNERS_REMEMBERED:
            self._told.popitem(last=False)
        return told


def _outcome(
    lesson: Lesson,
    at: LessonProgress,
    verdicts: Sequence[TaskVerdict],
    *,
    ticked: tuple[Task, ...],
    news: TaskVerdict | None,
    finished_now: bool,
) -> Outcome:
    after = open_lesson(lesson, at, index_of(lesson, at.step_id))
    in_step = {task.id for task in after.step.tasks}
    still_open = (j for j in verdicts if j.task.id in in_step and not j.verdict.passed)
    return Outcome(
        at=after,
        ticked=ticked,
        open_verdicts=tuple(still_open),
        news=news,
        finished_now=finished_now,
    )


def _step_at_hand(lesson: Lesson, at: LessonProgress) -> Step:
    """The open step, or when that is done, the next one that asks for something."""
    index = index_of(lesson, at.step_id)
    later = (step for step in lesson.steps[index:] if not _is_done(step, at.done))
    return next(later, lesson.steps[index])


def _step_index(lesson: Lesson, task: Task) -> int:
    return next(i for i, step in enumerate(lesson.steps) if task in step.tasks)


def _is_done(step: Step, done: frozenset[str]) -> bool:
    return all(task.id in done for task in step.tasks)
