"""The way from an uploaded file to a bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.banks.csv_form import read_csv
from bot.banks.decoding import decoded
from bot.banks.judging import judge
from bot.banks.limits import MOST_BYTES
from bot.banks.model import Bank, BankMistake, scrubbed
from bot.banks.raw import Complaints
from bot.banks.yaml_form import read_yaml
from bot.texts import Language

Form = Literal["yaml", "csv"]
ENDINGS: Final[dict[str, Form]] = {
    ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: a bank, or in the order of their lines all mistakes in it."""

    bank: Bank
    mistakes: tuple[BankMistake, ...] = ()


def read_bank(file_name: str, content: bytes, language: Language) -> Reading:
    """Read a file that somebody uploaded; `language` is that of a table which names none."""
    # Discord may leave nothing of a Korean name but its ending.
    form = ENDINGS.get(f".{file_name.lower().rpartition('.')[2]}")
    if form is None:
        return _refused("file_kind")
    if len(content) > MOST_BYTES:
        return _refused("file_too_big", has=len(content) // 1024 + 1, most=MOST_BYTES // 1024)
    text = decoded(content)
    if text is None:
        return _refused("encoding")
    return read_text(form, scrubbed(text), language)


def read_text(form: Form, text: str, language: Language) -> Reading:
    """The same of a text."""
    complaints = Complaints()
    if not text.strip():
        return _refused("file_empty")
    read = read_yaml(text, complaints) if form == "yaml" else read_csv(text, language, complaints)
    bank = judge(read, complaints)
    # The same mistake of both languages, or of a line and its file, is one.
    unique = {(each.line, each.key, str(each.values)): each for each in complaints.mistakes}
    return Reading(bank, tuple(sorted(unique.values(), key=lambda each: (each.line, each.key))))


def _refused(what: str, **values: object) -> Reading:
    return Reading(Bank(), (BankMistake(0, f"bank.mistake.{what}", values),))
