"""Lessons as values: what is taught, what is asked, and what a judgement says.

A lesson has steps, a step is one screen of the lesson's card, a step asks for tasks, and a task is
done when all of its checks pass. Structure and prose are apart: ids and checks are the same in all
languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from lessons.diagrams import Diagram
from lessons.draws import Draw, Values, draw_some, fill
from lessons.facts import Situation
from lessons.questions import QuestionBank

FAULTS = "faults"
"""Under this name set-ups read what is broken in an attempt."""


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
    recipe: Callable[[Values], tuple[Check, ...]] | None = field(default=None, compare=False)
    """Makes its checks of what was drawn; None: nothing is drawn for it."""

    def at(self, values: Values) -> Task:
        """The task of an attempt that drew these values."""
        return self if self.recipe is None else replace(self, checks=self.recipe(values))


@dataclass(frozen=True, slots=True)
class Faults:
    """What can be broken in a step: a catalogue, of which each attempt draws some.

    A fault is a task: find and repair it. The step's set-up breaks what was drawn; it reads the ids
    as `{{faults}}`. What a fault's checks find would be the answer, so learners are not told it.
    """

    at_once: int
    catalogue: tuple[Task, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all of them."""
        return tuple(fault.id for fault in self.catalogue)

    def drawn(self, lesson_id: str, variant: int) -> tuple[str, ...]:
        """The ids of those that this attempt has."""
        return draw_some(lesson_id, self.ids, self.at_once, variant)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a lesson's card; a step may ask for nothing.

    `tasks` are those of an attempt: the faults that it drew, then what every attempt asks for.
    """

    id: str
    tasks: tuple[Task, ...]
    setup: str | None = None
    """Shell script that prepares the learner's engine for it; safe to repeat."""
    diagram: Diagram | None = None
    faults: Faults | None = None

    @property
    def own_tasks(self) -> tuple[Task, ...]:
        """What every attempt asks for."""
        return tuple(task for task in self.tasks if not self.is_fault(task))

    @property
    def every_task(self) -> tuple[Task, ...]:
        """Whatever an attempt could ask for."""
        return (*(() if self.faults is None else self.faults.catalogue), *self.own_tasks)

    def is_fault(self, task: Task) -> bool:
        """Whether this task is to find and repair something."""
        return self.faults is not None and task.id in self.faults.ids

    def at(self, values: Values, broken: tuple[str, ...] = ()) -> Step:
        """The step of an attempt that drew these values, with these faults of its catalogue.

        Its set-up stays as it was written.
        """
        asked = (t for t in self.every_task if not self.is_fault(t) or t.id in broken)
        return replace(self, tasks=tuple(task.at(values) for task in asked))


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
    draws: tuple[Draw, ...] = ()
    variant: int = 0
    """Which of the possible attempts this is, see `lessons.draws`."""
    broken: tuple[str, ...] = ()
    """The ids of the faults that this attempt has."""

    @property
    def values(self) -> Values:
        """What this attempt drew, by name."""
        drawn = {draw.name: draw.value(self.id, self.variant) for draw in self.draws}
        return drawn if self.faults is None else drawn | {FAULTS: " ".join(self.broken)}

    @property
    def faults(self) -> Faults | None:
        """The catalogue of faults; at most one step has one. Such a lesson is timed and scored."""
        return next((step.faults for step in self.steps if step.faults is not None), None)

    def is_fault(self, task: Task) -> bool:
        """Whether this task is to find and repair something."""
        return any(step.is_fault(task) for step in self.steps)

    def setup_of(self, step: Step) -> str | None:
        """The script that prepares the engine for this step, with what was drawn in it."""
        return None if step.setup is None else fill(step.setup, self.values)

    def at(self, variant: int) -> Lesson:
        """The lesson of another attempt."""
        if not self.draws and self.faults is None:
            return self
        broken = () if self.faults is None else self.faults.drawn(self.id, variant)
        return replace(self, variant=variant).with_faults(broken)

    def with_faults(self, broken: Sequence[str]) -> Lesson:
        """The same attempt with these faults of the catalogue, whatever it drew."""
        drawn = replace(self, broken=tuple(broken))
        values = drawn.values
        return replace(drawn, steps=tuple(step.at(values, drawn.broken) for step in self.steps))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task of this attempt, in the order of the steps."""
        return tuple(task for step in self.steps for task in step.tasks)

    @property
    def every_task(self) -> tuple[Task, ...]:
        """Whatever an attempt could ask for, in the order of the steps."""
        return tuple(task for step in self.steps for task in step.every_task)


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task in one language; hints go from where to look to which command, never the answer."""

    title: str
    hints: tuple[str, ...]
    solution: str | None = None
    """How to repair it, for a fault; other tasks are solved in the text of their step."""

    def at(self, values: Values) -> TaskText:
        """The text of an attempt that drew these values."""
        return TaskText(
            fill(self.title, values),
            tuple(fill(hint, values) for hint in self.hints),
            None if self.solution is None else fill(self.solution, values),
        )


@dataclass(frozen=True, slots=True)
class StepText:
    """A step in one language, in Discord's Markdown; `solution` when it has tasks of its own."""

    title: str
    body: str
    solution: str | None

    def at(self, values: Values) -> StepText:
        """The text of an attempt that drew these values."""
        solution = None if self.solution is None else fill(self.solution, values)
        return StepText(fill(self.title, values), fill(self.body, values), solution)


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson in one language, in Discord's Markdown; steps and tasks by their ids."""

    title: str
    goal: str
    mistakes: str
    summary: str
    steps: Mapping[str, StepText]
    tasks: Mapping[str, TaskText]

    def at(self, values: Values) -> LessonText:
        """The text of an attempt that drew these values."""
        return LessonText(
            title=self.title,
            goal=fill(self.goal, values),
            mistakes=fill(self.mistakes, values),
            summary=fill(self.summary, values),
            steps={name: step.at(values) for name, step in self.steps.items()},
            tasks={name: task.at(values) for name, task in self.tasks.items()},
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All lessons, in their order, with their texts."""

    lessons: tuple[Lesson, ...]
    texts: Mapping[tuple[str, str], LessonText]
    """By lesson id and language."""
    questions: Mapping[str, QuestionBank] = field(default_factory=dict)
    """By lesson id."""

    def get(self, lesson_id: str, variant: int = 0) -> Lesson | None:
        """The lesson of this id as this attempt has it, if there is one."""
        found = next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)
        return None if found is None else found.at(variant)

    @property
    def start(self) -> Lesson | None:
        """Where a newcomer begins: the lesson that says so, else the first."""
        first = next(iter(self.lessons), None)
        return next((lesson for lesson in self.lessons if lesson.start), first)

    def text(self, lesson: Lesson, language: str) -> LessonText:
        """The text of a lesson's attempt; `KeyError` for an unknown lesson or language."""
        text = self.texts[lesson.id, language]
        return text.at(values) if (values := lesson.values) else text

    @property
    def finding_keys(self) -> frozenset[str]:
        """Every key that a finding of these lessons can have."""
        checks = (
            check for lesson in self.lessons for task in lesson.every_task for check in task.checks
        )
        return frozenset(key for check in checks for key in check.finding_keys)
