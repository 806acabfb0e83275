"""Alt texts: what a picture shows, in sentences, within the length that Discord keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.pictures.letters import cleaned
from bot.texts import Speech

LONGEST_ALT: Final = 1_000
"""Discord keeps 1,024 characters."""


LONGEST_NAME: Final = 60


def name_for_alt(name: str) -> str:
    """A name as it is read out: whole, unless it is longer than anybody would listen to."""
    clean = cleaned(name, None)
    return clean if len(clean) <= LONGEST_NAME else f"{clean[: LONGEST_NAME - 1]}…"


def told(first: Sequence[str], rest: Sequence[str], say: Speech, *, most: int) -> str:
    """`first`, and as many of the `rest` as fit; then how many more there are."""
    text = " ".join(cleaned(sentence, None, most=most) for sentence in first)
    for number, sentence in enumerate(rest):
        longer = f"{text} {cleaned(sentence, None, most=most)}".strip()
        left = len(rest) - number
        if len(longer) + len(_more(say, left)) > most:
            return f"{text}{_more(say, left)}"[:most]
        text = longer
    return text[:most]


def _more(say: Speech, count: int) -> str:
    return f" {say('picture.more', n=count)}"
