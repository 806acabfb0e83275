"""How the answers to a question were distributed: what its picture and its words are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.quiz.questions import Answer


@dataclass(frozen=True, slots=True)
class Bar:
    """An option, how many chose it, and whether it is right.

    `label` is A, B, …; `text` is the option without markup.
    """

    label: str
    text: str
    count: int
    right: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers to one question.

    `bars` are the options as they were shown. A typed command has two: right and wrong.
    `answered` counts people, since one may choose several options; `silent` gave no answer.
    """

    bars: tuple[Bar, ...]
    answered: int
    right: int
    silent: int

    @property
    def share_right(self) -> int:
        """Percent of the answers that were right; 0 when there were none."""
        return 0 if not self.answered else round(self.right * 100 / self.answered)


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option as it was shown."""

    id: str
    label: str
    text: str
    right: bool


def distribution(
    options: Sequence[ShownOption], answers: Iterable[tuple[Answer, bool]], *, participants: int
) -> Distribution:
    """How these answers, each with whether it was right, are spread over the options."""
    given = list(answers)
    right = sum(is_right for _, is_right in given)
    chosen = Counter(option for answer, _ in given for option in answer)
    bars = tuple(Bar(one.label, one.text, chosen[one.id], one.right) for one in options)
    return Distribution(bars, len(given), right, max(0, participants - len(given)))


def typed_distribution(
    answers: Sequence[bool], *, participants: int, right_text: str, wrong_text: str
) -> Distribution:
    """The same for typed lines, of which only right and wrong are told apart."""
    right = sum(answers)
    bars = (
        Bar("O", right_text, right, right=True),
        Bar("X", wrong_text, len(answers) - right, right=False),
    )
    return Distribution(bars, len(answers), right, max(0, participants - len(answers)))
