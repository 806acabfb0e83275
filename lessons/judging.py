"""Judging the tasks of a lesson, with looks into the engine where checks ask for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lessons.checks import AnyOf, judge
from lessons.facts import ProbeSeen, Situation
from lessons.model import Check, Lesson, Task, Verdict
from lessons.probe_checks import PENDING, Answer, Looking

MOST_ROUNDS = 6
"""A task may build on one that a probe has just decided."""

Look = Callable[[str], Awaitable[ProbeSeen]]
"""Runs a command of a check's in the learner's engine."""


@dataclass(frozen=True, slots=True)
class TaskVerdict:
    """How a task that was open before stands now."""

    task: Task
    verdict: Verdict


async def judge_open_tasks(lesson: Lesson, situation: Situation, look: Look) -> list[TaskVerdict]:
    """Judge what is not done yet, in order; a task may build on one that was done just now.

    Commands of checks run only for tasks of which everything else holds.
    """
    for _ in range(MOST_ROUNDS):
        verdicts = judge_by_what_is_known(lesson, situation)
        lines = sorted({line for judged in verdicts for line in _wanted(judged, situation)})
        if not lines:
            break
        seen = {line: await look(line) for line in lines}
        situation = replace(situation, probes={**situation.probes, **seen})
    return verdicts


def judge_by_what_is_known(lesson: Lesson, situation: Situation) -> list[TaskVerdict]:
    """The same without looking: what only a command can tell is open."""
    verdicts = []
    for task in lesson.tasks:
        if task.id in situation.done:
            continue
        verdict = judge(task, situation)
        verdicts.append(TaskVerdict(task, verdict))
        if verdict.passed:
            situation = replace(situation, done=situation.done | {task.id})
    return verdicts


def asks_for_answer(task: Task) -> bool:
    """Whether the learner has to write something to do this task."""
    return any(isinstance(check, Answer) for check in _flat(task.checks))


def _wanted(judged: TaskVerdict, situation: Situation) -> Iterator[str]:
    missing = judged.verdict.missing
    if not missing or any(found.key != PENDING for found in missing):
        return
    for check in _flat(judged.task.checks):
        lines = check.lines if isinstance(check, Looking) else ()
        yield from (line for line in lines if line not in situation.probes)


def _flat(checks: Sequence[Check]) -> Iterator[Check]:
    for check in checks:
        if isinstance(check, AnyOf):
            yield from _flat(check.checks)
        else:
            yield check
