"""A lesson as one learner sees it: where they are in it, what is done, what it was worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from db.progress import LessonProgress
from lessons.judging import asks_for_answer
from lessons.model import Lesson, LessonText, Step, Task
from lessons.page_checks import PageSeen
from lessons.scoring import Score


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The message that shows a lesson."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson at one of its steps, as one learner sees it. `index` counts from 0.

    `hints` counts those taken, by task. `clock_at` is since when the attempt is timed, `score` what
    it was worth when it is over, `best_score` the best of all attempts.
    """

    lesson: Lesson
    index: int
    done: frozenset[str]
    finished: bool
    card: CardPlace | None
    hints: Mapping[str, int] = field(default_factory=dict)
    clock_at: datetime | None = None
    score: Score | None = None
    best_score: int | None = None

    @property
    def step(self) -> Step:
        """The step that is open."""
        return self.lesson.steps[self.index]

    @property
    def to_answer(self) -> Task | None:
        """The first open task of the step that the learner has to write an answer for."""
        tasks = (task for task in self.step.tasks if task.id not in self.done)
        return next((task for task in tasks if asks_for_answer(task)), None)

    def keeps_quiet_about(self, task: Task, prose: LessonText) -> bool:
        """Whether what is wrong with this task stays untold: it is a fault, with hints left."""
        hints = prose.tasks[task.id].hints
        return self.lesson.is_fault(task) and self.hints.get(task.id, 0) < len(hints)

    @property
    def hints_taken(self) -> int:
        """In the whole attempt."""
        return sum(self.hints.values())

    @property
    def step_done(self) -> bool:
        """Whether every task of the open step is ticked."""
        return all(task.id in self.done for task in self.step.tasks)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list; `opened` also for a finished one, `best_score` for a timed one."""

    number: int
    lesson: Lesson
    tasks_done: int
    opened: bool
    finished: bool
    best_score: int | None = None


def index_of(lesson: Lesson, step_id: str | None) -> int:
    """Where this step is now; steps may be renamed or removed between versions of a lesson."""
    return next((i for i, step in enumerate(lesson.steps) if step.id == step_id), 0)


def open_lesson(lesson: Lesson, at: LessonProgress, index: int) -> OpenLesson:
    """The lesson at this step, as the stored progress has it."""
    return OpenLesson(
        lesson=lesson.at(at.variant),
        index=index,
        done=at.done,
        finished=at.finished_at is not None,
        card=card_of(at),
        hints=at.hints,
        clock_at=at.clock_at,
        score=score_of(at, at.finished_at),
        best_score=at.best_score,
    )


def score_of(at: LessonProgress, ended: datetime | None) -> Score | None:
    """The score of a timed attempt that is over."""
    if at.clock_at is None or ended is None:
        return None
    return Score.of(at.clock_at, ended, sum(at.hints.values()))


def card_of(at: LessonProgress) -> CardPlace | None:
    """The message that shows it, as the stored progress has it."""
    if at.card_channel_id is None or at.card_message_id is None:
        return None
    return CardPlace(at.card_channel_id, at.card_message_id)


def page_port(step: Step) -> int | None:
    """The port whose page a task of this step wants the learner to look at."""
    checks = (check for task in step.tasks for check in task.checks)
    return next((check.port for check in checks if isinstance(check, PageSeen)), None)
