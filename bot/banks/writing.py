"""A bank becomes a file that can be uploaded again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from bot.banks.csv_form import COLUMNS, NUMBERED
from bot.banks.judging import TRUTH
from bot.banks.model import Bank, BankItem
from bot.tables import csv_bytes
from bot.texts import LANGUAGES, Language
from lessons.questions import ChoiceQuestion, CommandQuestion, EngineQuestion, QuestionText

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_BEFORE: Final = ("id", "kind", "language", "question", "details", "answer")
_AFTER: Final = ("why", "setup", "run")


def yaml_text(bank: Bank) -> str:
    """The bank in the form of a lesson's questions, with its words."""
    content = {"questions": [_as_mapping(item) for item in bank.items]}
    text: str = yaml.dump(content, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
    return text


def csv_file(bank: Bank, language: Language) -> bytes:
    """The bank as a table for spreadsheets, its columns named in this language."""
    most = max((len(item.question.options) for item in bank.items), default=0)
    names = [*_BEFORE]
    for number in range(1, most + 1):
        names += [f"option{number}", f"why{number}", f"pattern{number}"]
    names += _AFTER
    rows = [row for item in bank.items for row in _rows(item)]
    used = [name for name in names if any(row.get(name) for row in rows) or name == "question"]
    header = [_title(name, language) for name in used]
    return csv_bytes(header, [[row.get(name, "") for name in used] for row in rows])


def _as_mapping(item: BankItem) -> dict[str, Any]:
    question = item.question
    made: dict[str, Any] = {"id": question.id, "kind": question.kind}
    match question:
        case ChoiceQuestion(kind="true_false"):
            made["answer"] = sorted(question.answer)
        case ChoiceQuestion():
            made["options"] = list(question.options)
            made["answer"] = [option for option in question.options if option in question.answer]
        case CommandQuestion():
            made["answer"] = list(question.lines or (question.shown,))
        case EngineQuestion():
            if question.setup:
                made["setup"] = list(question.setup)
            made["run"] = question.run
            made["options"] = dict(question.patterns)
    return made | {
        language: _words(item.texts[language]) for language in LANGUAGES if language in item.texts
    }


def _words(text: QuestionText) -> dict[str, Any]:
    made: dict[str, Any] = {"title": text.title}
    if text.body:
        made["body"] = text.body
    if text.options:
        made["options"] = {
            name: {"text": option.text, "why": option.explanation}
            if option.explanation
            else option.text
            for name, option in text.options.items()
        }
    if text.explanation:
        made["why"] = text.explanation
    return made


def _rows(item: BankItem) -> Iterator[dict[str, str]]:
    question = item.question
    for language in LANGUAGES:
        text = item.texts.get(language)
        if text is None:
            continue
        row = {
            "id": question.id,
            "kind": question.kind,
            "language": language,
            "question": text.title,
            "details": text.body,
            "answer": _answer(item),
            "why": text.explanation,
        }
        for number, option in enumerate(question.options, start=1):
            row[f"option{number}"] = text.options[option].text
            row[f"why{number}"] = text.options[option].explanation
        if isinstance(question, EngineQuestion):
            row |= {"setup": "\n".join(question.setup), "run": question.run}
            for number, pattern in enumerate(question.patterns.values(), start=1):
                row[f"pattern{number}"] = pattern
        yield row


def _answer(item: BankItem) -> str:
    question = item.question
    match question:
        case ChoiceQuestion(kind="true_false"):
            return " ".join(option for option in TRUTH if option in question.answer)
        case ChoiceQuestion():
            numbers = enumerate(question.options, start=1)
            return " ".join(str(n) for n, option in numbers if option in question.answer)
        case CommandQuestion():
            return "\n".join(question.lines or (question.shown,))
        case _:
            return ""


def _title(name: str, language: Language) -> str:
    place = 0 if language == "en" else 1
    if name in COLUMNS:
        return COLUMNS[name][place]
    bare = name.rstrip("0123456789")
    return f"{NUMBERED[bare][place]}{name.removeprefix(bare)}"
