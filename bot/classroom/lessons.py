"""Lessons at the desk: opened, turned to a step, begun anew, with hints and answers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom import lesson_search
from bot.classroom.library import Library
from bot.classroom.open_lessons import (
    CardPlace,
    LessonRow,
    OpenLesson,
    card_of,
    index_of,
    open_lesson,
)
from bot.errors import LearnerError
from bot.texts import Language
from db import progress
from db.engine import Database
from db.progress import LessonProgress
from lessons.draws import VARIANTS
from lessons.judging import asks_for_answer
from lessons.model import Catalogue, Lesson, LessonText, Step, Task


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
        return lesson_search.find(self.catalogue, name, language)

    def suggest(self, typed: str, language: Language) -> Sequence[Lesson]:
        """Lessons for an autocompletion: all in order, or the nearest to what is typed."""
        return lesson_search.suggest(self.catalogue, typed, language)

    def text(self, lesson: Lesson, language: Language) -> LessonText:
        """The prose of a lesson, with what was drawn for this attempt in it."""
        return self.catalogue.text(lesson, language)

    def titled(self, lesson_id: str, language: Language) -> str:
        """Number and title, as in `3. Images`.

        Raises:
            LearnerError: There is no such lesson any more.
        """
        lesson = self.get(lesson_id)
        return f"{self.number(lesson_id)}. {self.text(lesson, language).title}"

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
        before = None if at is None else card_of(at)
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


def _first_open(step: Step, done: frozenset[str]) -> Task:
    for task in step.tasks:
        if task.id not in done:
            return task
    raise LearnerError("lesson.hint.all_done")
