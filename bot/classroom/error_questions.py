"""Questions about a known error: those of the lessons that treat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.classroom.library import Library
from bot.classroom.quiz_sources import LessonQuestions
from bot.quiz.questions import Offer, QuizQuestion

ABOUT_ERROR: Final = "error:"
"""What the key of an error's questions begins with; its id follows."""


class ErrorQuestions:
    """A `QuestionSource` that offers nothing by itself: who has met an error is asked about it.

    `treats` is known error → its questions, as lesson/question. Those that the lessons don't have
    any more are left out.
    """

    prefix: str = ABOUT_ERROR

    def __init__(self, library: Library, treats: Mapping[str, Sequence[str]]) -> None:
        self._library = library
        self._lessons = LessonQuestions(library)
        self._treats = treats

    def about(self, error: str) -> tuple[str, ...]:
        """The questions that treat this error, as lesson/question; empty when there are none."""
        banks = self._library.catalogue.questions
        found = []
        for ref in self._treats.get(error, ()):
            lesson, _, question_id = ref.partition("/")
            if lesson in banks and any(one.id == question_id for one in banks[lesson].questions):
                found.append(ref)
        return tuple(found)

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """None: what is asked about an error is in the lessons that are offered."""
        return ()

    async def questions(self, server_id: int, key: str) -> tuple[QuizQuestion, ...]:
        """The questions about the error of this key."""
        refs = self.about(key.removeprefix(self.prefix))
        found = [
            await self._lessons.question(server_id, f"{self._lessons.prefix}{ref}") for ref in refs
        ]
        return tuple(question for question in found if question is not None)

    async def question(self, server_id: int, ref: str) -> QuizQuestion | None:
        """None: each of its questions is found again in its lesson."""
        return None
