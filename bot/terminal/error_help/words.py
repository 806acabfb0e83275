"""An explanation as text: what happened, and what to do; with foreign values made safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.terminal.error_help.known import ALL_IDS
from bot.terminal.error_help.model import ErrorHelp
from bot.terminal.error_help.samples import MESSAGES
from bot.terminal.escape import inline_code, visible
from bot.texts import Speech

LONGEST_VALUE: Final = 60
SHORT_ID: Final = 12
_LONG_ID: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HelpText:
    """Two lines: why it happened, and what to do; what is foreign in them stands in code."""

    why: str
    do: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A known error as it is for everybody: its id, how it looks, and its explanation."""

    id: str
    message: str
    """As docker prints it, `…` for what differs; empty for what has no wording."""
    text: HelpText


def text_of(help: ErrorHelp, speech: Speech) -> HelpText:
    """The explanation of an error in this language.

    A text may have variants, such as `….why.with_container`, for when that value is known; else
    general words stand where a value is missing.
    """
    do = _filled(help, "do", speech)
    if help.meant:
        names = ", ".join(inline_code(name, longest=LONGEST_VALUE) for name in help.meant)
        do = f"{do} {speech('error_help.meant', names=names)}"
    return HelpText(_filled(help, "why", speech), do)


def catalogue(speech: Speech) -> tuple[CatalogueEntry, ...]:
    """Every error that we can explain, with general words where a learner's own names would be."""
    return tuple(entry(error_id, speech) for error_id in ALL_IDS)


def entry(error_id: str, speech: Speech) -> CatalogueEntry:
    """One error of the catalogue.

    Raises:
        KeyError: There is none with this id.
    """
    message = MESSAGES.get(error_id, "")
    return CatalogueEntry(error_id, message, text_of(ErrorHelp(error_id), speech))


def in_code(value: str) -> str:
    """A foreign value for the inside of inline code: one line, visible, without a backtick."""
    line = " ".join(visible(value).split()).replace("`", "'")
    line = line[:SHORT_ID] if _LONG_ID.fullmatch(line) else line
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


def _filled(help: ErrorHelp, part: str, speech: Speech) -> str:
    values = {name: shown for name, value in help.values.items() if (shown := in_code(value))}
    key = _key(f"error_help.{help.id}.{part}", values, speech)
    (template,) = speech.templates(key)
    return template.format_map(_general(template, speech) | values)


def _key(key: str, values: Iterable[str], speech: Speech) -> str:
    variants = (f"{key}.with_{name}" for name in values)
    return next((variant for variant in variants if variant in speech), key)


def _general(template: str, speech: Speech) -> dict[str, str]:
    """What stands for values that nobody knows, such as `NAME`."""
    wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
    return {name: speech(f"error_help.any.{name}") for name in wanted}
