"""Where quizzes take their questions from: the lessons, and whatever else was added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.classroom.library import Library
from bot.quiz.questions import BankQuestion, Offer, QuestionSource, QuizQuestion
from lessons.languages import LANGUAGES
from lessons.questions import QuestionBank, QuestionText

ALL_LESSONS: Final = "lesson:*"
"""The key of all lessons together."""


class LessonQuestions:
    """The question banks of the lessons, for every server: a `QuestionSource`."""

    prefix: str = "lesson:"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """Each lesson that has questions."""
        catalogue = self._library.catalogue
        return tuple(
            Offer(
                f"{self.prefix}{lesson.id}",
                {language: catalogue.text(lesson, language).title for language in LANGUAGES},
                len(catalogue.questions[lesson.id].questions),
            )
            for lesson in catalogue.lessons
            if lesson.id in catalogue.questions and catalogue.questions[lesson.id].questions
        )

    async def questions(self, server_id: int, key: str) -> tuple[QuizQuestion, ...]:
        """The questions of a lesson, or of all."""
        banks = self._library.catalogue.questions
        if key == ALL_LESSONS:
            lessons = [lesson.id for lesson in self._library.catalogue.lessons]
        else:
            lessons = [key.removeprefix(self.prefix)]
        return tuple(
            self._question(lesson, banks[lesson], question.id)
            for lesson in lessons
            if lesson in banks
            for question in banks[lesson].questions
        )

    async def question(self, server_id: int, ref: str) -> QuizQuestion | None:
        """The question of this ref as the lesson has it now."""
        lesson, _, question_id = ref.removeprefix(self.prefix).partition("/")
        bank = self._library.catalogue.questions.get(lesson)
        if bank is None or question_id not in {question.id for question in bank.questions}:
            return None
        return self._question(lesson, bank, question_id)

    def _question(self, lesson: str, bank: QuestionBank, question_id: str) -> BankQuestion:
        question = next(one for one in bank.questions if one.id == question_id)
        texts: dict[str, QuestionText] = {
            language: bank.text(language, question_id) for language in LANGUAGES
        }
        return BankQuestion(f"{self.prefix}{lesson}/{question_id}", question, texts)


class QuestionSources:
    """All of them together; each is asked for what begins with its prefix."""

    def __init__(self, *sources: QuestionSource) -> None:
        self._sources: Sequence[QuestionSource] = sources

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """Everything that this server can take questions from."""
        return tuple([one for each in self._sources for one in await each.offers(server_id)])

    async def questions(self, server_id: int, key: str) -> tuple[QuizQuestion, ...]:
        """See `QuestionSource.questions`."""
        source = self._of(key)
        return () if source is None else await source.questions(server_id, key)

    async def question(self, server_id: int, ref: str) -> QuizQuestion | None:
        """See `QuestionSource.question`."""
        source = self._of(ref)
        return None if source is None else await source.question(server_id, ref)

    def _of(self, key: str) -> QuestionSource | None:
        return next((one for one in self._sources if key.startswith(one.prefix)), None)
