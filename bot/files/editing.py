"""A file as the text in a form and back: what fits, what changed meanwhile, how its lines end."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.errors import LearnerError
from bot.terminal.escape import inline_code

LONGEST_TEXT: Final = 4000
"""Letters that a form of Discord takes."""

NEW: Final = "new"
"""Stands for the digest of a file that is not there."""

_CONTROL: Final = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))


@dataclass(frozen=True, slots=True)
class EditedText:
    """A file that is open in a form. `digest` is of the file as it was, or `NEW`.

    `style` is how its lines end: `r` for those of Windows, `n` for a last line without an end.
    """

    text: str
    digest: str
    style: str


def digest_of(content: bytes | None) -> str:
    """Twelve letters that tell one content from another; `NEW` for a file that is not there."""
    return NEW if content is None else sha256(content).hexdigest()[:12]


def open_in_form(path: str, content: bytes | None) -> EditedText:
    """The file as a form shows it.

    Raises:
        LearnerError: It is no text, or longer than a form takes.
    """
    if content is None:
        return EditedText("", NEW, "-")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise LearnerError("files.edit.no_text", path=inline_code(path)) from None
    windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    if "\r" in text or not _CONTROL.isdisjoint(text):
        raise LearnerError("files.edit.no_text", path=inline_code(path))
    if form_length(text) > LONGEST_TEXT:
        raise LearnerError(
            "files.edit.too_long",
            path=inline_code(path),
            letters=f"{len(text):,}",
            most=f"{LONGEST_TEXT:,}",
        )
    style = ("r" if windows else "") + ("n" if text and not text.endswith("\n") else "")
    return EditedText(text, digest_of(content), style or "-")


def form_length(text: str) -> int:
    """How many letters it has for Discord, which counts an emoji as two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def from_form(text: str, style: str) -> bytes:
    """What is written to the file; Discord may have taken the end of the last line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n") and "n" not in style:
        text += "\n"
    if "r" in style:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8", "replace")
