"""Judging tasks by the state of a learner's engine, with a second look where a task asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.classroom.facts import facts_for_checks
from bot.classroom.looking import Looks
from bot.errors import LearnerError
from db.history import Record
from lessons.facts import CommandDone, EngineFacts, PageSeen, Situation
from lessons.judging import TaskVerdict, judge_open_tasks
from lessons.model import Lesson
from sandbox.client import Sandboxes
from sandbox.errors import EngineFailed, SandboxGone

FACTS_TIMEOUT_S: Final = 20.0
"""A sandbox that has to be started first is ready long before."""

LOOK_AGAIN_S: Final = 2.0
"""Between the two looks at a task that could pass by accident; a crash loop is caught by then."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a learner besides their engine: commands, tasks done, answers given."""

    records: Sequence[Record] = ()
    done: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)


class Judge:
    """Asks engines how they are, and judges what is open by it."""

    def __init__(self, sandboxes: Sandboxes | None, *, look_again_s: float = LOOK_AGAIN_S) -> None:
        self._sandboxes = sandboxes
        self._looks = Looks(sandboxes)
        self.look_again_s = look_again_s

    async def verdicts(
        self, learner_id: int, lesson: Lesson, known: Known
    ) -> Sequence[TaskVerdict]:
        """How every task that is not done stands now.

        Raises:
            LearnerError: There is no engine here.
            SandboxError: The engine's state could not be read.
        """
        look = self._looks.of(learner_id)
        situation = _situation(await self._facts(learner_id), known)
        verdicts = await judge_open_tasks(lesson, situation, look)
        if any(judged.task.look_twice and judged.verdict.passed for judged in verdicts):
            await asyncio.sleep(self.look_again_s)
            later = replace(situation, facts=await self._facts(learner_id))
            verdicts = _both(verdicts, await judge_open_tasks(lesson, later, look))
        return verdicts

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


def _both(first: Sequence[TaskVerdict], second: Sequence[TaskVerdict]) -> list[TaskVerdict]:
    """The first look, corrected by the second where a task asks for two."""
    again = {judged.task.id: judged for judged in second}
    return [
        again[judged.task.id] if judged.task.look_twice and judged.verdict.passed else judged
        for judged in first
    ]


def _situation(facts: EngineFacts, known: Known) -> Situation:
    return Situation(
        facts=facts,
        commands=tuple(
            CommandDone(line=record.line, exit_code=record.exit_code)
            for record in known.records
            if record.kind == "command"
        ),
        pages=tuple(
            PageSeen(port=record.port, status=record.status)
            for record in known.records
            if record.kind == "page" and record.port is not None
        ),
        done=known.done,
        answers=known.answers,
    )
