"""Passages out of the catalogue of known errors: every error can be asked about in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from bot.ask.passages import Passage, PassageText
from bot.terminal.error_help import ALL_IDS, ErrorHelp, HelpText, entry, text_of
from bot.terminal.error_help.samples import SAMPLES
from bot.terminal.escape import inline_code
from bot.texts import Speech

ASKED: Final[Mapping[str, Mapping[str, str | Sequence[str]]]] = yaml.safe_load(
    Path(__file__).with_name("problems.yaml").read_text(encoding="utf-8")
)
"""How learners ask for each error, or which entry of the glossary is about it."""

_LONGEST_TITLE: Final = 120


def problems(speeches: Mapping[str, Speech], taught: Iterable[Passage]) -> Iterator[Passage]:
    """Every error that can be explained, with general words for a learner's own names.

    One that the glossary is about leads to where that is taught, and is not searched for.
    """
    known = {passage.id: passage for passage in taught}
    for error_id in ALL_IDS:
        twin = known.get(twin_id(error_id) or "")
        yield Passage(
            id=passage_id(error_id),
            texts={language: _text(error_id, speech) for language, speech in speeches.items()},
            place=None if twin is None else twin.place,
            names=tuple(ASKED[error_id].get("asked", ())),
            searched=twin is None,
        )


def twin_id(error_id: str) -> str | None:
    """The passage of the glossary that is about this error, if there is one."""
    taught = ASKED[error_id].get("taught")
    return None if taught is None else f"error:{taught}"


def passage_id(error_id: str) -> str:
    """The passage of this error."""
    return f"problem:{error_id.replace('_', '-')}"


def as_met(passage: Passage, help: ErrorHelp, speech: Speech) -> Passage:
    """The passage of this error with the names that were in the message, in one language."""
    text = text_of(help, speech)
    title = passage.texts[speech.language].title if help.id in SAMPLES else _first(text.why)
    shown = PassageText(title, _said(text))
    return replace(passage, texts={**passage.texts, speech.language: shown})


def _text(error_id: str, speech: Speech) -> PassageText:
    known = entry(error_id, speech)
    title = inline_code(known.message, longest=_LONGEST_TITLE) or _first(known.text.why)
    return PassageText(title, _said(known.text))


def _said(text: HelpText) -> str:
    """The two lines of an explanation, as they stand under a command that failed."""
    return f"💡 {text.why}\n👉 {text.do}"


def _first(text: str) -> str:
    """The first sentence, without its full stop."""
    return text.partition(". ")[0].removesuffix(".")[:_LONGEST_TITLE]
