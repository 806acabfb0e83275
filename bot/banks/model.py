"""A bank as a value, and what is wrong with a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.texts import Language
from lessons.questions import ChoiceQuestion, EngineQuestion, Question, QuestionText

_UNSEEN: Final = {"\ufeff"} | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_BREAKS: Final = str.maketrans({"\r": "\n", "\x85": " ", "\u2028": " ", "\u2029": " "})
"""Lines are those that an editor counts."""


@dataclass(frozen=True, slots=True)
class BankMistake:
    """One mistake of an author: a key of the text catalogue. Line 0 is the file as a whole."""

    line: int
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BankItem:
    """A question of a bank with its words, in at least one language."""

    question: Question
    texts: Mapping[Language, QuestionText]


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions in the order of their author."""

    items: tuple[BankItem, ...] = ()

    def get(self, question_id: str) -> BankItem | None:
        """The question of this id."""
        return next((item for item in self.items if item.question.id == question_id), None)


def numbered(bank: Bank) -> Bank:
    """The same with numbers for the ids of options: all that a table keeps of them."""
    return Bank(tuple(_numbered(item) for item in bank.items))


def scrubbed(text: str) -> str:
    """The text without what can't be seen, or turns around what stands beside it."""
    kept = (
        letter
        for letter in text.replace("\r\n", "\n").translate(_BREAKS)
        if letter in "\n\t"
        or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _UNSEEN)
    )
    return unicodedata.normalize("NFC", "".join(kept))


def tidy(text: str) -> str:
    """The scrubbed text without space at its ends."""
    return scrubbed(text).strip()


def command_line(text: str) -> str:
    """A line for a shell: the spaces within quotes stay as they are."""
    return " ".join(tidy(text).split("\n"))


def one_line(text: str) -> str:
    """The tidy text on one line."""
    return " ".join(tidy(text).split())


def _numbered(item: BankItem) -> BankItem:
    question = item.question
    if question.kind == "true_false" or not question.options:
        return item
    names = {option: str(number) for number, option in enumerate(question.options, start=1)}
    texts = {
        language: replace(
            text, options={names[option]: words for option, words in text.options.items()}
        )
        for language, text in item.texts.items()
    }
    renamed: Question
    match question:
        case ChoiceQuestion():
            answer = frozenset(names[option] for option in question.answer)
            renamed = replace(question, options=tuple(names.values()), answer=answer)
        case EngineQuestion():
            patterns = {names[option]: pattern for option, pattern in question.patterns.items()}
            renamed = replace(question, patterns=patterns)
        case _:
            renamed = question
    return BankItem(renamed, texts)
