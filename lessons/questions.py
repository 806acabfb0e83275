"""Questions of a lesson as values, and how an answer is judged.

A question has ids and what is right; its words and the explanation of each option are apart, in
every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from lessons.docker_grammar import DockerCommand
from lessons.typed_answers import same_answer


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """One option is right (`single`, `true_false`), or all of `answer` together (`multiple`)."""

    id: str
    kind: str
    options: tuple[str, ...]
    answer: frozenset[str]

    def is_right(self, chosen: Set[str]) -> bool:
        """Whether exactly the right options were chosen."""
        return chosen == self.answer


@dataclass(frozen=True, slots=True)
class CommandQuestion:
    """The learner types a docker command; `answers` are all that are right, by meaning."""

    id: str
    answers: tuple[DockerCommand, ...]
    shown: str
    """The first of them as its author wrote it."""
    kind: str = "command"
    options: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """All of them as their author wrote them."""

    def is_right(self, line: str) -> bool:
        """Whether the line is one of the answers, however it is written."""
        return any(same_answer(answer, line) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class EngineQuestion:
    """What is right is found out on an engine: the option whose pattern fits what `run` prints.

    `setup` are lines that bring the engine into the state that the question is about; they use
    names that begin with `quiz-` and can be run again.
    """

    id: str
    setup: tuple[str, ...]
    run: str
    patterns: Mapping[str, str]
    """Option → regular expression for the output."""
    kind: str = "engine"

    @property
    def options(self) -> tuple[str, ...]:
        """The options, in their order."""
        return tuple(self.patterns)

    def answer_from(self, output: str) -> str | None:
        """The right option by what the engine printed; None when none or several fit."""
        fitting = [o for o, pattern in self.patterns.items() if re.search(pattern, output)]
        return fitting[0] if len(fitting) == 1 else None


Question = ChoiceQuestion | CommandQuestion | EngineQuestion


@dataclass(frozen=True, slots=True)
class OptionText:
    """An option in one language, and why it is right or wrong."""

    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question in one language; `explanation` is for one without options."""

    title: str
    body: str
    options: Mapping[str, OptionText]
    explanation: str


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """The questions of a lesson; texts by language and id."""

    questions: tuple[Question, ...] = ()
    texts: Mapping[tuple[str, str], QuestionText] | None = None

    def text(self, language: str, question_id: str) -> QuestionText:
        """The words of a question; `KeyError` for an unknown language or id."""
        return (self.texts or {})[language, question_id]
