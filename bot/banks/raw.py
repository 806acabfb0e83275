"""What an author wrote, before anybody judges it: texts with the lines that they are on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.banks.model import BankMistake
from bot.texts import Language


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its line; empty when it is not there."""

    text: str = ""
    line: int = 0

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class RawWords:
    """The words of a question in one language; options by id, each with its explanation."""

    line: int
    title: Cell
    body: Cell
    options: Mapping[str, tuple[Cell, Cell]]
    why: Cell


@dataclass(frozen=True, slots=True)
class RawQuestion:
    """A question as it is written. `patterns` are by option, for the kind `engine`."""

    line: int
    id: Cell
    kind: Cell
    options: tuple[Cell, ...]
    answers: tuple[Cell, ...]
    patterns: Mapping[str, Cell]
    setup: tuple[Cell, ...]
    run: Cell
    words: Mapping[Language, RawWords]


@dataclass(slots=True)
class Complaints:
    """Where mistakes of a file go."""

    mistakes: list[BankMistake] = field(default_factory=list)

    def add(self, line: int, what: str, **values: object) -> None:
        """A mistake on this line; `what` is the end of its key."""
        self.mistakes.append(BankMistake(line, f"bank.mistake.{what}", values))
