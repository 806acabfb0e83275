"""Finding, opening and reading lessons."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from rapidfuzz import fuzz, utils
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.texts import Language
from db import progress
from db.engine import Database
from db.progress import LessonProgress
from lessons.checks import PageSeen
from lessons.draws import VARIANTS
from lessons.judging import asks_for_answer
from lessons.model import Catalogue, Lesson, LessonText, Step, Task
from lessons.scoring import Score

MOST_SUGGESTIONS: Final = 25
"""Discord shows no more choices than this."""

LONGEST_ECHO: Final = 60

GOOD_MATCH: Final = 88
"""Out of 100: what is at least this near to a typed name is meant by it."""

POOR_MATCH: Final = 50
"""What is farther away than this is not worth naming."""


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


@dataclass(frozen=True, slots=True)
class Hint:
    """The newest hint for a task: the `number`-th of `total`, counted from 1."""

    task_id: str
    task_title: str
    number: int
    total: int
    text: str


class LessonDesk:
    """Where learners get their lessons. All methods raise `DatabaseError` when it can't be used."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        clock: Callable[[], datetime],
        dice: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._dice = dice
        self._library = library

    @property
    def catalogue(self) -> Catalogue:
        """All lessons as they are now."""
        return self._library.catalogue

    def number(self, lesson_id: str) -> int:
        """The place of the lesson among all of them, counted from 1: what learners call it."""
        return 1 + next(i for i, one in enumerate(self.catalogue.lessons) if one.id == lesson_id)

    def find(self, name: str, language: Language) -> Lesson:
        """The lesson that a learner means by an id, a number, a title or a good part of it.

        Raises:
            LearnerError: There is none; the error names the nearest.
        """
        wanted = name.strip()
        exact = self._exactly(wanted, language)
        if exact is not None:
            return exact
        nearest = self._nearest(wanted, language, limit=3)
        if nearest and nearest[0][1] >= GOOD_MATCH:
            return nearest[0][0]
        titles = [
            f"**{self.text(lesson, language).title}**"
            for lesson, score in nearest
            if score >= POOR_MATCH
        ]
        if not titles:
            raise LearnerError("lesson.unknown_at_all", name=one_line(wanted))
        raise LearnerError("lesson.unknown", name=one_line(wanted), nearest=", ".join(titles))

    def suggest(self, typed: str, language: Language) -> Sequence[Lesson]:
        """Lessons for an autocompletion: all in order, or the nearest to what is typed."""
        if not typed.strip():
            return self.catalogue.lessons[:MOST_SUGGESTIONS]
        return [lesson for lesson, _ in self._nearest(typed, language, limit=MOST_SUGGESTIONS)]

    def text(self, lesson: Lesson, language: Language) -> LessonText:
        """The prose of a lesson, with what was drawn for this attempt in it."""
        return self.catalogue.text(lesson, language)

    def get(self, lesson_id: str) -> Lesson:
        """The lesson of this id.

        Raises:
            LearnerError: It was removed since its card was made.
        """
        lesson = self.catalogue.get(lesson_id)
        if lesson is None:
            raise LearnerError("lesson.gone")
        return lesson

    def after(self, lesson_id: str) -> Lesson | None:
        """The lesson that comes after this one."""
        order = self.get(lesson_id).order
        return next((lesson for lesson in self.catalogue.lessons if lesson.order > order), None)

    async def rows(self, learner_id: int) -> Sequence[LessonRow]:
        """Every lesson in order, with how far the learner is."""
        async with self._database.transaction() as session:
            known = {p.lesson_id: p for p in await progress.overview(session, learner_id)}
        return [self.row(lesson, known.get(lesson.id)) for lesson in self.catalogue.lessons]

    def row(self, lesson: Lesson, at: LessonProgress | None) -> LessonRow:
        """The lesson in the list, for a learner with this progress in it."""
        done = frozenset[str]() if at is None else at.done
        number = self.number(lesson.id)
        lesson = lesson if at is None else lesson.at(at.variant)
        return LessonRow(
            number=number,
            lesson=lesson,
            tasks_done=sum(task.id in done for task in lesson.tasks),
            opened=at is not None,
            finished=at is not None and at.finished_at is not None,
            best_score=None if at is None else at.best_score,
        )

    async def open(self, learner_id: int, lesson_id: str) -> OpenLesson:
        """Open the lesson where the learner left it, and make it the current one."""
        lesson = self.get(lesson_id)
        async with self._database.transaction() as session:
            at = await self._opened(session, learner_id, lesson)
            index = index_of(lesson, at.step_id)
            at = await self._at_step(session, at, lesson.steps[index])
        return open_lesson(lesson, at, index)

    async def turn_to(self, learner_id: int, lesson_id: str, step_id: str) -> OpenLesson:
        """Open this step of the lesson; a step that is no more means the first one."""
        lesson = self.get(lesson_id)
        index = index_of(lesson, step_id)
        async with self._database.transaction() as session:
            at = await self._opened(session, learner_id, lesson)
            at = await self._at_step(session, at, lesson.steps[index])
        return open_lesson(lesson, at, index)

    async def current(self, learner_id: int) -> OpenLesson | None:
        """The lesson that the learner is in, if any."""
        async with self._database.transaction() as session:
            at = await progress.current(session, learner_id)
        lesson = None if at is None else self.catalogue.get(at.lesson_id)
        if at is None or lesson is None:
            return None
        return open_lesson(lesson, at, index_of(lesson, at.step_id))

    async def as_it_stands(self, learner_id: int, at: OpenLesson) -> OpenLesson:
        """The same lesson as it is now: the learner may have gone on meanwhile."""
        async with self._database.transaction() as session:
            now = await progress.of_lesson(session, learner_id, at.lesson.id)
        lesson = self.catalogue.get(at.lesson.id)
        if now is None or lesson is None:
            return at
        return open_lesson(lesson, now, index_of(lesson, now.step_id))

    async def place_card(
        self, learner_id: int, lesson_id: str, place: CardPlace
    ) -> CardPlace | None:
        """Remember which message shows the lesson; the one that showed it before, if another."""
        async with self._database.transaction() as session:
            at = await progress.of_lesson(session, learner_id, lesson_id)
            await progress.set_card(
                session, learner_id, lesson_id, place.channel_id, place.message_id
            )
        before = None if at is None else _card_of(at)
        return None if before == place else before

    async def hint(self, learner_id: int, lesson_id: str, step_id: str, language: Language) -> Hint:
        """One more hint for the first open task of this step; after the last, the last again.

        Raises:
            LearnerError: Every task of the step is done, or there is no hint for it.
        """
        lesson = self.get(lesson_id)
        async with self._database.transaction() as session:
            at = await self._opened(session, learner_id, lesson)
            drawn = lesson.at(at.variant)
            task = _first_open(drawn.steps[index_of(drawn, step_id)], at.done)
            hints = self.text(drawn, language).tasks[task.id].hints
            shown = at.hints.get(task.id, 0)
            if shown < len(hints):
                shown = await progress.use_hint(session, learner_id, lesson_id, task.id)
        if not hints:
            raise LearnerError("lesson.hint.none")
        number = min(shown, len(hints))
        title = self.text(drawn, language).tasks[task.id].title
        return Hint(task.id, title, number, len(hints), hints[number - 1])

    async def reveal(self, learner_id: int, at: OpenLesson, language: Language) -> OpenLesson:
        """The lesson of somebody who reads the solution at hand: all of its hints are taken.

        Only a timed lesson counts them that way.
        """
        if at.lesson.faults is None or at.step_done:
            return at
        task = _first_open(at.step, at.done)
        count = len(self.text(at.lesson, language).tasks[task.id].hints)
        async with self._database.transaction() as session:
            await progress.use_hints(session, learner_id, at.lesson.id, task.id, count)
            now = await progress.of_lesson(session, learner_id, at.lesson.id)
        return at if now is None else open_lesson(at.lesson, now, at.index)

    async def answer(self, learner_id: int, lesson_id: str, task_id: str, answer: str) -> None:
        """Remember what the learner answered; checking tells whether it is right.

        Raises:
            LearnerError: This task asks for no answer any more.
        """
        lesson = self.get(lesson_id)
        if not any(task.id == task_id and asks_for_answer(task) for task in lesson.tasks):
            raise LearnerError("lesson.gone")
        async with self._database.transaction() as session:
            await self._opened(session, learner_id, lesson)
            await progress.set_answer(session, learner_id, lesson_id, task_id, answer.strip())

    async def begin_anew(self, learner_id: int, lesson_id: str) -> OpenLesson:
        """Start another attempt of the lesson: nothing is done, and what is drawn is new."""
        lesson = self.get(lesson_id)
        async with self._database.transaction() as session:
            before = await self._opened(session, learner_id, lesson)
            await progress.begin_anew(
                session,
                learner_id,
                lesson_id,
                variant=self._another_variant(lesson, before.variant),
                at=self._clock(),
            )
            at = await self._opened(session, learner_id, lesson)
        return open_lesson(lesson, at, 0)

    async def _at_step(
        self, session: AsyncSession, at: LessonProgress, step: Step
    ) -> LessonProgress:
        """Show this step; where things are broken, the clock runs from the first time on."""
        await progress.set_step(session, at.learner_id, at.lesson_id, step.id)
        if step.faults is None or at.clock_at is not None:
            return at
        clock_at = await progress.start_clock(session, at.learner_id, at.lesson_id, self._clock())
        return replace(at, clock_at=clock_at)

    async def _opened(
        self, session: AsyncSession, learner_id: int, lesson: Lesson
    ) -> LessonProgress:
        return await progress.open_lesson(
            session,
            learner_id,
            lesson.id,
            version=lesson.version,
            at=self._clock(),
            variant=self._dice(VARIANTS) if lesson.values else 0,
        )

    def _another_variant(self, lesson: Lesson, before: int) -> int:
        return (before + 1 + self._dice(VARIANTS - 1)) % VARIANTS if lesson.values else 0

    def _exactly(self, wanted: str, language: Language) -> Lesson | None:
        by_id = self.catalogue.get(wanted)
        if by_id is not None:
            return by_id
        if wanted.isdecimal() and 0 < int(wanted) <= len(self.catalogue.lessons):
            return self.catalogue.lessons[int(wanted) - 1]
        typed = wanted.casefold()
        inside = [
            lesson
            for lesson in self.catalogue.lessons
            if typed in self.text(lesson, language).title.casefold()
        ]
        return inside[0] if len(inside) == 1 and typed else None

    def _nearest(
        self, typed: str, language: Language, *, limit: int
    ) -> Sequence[tuple[Lesson, float]]:
        scored = [
            (lesson, self._likeness(typed, lesson, language)) for lesson in self.catalogue.lessons
        ]
        return sorted(scored, key=lambda entry: -entry[1])[:limit]

    def _likeness(self, typed: str, lesson: Lesson, language: Language) -> float:
        names = (lesson.id, self.text(lesson, language).title)
        return max(fuzz.WRatio(typed, name, processor=utils.default_process) for name in names)


def one_line(text: str) -> str:
    """What somebody typed, short, on one line and safe between backticks."""
    return " ".join(text.replace("`", "'").split())[:LONGEST_ECHO]


def _first_open(step: Step, done: frozenset[str]) -> Task:
    for task in step.tasks:
        if task.id not in done:
            return task
    raise LearnerError("lesson.hint.all_done")


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
        card=_card_of(at),
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


def _card_of(at: LessonProgress) -> CardPlace | None:
    if at.card_channel_id is None or at.card_message_id is None:
        return None
    return CardPlace(at.card_channel_id, at.card_message_id)


def page_port(step: Step) -> int | None:
    """The port whose page a task of this step wants the learner to look at."""
    checks = (check for task in step.tasks for check in task.checks)
    return next((check.port for check in checks if isinstance(check, PageSeen)), None)
