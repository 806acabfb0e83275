"""The options of a question as a quiz shows them: in an order of its own, with letters.

Authors tend to write the right one first. The order is drawn from the quiz and the place of the
question in it, so that it is the same after a restart.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

from bot.quiz.questions import Answer, QuizQuestion
from bot.texts import Language

MOST_OPTIONS: Final = 25
"""As many as Discord shows in a select, or in five rows of buttons."""


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option with its letter and its words, Markdown included."""

    id: str
    letter: str
    text: str
    explanation: str


def shown_options(
    question: QuizQuestion, language: Language, *, quiz_id: int, position: int
) -> tuple[ShownOption, ...]:
    """The options in the order in which this quiz shows them; yes and no stay as they are."""
    ids = list(question.options)[:MOST_OPTIONS]
    if question.kind != "true_false":
        random.Random(f"{quiz_id}:{position}").shuffle(ids)  # noqa: S311 - no secret
    words = question.text(language).options
    return tuple(
        ShownOption(
            option,
            ascii_uppercase[number],
            words[option].text if option in words else option,
            words[option].explanation if option in words else "",
        )
        for number, option in enumerate(ids)
    )


def chosen(options: tuple[ShownOption, ...], letters: list[str]) -> Answer | None:
    """The answer that these letters mean; None when one of them is on no option."""
    by_letter = {option.letter: option.id for option in options}
    if not letters or any(letter not in by_letter for letter in letters):
        return None
    return tuple(sorted({by_letter[letter] for letter in letters}))
