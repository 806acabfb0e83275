"""What a text is about, as terms that Korean and English have in common.

A text becomes terms: ideas (`@remove` for 지워요, 삭제, deleting and `rm`), stems of other words,
options such as `--name`, numbers, and for Korean words that nobody listed also their pairs of
syllables (`~엮인`), which survive other endings and other spacing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from bot.ask.language import (
    ENDINGS,
    KOREAN_STOP,
    PARTICLES,
    STOP,
    VERB_ENDINGS,
    ideas,
)
from bot.terminal.escape import visible

_PIECE = re.compile(
    r"(?P<hangul>[가-힣]+)"
    r"|(?P<option>(?<![\w-])--?[a-z][a-z0-9-]*)"
    r"|(?P<latin>[a-z][a-z0-9]*(?:[-._'][a-z0-9]+)*)"
    r"|(?P<number>[0-9]{1,9})"
)
_REMEMBERED: Final = 8192
"""Words of questions, too: they must not pile up."""
_SHORTEST_STEM: Final = 3
_SHORTEST_WORD: Final = 2
_SHORTEST_TO_MEND: Final = 3
"""Letters, of Korean ones syllables."""
PAIR: Final = "~"
_MOST_PAIRS: Final = 8
_NO_STOP: Final = frozenset({"up", "was"})
"""Words of Docker's, too."""

Word = tuple[str, ...]
"""The terms of one word: any of them tells what it is about, the plainest first."""

_AFTER_IDEA: Final = tuple("하한할합했해되된될됩됐돼시이인입라에으로는은을를의가도만랑와과")
"""How particles and endings begin."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a text in their order; `wants` are the ideas in capitals, as `DEFINE`."""

    words: Sequence[Word]
    wants: frozenset[str]

    @property
    def flat(self) -> list[str]:
        """Every term of every word."""
        return [term for word in self.words for term in word]


_ASKING: Final = {
    "DEFINE": re.compile(r"\bwhat(?:'?s| is| are)\b"),
    "TROUBLE": re.compile(r"\b(?:can'?t|cannot|doesn'?t|won'?t|isn'?t|not work(?:ing)?)\b"),
}


def terms_of(text: str) -> Terms:
    """The terms of this text. Any text will do."""
    read = clean(text)
    words, wants = [], {want for want, pattern in _ASKING.items() if pattern.search(read)}
    for word in _words(read):
        wanted = [term[1:] for term in word if term[0] == "@" and term[1:].isupper()]
        wants.update(wanted)
        rest = tuple(term for term in word if term[1:] not in wanted)
        if rest:
            words.append(rest)
    return Terms(words, frozenset(wants))


def clean(text: str) -> str:
    """Composed, in lower case, with plain quotes and dashes, and nothing that can't be seen."""
    composed = unicodedata.normalize("NFKC", visible(text)).lower()
    return _ADDRESS.sub(" ", composed.translate(_PLAIN))


_ADDRESS = re.compile(r"[a-z]{2,9}://\S{0,500}|<[@#][^>]{0,40}>|(?<!\S)@\w+")
"""Of pages and of people."""
_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-"})


def _words(text: str) -> Iterator[Word]:
    pieces = list(_PIECE.finditer(text))
    done = 0
    for at, piece in enumerate(pieces):
        if piece["hangul"]:
            found, done = _korean(text, max(piece.start(), done), piece.end())
            yield from found
        elif piece["latin"]:
            yield from _english(piece[0], _next_latin(text, pieces, at))
        elif piece["option"]:
            yield (piece[0], *_english_ideas().get(piece[0], ()))
        else:
            yield (piece[0],)


def _korean(text: str, begin: int, end: int) -> tuple[list[Word], int]:
    """The terms of a Korean word, and where they end: an idea may go on in the next word.

    Ideas are found wherever they stand in it, since many leave the spaces out: 바인드마운트랑.
    """
    found: list[Word] = []
    at = rest = begin
    while at < end:
        idea, length = _idea_at(text, at, first=at == begin)
        if length:
            if rest == begin:
                found += _left_over(text[rest:at], whole=False)
            found.append(idea)
            rest = at + length
        at += length or 1
    if rest == begin or not text.startswith(_AFTER_IDEA, rest):
        found += _left_over(text[rest:end], whole=rest == begin)
    return found, at


def _left_over(word: str, *, whole: bool) -> Iterator[Word]:
    """What is no idea: without particles, and in pairs of syllables."""
    stem = stripped(word)
    if len(stem) < _SHORTEST_WORD or stem in KOREAN_STOP or word in KOREAN_STOP:
        return
    if whole or len(stem) > _SHORTEST_WORD:
        yield (stem, *(f"{PAIR}{stem[i : i + 2]}" for i in range(min(len(stem) - 1, _MOST_PAIRS))))


@lru_cache(_REMEMBERED)
def stripped(word: str) -> str:
    """A Korean word without its particles and endings, as far as that goes without grammar."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word[: -len(ending)]
    for ending in VERB_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return f"{word[: -len(ending)]}다"
    for particle in PARTICLES:
        if word.endswith(particle) and len(word) > len(particle):
            return word[: -len(particle)]
    return "" if word in PARTICLES + ENDINGS + VERB_ENDINGS else word


def _idea_at(text: str, at: int, *, first: bool) -> tuple[tuple[str, ...], int]:
    """The idea whose longest word stands here, with the length of that; 0 for none."""
    for word, parts, found in _korean_ideas().get(text[at], ()):
        if len(word) == 1 and not (first and _stands_alone(text, at)):
            continue
        length = _match(text, at, parts)
        if length:
            return found, length
    return (), 0


def _match(text: str, at: int, parts: Sequence[str]) -> int:
    """How much of the text these parts take up, with or without spaces between them; 0: no."""
    here = at
    for number, part in enumerate(parts):
        if number and text.startswith(" ", here):
            here += 1
        if not text.startswith(part, here):
            return 0
        here += len(part)
    return here - at


def _stands_alone(text: str, at: int) -> bool:
    """Whether a word of one syllable is one here, alone or before a particle: 층을, not 층계."""
    rest = _HANGUL.match(text, at)
    return rest is not None and (len(rest[0]) == 1 or rest[0][1:] in PARTICLES)


_HANGUL = re.compile("[가-힣]+")


def _english(word: str, following: str) -> Iterator[Word]:
    """The stem of a word and what it means; two words may mean something together."""
    table = _english_ideas()
    word = word.removesuffix("'s").replace("'", "")
    pair = table.get(f"{stem_of(word)}_{stem_of(following)}") if following else None
    if pair:
        yield pair
    stem = stem_of(word)
    meant = table.get(stem, ())
    if any(idea.isupper() for idea in meant):
        yield meant
        return
    if word in STOP and word not in _NO_STOP:
        return
    yield (stem, *meant)
    if re.search("[-._]", word):
        parts = [part for part in re.split("[-._]", word) if part and part not in STOP]
        yield from ((stem_of(part), *table.get(stem_of(part), ())) for part in parts)


def _next_latin(text: str, pieces: Sequence[re.Match[str]], at: int) -> str:
    if at + 1 == len(pieces) or not pieces[at + 1]["latin"]:
        return ""
    between = text[pieces[at].end() : pieces[at + 1].start()]
    return pieces[at + 1][0] if between in {" ", "-", "_"} else ""


@lru_cache(_REMEMBERED)
def stem_of(word: str) -> str:
    """An English word without its ending: removes, removed, removing → remov."""
    if not word.isalpha() or not word.isascii() or len(word) <= _SHORTEST_STEM:
        return word
    if word.endswith(("ies", "ied")) and len(word) > _SHORTEST_STEM + 1:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST_STEM and re.search("[aeiouy]", base):
            return _single(base).removesuffix("e")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def _single(base: str) -> str:
    """Single letters at the end: stopp → stop, but not kill → kil."""
    doubled = base[-1] == base[-2] and base[-1] not in "lsz"
    return base[:-1] if doubled else base


@cache
def _english_ideas() -> dict[str, tuple[str, ...]]:
    """Ideas by the stems of their English words; `a_b` for two words."""
    table: dict[str, tuple[str, ...]] = {}
    for idea, _, english in ideas():
        for word in english:
            parts = word.split("_")
            key = "_".join(stem_of(part) for part in parts)
            table[key] = (*table.get(key, ()), idea)
    return table


@cache
def _korean_ideas() -> dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    """Korean words by their first syllable, longest first: the word, its parts and its ideas."""
    words: dict[str, tuple[str, ...]] = {}
    for idea, korean, _ in ideas():
        for word in korean:
            words[word] = (*words.get(word, ()), idea)
    table: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = {}
    for word in sorted(words, key=lambda word: -len(word.replace("_", ""))):
        table.setdefault(word[0], []).append((word, tuple(word.split("_")), words[word]))
    return table


def korean_words() -> tuple[str, ...]:
    """Every Korean word of the ideas that is long enough to be mistyped."""
    words = (word for entries in _korean_ideas().values() for word, _, _ in entries)
    return tuple(word for word in words if len(word) >= _SHORTEST_TO_MEND and "_" not in word)
