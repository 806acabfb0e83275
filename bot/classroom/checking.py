"""Judging a learner's tasks by the state of their engine, and ticking what is done."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.classroom.facts import facts_for_checks
from bot.classroom.lessons import OpenLesson, index_of, open_lesson
from bot.errors import LearnerError
from db import history, progress
from db.engine import Database
from db.history import Record
from db.progress import LessonProgress
from lessons.checks import judge
from lessons.facts import CommandDone, EngineFacts, PageSeen, Situation
from lessons.model import Catalogue, Lesson, Task, Verdict
from sandbox.client import Sandboxes
from sandbox.errors import EngineFailed, SandboxGone

FACTS_TIMEOUT_S: Final = 20.0
"""A sandbox that has to be started first is ready long before."""

LEARNERS_REMEMBERED: Final = 5_000


@dataclass(frozen=True, slots=True)
class TaskVerdict:
    """How a task that was open before stands now."""

    task: Task
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found out.

    `at` is the lesson afterwards; `ticked` are the tasks that this check was the first to see done;
    `open_verdicts` are those of the open step's tasks that are still open; `news` is the first of
    them whose findings changed since the learner was last told; `finished_now` when this check
    finished the lesson.
    """

    at: OpenLesson
    ticked: tuple[Task, ...]
    open_verdicts: tuple[TaskVerdict, ...]
    news: TaskVerdict | None
    finished_now: bool

    @property
    def step_finished_now(self) -> bool:
        """Whether this check ticked the last open task of the open step."""
        in_step = {task.id for task in self.at.step.tasks}
        return self.at.step_done and any(task.id in in_step for task in self.ticked)


class Checking:
    """Checks the current lesson of a learner."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._catalogue = catalogue
        self._clock = clock
        # What each learner was last told of each open task, so that nothing is said twice.
        self._told: OrderedDict[int, dict[str, Verdict]] = OrderedDict()

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
        situation = _situation(await self._facts(learner_id), records, at.done)
        verdicts = _judge_open_tasks(lesson, situation)
        return await self._store(lesson, at, verdicts)

    async def _before(
        self, learner_id: int, lesson_id: str | None
    ) -> tuple[Lesson, LessonProgress, Sequence[Record]] | None:
        async with self._database.transaction() as session:
            if lesson_id is None:
                at = await progress.current(session, learner_id)
            else:
                at = await progress.of_lesson(session, learner_id, lesson_id)
            lesson = None if at is None else self._catalogue.get(at.lesson_id)
            if at is None or lesson is None:
                return None
            return lesson, at, await history.since(session, learner_id, at.opened_at)

    async def _facts(self, learner_id: int) -> EngineFacts:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            async with asyncio.timeout(FACTS_TIMEOUT_S):
                return facts_for_checks(await self._sandboxes.facts(str(learner_id)))
        except SandboxGone:
            return EngineFacts()  # nothing was ever run: the checks say what to do
        except TimeoutError as exc:
            raise EngineFailed("the engine's state did not come in time") from exc

    async def _store(
        self, lesson: Lesson, at: LessonProgress, verdicts: Sequence[TaskVerdict]
    ) -> Outcome:
        now = self._clock()
        passed = [v.task for v in verdicts if v.verdict.passed]
        news = self._news(at, lesson, verdicts)
        ticked, finished = [], False
        if passed or news is not None:
            async with self._database.transaction() as session:
                for task in passed:
                    first = await progress.tick(
                        session, at.learner_id, lesson.id, task.id, version=lesson.version, at=now
                    )
                    ticked += [task] if first else []
                for v in verdicts:
                    if v.verdict.passed or v is news:
                        await progress.record_attempt(
                            session,
                            at.learner_id,
                            lesson.id,
                            v.task.id,
                            passed=v.verdict.passed,
                            missing=[finding.key for finding in v.verdict.missing],
                            at=now,
                        )
                done = at.done | {task.id for task in passed}
                if all(task.id in done for task in lesson.tasks):
                    finished = await progress.finish(session, at.learner_id, lesson.id, now)
                # The learner may have turned a page of the card while the engine was asked.
                at = await progress.of_lesson(session, at.learner_id, lesson.id) or at
        after = open_lesson(lesson, at, index_of(lesson, at.step_id))
        in_step = {task.id for task in after.step.tasks}
        return Outcome(
            at=after,
            ticked=tuple(ticked),
            open_verdicts=tuple(
                v for v in verdicts if v.task.id in in_step and not v.verdict.passed
            ),
            news=news,
            finished_now=finished,
        )

    def _news(
        self, at: LessonProgress, lesson: Lesson, verdicts: Sequence[TaskVerdict]
    ) -> TaskVerdict | None:
        """The first open task of the open step that stands differently than last told.

        How it stands on an untouched engine is no news either.
        """
        told = self._told.setdefault(at.learner_id, {})
        self._told.move_to_end(at.learner_id)
        if len(self._told) > LEARNERS_REMEMBERED:
            self._told.popitem(last=False)
        in_step = {task.id for task in lesson.steps[index_of(lesson, at.step_id)].tasks}
        untouched = Situation(EngineFacts(), done=at.done)
        news: TaskVerdict | None = None
        for v in verdicts:
            key = f"{lesson.id}/{v.task.id}"
            before = told.get(key) or judge(v.task, untouched)
            told[key] = v.verdict
            if v.task.id in in_step and not v.verdict.passed and v.verdict != before:
                news = news or v
        if news is not None and news.verdict == judge(news.task, untouched):
            return None
        return news


def _judge_open_tasks(lesson: Lesson, situation: Situation) -> list[TaskVerdict]:
    """Judge what is not done yet, in order; a task may build on one that was done just now."""
    verdicts = []
    for task in lesson.tasks:
        if task.id in situation.done:
            continue
        verdict = judge(task, situation)
        verdicts.append(TaskVerdict(task, verdict))
        if verdict.passed:
            situation = replace(situation, done=situation.done | {task.id})
    return verdicts


def _situation(facts: EngineFacts, records: Sequence[Record], done: frozenset[str]) -> Situation:
    return Situation(
        facts=facts,
        commands=tuple(
            CommandDone(line=record.line, exit_code=record.exit_code)
            for record in records
            if record.kind == "command"
        ),
        pages=tuple(
            PageSeen(port=record.port, status=record.status)
            for record in records
            if record.kind == "page" and record.port is not None
        ),
        done=done,
    )
