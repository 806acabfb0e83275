"""Words that nobody wrote before → what was probably meant by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.ask.words import Word, korean_words, terms_of
from bot.terminal.hangul import keys_pressed

_LATIN = re.compile("[a-z]{4,24}")
_HANGUL = re.compile("[가-힣]{3,10}")
_LONG: Final = 8
"""A Latin word of so many letters may have two slips, a shorter one has one."""

_KEYS: Final = {word: keys_pressed(word) for word in korean_words()}
"""Korean words by the keys that type them: a slip is in a letter, not in a syllable."""


class Mender:
    """Knows the words that there are."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._latin = [word for word in vocabulary if _LATIN.fullmatch(word)]

    def meant(self, word: str) -> Word | None:
        """The terms of the word that is nearest to this one, if any is near enough."""
        if word.startswith("-"):
            return tuple(terms_of(word.lstrip("-")).flat) or None
        if _LATIN.fullmatch(word):
            slips = 1 if len(word) < _LONG else 2
            near = process.extractOne(word, self._latin, scorer=OSA.distance, score_cutoff=slips)
            return None if near is None else tuple(terms_of(near[0]).flat) or (near[0],)
        if _HANGUL.fullmatch(word):
            keys = keys_pressed(word)
            found = process.extractOne(keys, _KEYS, scorer=OSA.distance, score_cutoff=1)
            return None if found is None else tuple(terms_of(found[2]).flat)
        return None
