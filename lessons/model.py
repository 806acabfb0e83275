"""Lessons as values: what is taught, what is asked, and what a judgement says.

A lesson has steps, a step is one screen of the lesson's card, a step asks for tasks, and a task is
done when all of its checks pass. Structure and prose are apart: ids and checks are the same in all
languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lessons.facts import Situation
from lessons.questions import QuestionBank

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """One assertion of a check, and whether it holds.

    The texts are `finding.<key>.expected` and `finding.<key>.actual` of the bot's catalogues, and
    `finding.<key>.hint` when it does not hold. `values` fill their placeholders; they are short, on
    one line and safe between backticks, although a learner may have chosen them.
    """

    ok: bool
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


class Check(Protocol):
    """A rule. `kind` is its name in lesson.yaml."""

    @property
    def kind(self) -> str:
        """Its name in lesson.yaml."""
        ...

    @property
    def finding_keys(self) -> frozenset[str]:
        """Every key that its findings can have."""
        ...

    @property
    def after(self) -> str | None:
        """The task of the same lesson that must have been done before, if there is one."""
        ...

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """What holds and what does not, at least one finding. Odd facts never make it raise."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of a task: passed when every finding is ok."""

    passed: bool
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What does not hold yet."""
        return tuple(finding for finding in self.findings if not finding.ok)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, done when all checks pass. Ids are never reused for something else.

    `look_twice`: they have to pass twice, a little apart, because what is asked for could hold for
    a moment only: a container that crashes and starts again is running now and then.
    """

    id: str
    checks: tuple[Check, ...]
    look_twice: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a lesson's card; a step may ask for nothing."""

    id: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. `order` places it among the others; `requires` are ids of lessons before it.

    `version` goes up when a task changes its meaning; it is recorded with progress.
    """

    id: str
    order: int
    version: int
    minutes: int
    requires: tuple[str, ...]
    steps: tuple[Step, ...]
    start: bool = False
    """The lesson that a newcomer is led to: something real within a minute."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task, in the order of the steps."""
        return tuple(task for step in self.steps for task in step.tasks)


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task in one language; hints go from where to look to which command, never the answer."""

    title: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepText:
    """A step in one language, in Discord's Markdown; `solution` when the step asks for tasks."""

    title: str
    body: str
    solution: str | None


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson in one language, in Discord's Markdown; steps and tasks by their ids."""

    title: str
    goal: str
    mistakes: str
    summary: str
    steps: Mapping[str, StepText]
    tasks: Mapping[str, TaskText]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All lessons, in their order, with their texts."""

    lessons: tuple[Lesson, ...]
    texts: Mapping[tuple[str, str], LessonText]
    """By lesson id and language."""
    questions: Mapping[str, QuestionBank] = field(default_factory=dict)
    """By lesson id."""

    def get(self, lesson_id: str) -> Lesson | None:
        """The lesson of this id, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    @property
    def start(self) -> Lesson | None:
        """Where a newcomer begins: the lesson that says so, else the first."""
        first = next(iter(self.lessons), None)
        return next((lesson for lesson in self.lessons if lesson.start), first)

    def text(self, lesson_id: str, language: str) -> LessonText:
        """The lesson's text; `KeyError` for an unknown lesson or language."""
        return self.texts[lesson_id, language]

    @property
    def finding_keys(self) -> frozenset[str]:
        """Every key that a finding of these lessons can have."""
        checks = (
            check for lesson in self.lessons for task in lesson.tasks for check in task.checks
        )
        return frozenset(key for check in checks for key in check.finding_keys)
