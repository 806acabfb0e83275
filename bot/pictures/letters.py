"""The letters of pictures: which a text keeps, and where it is cut to fit."""

from __future__ import annotations

import unicodedata
from typing import Final, Protocol

ELLIPSIS: Final = "…"
STRANGE: Final = "□"
"""For characters that no font of ours has, such as emoji."""
LONGEST_TEXT: Final = 300
"""What is longer was not meant to be read; it would only be measured."""


class Fonts(Protocol):
    """Measures and cleans; a layout needs nothing else."""

    def clean(self, text: str) -> str:
        """The text on one line, with nothing in it that can't be drawn or that turns it around."""
        ...

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        """How many units a clean text takes."""
        ...


def fit(fonts: Fonts, text: str, size: int, most: float, *, bold: bool = False) -> str:
    """The clean text, cut with an ellipsis where it is wider than `most` units.

    Empty where not even the ellipsis has room.
    """
    clean = fonts.clean(text)
    if fonts.width(clean, size, bold=bold) <= most:
        return clean
    if fonts.width(ELLIPSIS, size, bold=bold) > most:
        return ""
    low, high = 0, len(clean)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        cut = clean[:middle].rstrip() + ELLIPSIS
        if fonts.width(cut, size, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    return clean[:low].rstrip() + ELLIPSIS


def wrap(
    fonts: Fonts, text: str, size: int, most: float, lines: int, *, bold: bool = False
) -> list[str]:
    """The clean text on at most so many lines of `most` units; the last is cut where more is left.

    Lines break between words, and within a word that is wider than a line.
    """
    left = fonts.clean(text)
    made: list[str] = []
    while left and len(made) < lines - 1 and fonts.width(left, size, bold=bold) > most:
        line = _first_line(fonts, left, size, most, bold=bold)
        if not line:
            break
        made.append(line)
        left = left[len(line) :].lstrip()
    last = fit(fonts, left, size, most, bold=bold)
    return [*made, last] if last else made


def _first_line(fonts: Fonts, text: str, size: int, most: float, *, bold: bool) -> str:
    """As much of the beginning as fits on a line; empty where not one letter has room."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fonts.width(text[:middle].rstrip(), size, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    if low < len(text) and not text[low].isspace():
        space = text.rfind(" ", 0, low)
        # A break far to the left would waste the line: then within the word.
        if space > low // 3:
            low = space
    return text[:low].rstrip()


def cleaned(text: str, known: frozenset[int] | None, *, most: int = LONGEST_TEXT) -> str:
    """See `Fonts.clean`; `known` are the characters that can be drawn, None: all of them."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text[:most]):
        kind = unicodedata.category(letter)
        if letter.isspace():
            letter = " "  # noqa: PLW2901
        elif kind[0] == "M" or kind in {"Cc", "Cf", "Cs"}:
            continue
        elif _goes_left(letter) or (known is not None and ord(letter) not in known):
            letter = STRANGE  # noqa: PLW2901
        if letter in {" ", STRANGE} and letters[-1:] == [letter]:
            continue
        letters.append(letter)
    return "".join(letters).strip()


def _goes_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL", "AN"}
