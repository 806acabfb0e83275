"""A question as a quiz asks it, whatever bank it is from, and where questions come from.

Quizzes, practice and banks of one's own meet here: whoever offers questions is a `QuestionSource`,
and each of its questions is a `QuizQuestion`, best made as a `BankQuestion`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.texts import Language
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    Question,
    QuestionText,
)

Answer = tuple[str, ...]
"""The ids of the options that were chosen, sorted, or the one line that was typed."""

KINDS = ("single", "multiple", "true_false", "command", "engine")


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What is run on an engine to find the answer: the set-up, then the command that is shown."""

    setup: tuple[str, ...]
    run: str


class QuizQuestion(Protocol):
    """A question that a quiz can ask."""

    @property
    def ref(self) -> str:
        """By this its source finds it again, in the same version; at most 200 letters."""
        ...

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        ...

    @property
    def options(self) -> tuple[str, ...]:
        """The ids of the options, in the order of their author; empty when a line is typed."""
        ...

    @property
    def engine(self) -> EngineRun | None:
        """What finds the answer, for the kind `engine`."""
        ...

    @property
    def right(self) -> frozenset[str]:
        """The right options as far as they are known without an engine."""
        ...

    def text(self, language: Language) -> QuestionText:
        """Its words; those of another language when it has none in this one."""
        ...

    def answer_from(self, output: str) -> str | None:
        """The option that is right by what the engine printed; None when it doesn't tell."""
        ...

    def is_right(self, answer: Answer, found: str | None = None) -> bool:
        """Whether the answer is right; `found` is what `answer_from` said."""
        ...


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of a bank in the form of `lessons.questions`, with its words by language."""

    ref: str
    question: Question
    texts: Mapping[str, QuestionText]

    @property
    def kind(self) -> str:
        """See `QuizQuestion.kind`."""
        return self.question.kind

    @property
    def options(self) -> tuple[str, ...]:
        """See `QuizQuestion.options`."""
        return self.question.options

    @property
    def engine(self) -> EngineRun | None:
        """See `QuizQuestion.engine`."""
        question = self.question
        if not isinstance(question, EngineQuestion):
            return None
        return EngineRun(question.setup, question.run)

    @property
    def right(self) -> frozenset[str]:
        """See `QuizQuestion.right`."""
        return self.question.answer if isinstance(self.question, ChoiceQuestion) else frozenset()

    def text(self, language: Language) -> QuestionText:
        """See `QuizQuestion.text`."""
        own = self.texts.get(language)
        return next(iter(self.texts.values())) if own is None else own

    def answer_from(self, output: str) -> str | None:
        """See `QuizQuestion.answer_from`."""
        question = self.question
        return question.answer_from(output) if isinstance(question, EngineQuestion) else None

    def is_right(self, answer: Answer, found: str | None = None) -> bool:
        """See `QuizQuestion.is_right`."""
        match self.question:
            case ChoiceQuestion() as choice:
                return choice.is_right(frozenset(answer))
            case CommandQuestion() as command:
                return len(answer) == 1 and command.is_right(answer[0])
            case EngineQuestion():
                return found is not None and answer == (found,)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that questions can be taken from: a lesson, a bank.

    `key` is unique among all sources and begins with the source's prefix (`lesson:170-compose`);
    `titles` are by language.
    """

    key: str
    titles: Mapping[str, str]
    questions: int

    def title(self, language: Language) -> str:
        """Its name in this language, or in another when it has none."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.key)


class QuestionSource(Protocol):
    """Offers questions to one server; never those of another. Raises `DatabaseError` only."""

    @property
    def prefix(self) -> str:
        """What its keys and refs begin with, such as `lesson:`."""
        ...

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """What this server can take questions from."""
        ...

    async def questions(self, server_id: int, key: str) -> tuple[QuizQuestion, ...]:
        """The questions of an offer; none when there is no such thing for this server."""
        ...

    async def question(self, server_id: int, ref: str) -> QuizQuestion | None:
        """The question of this ref, in its version; None when it is gone or not this server's."""
        ...
