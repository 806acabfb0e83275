"""Words that fit: a card of Discord's has 4,000 letters in all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MOST_LETTERS: Final = 4_000


def whole_lines(words: str, most: int) -> str:
    """The words, or as many whole lines of them as fit, and a sign that there were more."""
    if len(words) <= most:
        return words
    cut = words[: most - 2]
    end = cut.rfind("\n")
    return f"{cut[:end] if end > 0 else cut}\n…"


def fitted(words: str, most: int, shown: Callable[[str], str]) -> str:
    """The beginning of the words as `shown` makes it, which may be longer than they are."""
    while len(made := shown(words)) > most:
        words = words[: len(words) - max(1, (len(made) - most) // 2)]
    return made
