"""A question → the passages that answer it, best first, or none when nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.ask.excerpt import excerpt
from bot.ask.index import Field, Hit, Index
from bot.ask.language import OF_DOCKER
from bot.ask.mending import Mender
from bot.ask.passages import Passage
from bot.ask.words import PAIR, Word, clean, terms_of

LONGEST_QUESTION: Final = 4_000
"""Letters that are read; a question has fewer."""
MOST_WORDS: Final = 40
MOST_MENDED: Final = 6
MOST_JUDGED: Final = 80
MOST_FOUND: Final = 5

_FIELDS: Final = {
    "title": Field(weight=4.0, length_matters=0.6),
    "also": Field(weight=1.5, length_matters=0.6),
    "body": Field(weight=1.0, length_matters=0.7),
    "context": Field(weight=0.5, length_matters=0.3),
}
_PRIORS: Final = {
    "term": 1.0, "command": 1.0, "error": 0.95, "step": 0.95, "mistake": 0.9, "lesson": 0.8,
    "reference": 0.6, "option": 0.85, "problem": 0.9,
}  # fmt: skip
_WANTED: Final[Mapping[str, Mapping[str, float]]] = {
    "DEFINE": {"term": 1.35, "problem": 0.85},
    "COMPARE": {"term": 1.1, "step": 1.1},
    "HOW": {"command": 1.2, "step": 1.1, "problem": 0.85},
    "TROUBLE": {"error": 1.3, "problem": 1.2, "mistake": 1.15, "term": 0.85},
}
"""What sort of passage answers what sort of question."""

_PAIR_WEIGHT: Final = 0.3
_STEM_WEIGHT: Final = 0.2
"""Beside an idea: that it is said with the very same word tells little."""

_UNKNOWN: Final = 3.5
_UNKNOWN_IDEA: Final = 1.0
"""Weights of what is in no passage."""

_VERB = re.compile("[가-힣](?:[요다까죠네지게데고면서니임함됨]|나$)$")
_EVERYWHERE: Final = frozenset({"@good", "@use", "@option", "@command"})
_VERB_SHARE: Final = 0.4
"""A Korean verb, or a word that fits everywhere, tells less of the matter than a noun."""

_LEAST_COVERED: Final = 0.3
_LEAST_COVERED_ELSEWHERE: Final = 0.6
_LEAST_CALLED_ELSEWHERE: Final = 0.42
"""A passage that is about less of the question than this, by weight, answers another one.

More is asked of a question without a word of the trade: it is probably about something else.
"""

_LEAST_CALLED_PROBLEM: Final = 0.6
"""Known errors are many, and say in common words what may be wrong with anything."""

_BY_COVER: Final = 0.7
_QUOTED: Final = 3.0
"""How near a question is that has the very words of an error in it."""
_BY_OPTION: Final = 0.3
"""An option is nearly a name: few passages have it."""
_SHORTEST_QUOTE: Final = 9

_PART_OF_TITLE = re.compile(r"[,:()·?]")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage for a question: how well it fits, and whether it is an answer at all.

    `called` is how near the question is to one of its names.
    """

    passage: Passage
    score: float
    called: float
    fits: bool


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A word with its weight: what it is about for certain, and the pairs of its syllables."""

    plain: frozenset[str]
    pairs: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it was read."""

    text: str
    words: Sequence[Word]
    weighed: Sequence[_Weighed]
    wants: frozenset[str]
    plain: frozenset[str]

    @property
    def is_of_docker(self) -> bool:
        return any(term in OF_DOCKER or term.startswith("-") for term in self.plain)


class AnswerBook:
    """All passages with their index. Made once in about half a second, then only read."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._by_id = {passage.id: passage for passage in passages}
        names = [_names_of(passage) if passage.searched else [] for passage in passages]
        self._index = Index(_FIELDS, map(_document, passages, names))
        self._mender = Mender(self._index.terms())
        # Names have the same words again and again: each is weighed once.
        weighed = cache(self._weighed)
        self._names = [
            [tuple(map(weighed, terms_of(name).words)) for name in some] for some in names
        ]
        self._quotes = [_quotes_of(passage) for passage in passages]

    @property
    def passages(self) -> Sequence[Passage]:
        """Everything that can be an answer."""
        return self._passages

    def get(self, passage_id: str) -> Passage | None:
        """The passage of this id."""
        return self._by_id.get(passage_id)

    def ask(self, question: str) -> list[Found]:
        """The passages that answer the question, best first; none when nothing fits."""
        return [found for found in self.nearest(question) if found.fits]

    def nearest(self, question: str) -> list[Found]:
        """The nearest passages, whether they fit or not."""
        asked = self._read(question)
        wanted = {
            term: _weight_of(term, word)
            for word in asked.words
            for term in word
            if term in self._index
        }
        hits = [hit for hit in self._index.search(wanted) if self._may_answer(hit)]
        # Long questions have something in common with nearly everything.
        candidates = hits[:MOST_JUDGED] + [h for h in hits[MOST_JUDGED:] if self._quoted(h, asked)]
        found = [self._judge(hit, asked) for hit in candidates]
        found.sort(key=lambda one: (-one.score, one.passage.id))
        return found[:MOST_FOUND]

    def excerpt(self, passage: Passage, language: str, question: str = "") -> str:
        """The part of the passage that answers the question; without one, its beginning."""
        asked = self._read(question)

        def worth(block: str) -> float:
            return _covered(frozenset(terms_of(block).flat), asked.weighed)

        return excerpt(passage.texts[language].body, worth)

    def leans_on_what_happened(self, question: str) -> bool:
        """Whether the question is about trouble and leaves out which: why does it fail?"""
        asked = self._read(question)
        return "TROUBLE" in asked.wants and not asked.is_of_docker

    def _read(self, question: str) -> _Asked:
        text = clean(question[:LONGEST_QUESTION])
        terms = terms_of(text)
        words = self._mended(list(dict.fromkeys(terms.words))[:MOST_WORDS])
        plain = frozenset(term for word in words for term in _plain(word))
        return _Asked(text, words, self._weigh(words), terms.wants, plain)

    def _mended(self, words: Iterable[Word]) -> list[Word]:
        """The words, those that are in no passage mended where one can tell what was meant."""
        mended, left = [], MOST_MENDED
        for word in words:
            unknown = not any(term in self._index for term in _plain(word))
            meant = self._mender.meant(word[0]) if unknown and left else None
            left -= unknown and left > 0
            mended.append(meant or word)
        return mended

    def _weigh(self, words: Iterable[Word]) -> list[_Weighed]:
        return [self._weighed(word) for word in words]

    def _weighed(self, word: Word) -> _Weighed:
        return _Weighed(
            frozenset(_plain(word)),
            frozenset(term for term in word if term.startswith(PAIR)),
            self._word_weight(word),
        )

    def _word_weight(self, word: Word) -> float:
        known = [self._index.weight(term) for term in _plain(word) if term in self._index]
        if known:
            return _share_of(word) * min(known)
        return _UNKNOWN_IDEA if word[0].startswith("@") else _share_of(word) * _UNKNOWN

    def _may_answer(self, hit: Hit) -> bool:
        """An option answers only who writes it: all of a command's have its words in their name."""
        sort = self._passages[hit.number].sort
        return sort != "option" or any(term.startswith("-") for term in hit.terms)

    def _judge(self, hit: Hit, asked: _Asked) -> Found:
        passage = self._passages[hit.number]
        if self._quoted(hit, asked):
            covered, called = 1.0, _QUOTED
        else:
            covered = _covered(hit.terms, asked.weighed)
            names = self._names[hit.number]
            called = max((_called(name, asked) for name in names), default=0.0)
            if called < _BY_OPTION and any(term.startswith("-") for term in hit.terms):
                called = _BY_OPTION
        score = hit.score * (1 - _BY_COVER + _BY_COVER * covered) * (1 + called)
        score *= _PRIORS[passage.sort]
        for want in asked.wants:
            score *= _WANTED[want].get(passage.sort, 1.0)
        if asked.is_of_docker or called == _QUOTED:
            whole = any(_is_whole(name, asked) for name in self._names[hit.number])
            fits = whole or (covered >= _LEAST_COVERED and called > 0)
        else:
            is_problem = passage.sort == "problem"
            least = _LEAST_CALLED_PROBLEM if is_problem else _LEAST_CALLED_ELSEWHERE
            fits = covered >= _LEAST_COVERED_ELSEWHERE and called >= least
        return Found(passage, score, called, fits)

    def _quoted(self, hit: Hit, asked: _Asked) -> bool:
        return any(_says(asked.text, quote) for quote in self._quotes[hit.number])


def _says(text: str, quote: str) -> bool:
    """Whether these words are in the text, and no longer number is: 1 is not 130."""
    at = text.find(quote)
    return at >= 0 and not (quote[-1].isdecimal() and text[at + len(quote) :][:1].isdecimal())


def _called(name: Sequence[_Weighed], asked: _Asked) -> float:
    """How much the question and a name have in common, 0 to 1: their F-measure."""
    of_name = _covered(asked.plain, name)
    if not of_name:
        return 0.0
    terms = frozenset[str]().union(*(word.plain | word.pairs for word in name))
    of_question = _covered(terms, asked.weighed)
    return 2 * of_name * of_question / (of_name + of_question) if of_question else 0.0


def _is_whole(name: Sequence[_Weighed], asked: _Asked) -> bool:
    """Whether all of a name is in the question; a single word is too little."""
    return len(name) > 1 and all(not word.plain.isdisjoint(asked.plain) for word in name)


def _covered(terms: Set[str], words: Sequence[_Weighed]) -> float:
    """How much of these words the terms are about, by weight."""
    every = covered = 0.0
    for word in words:
        every += word.weight
        if not word.plain.isdisjoint(terms):
            covered += word.weight
        elif not word.pairs.isdisjoint(terms):
            covered += word.weight / 3
    return covered / every if every else 0.0


def _plain(word: Word) -> Iterable[str]:
    return (term for term in word if not term.startswith(PAIR))


def _share_of(word: Word) -> float:
    return _VERB_SHARE if _VERB.search(word[0]) or word[0] in _EVERYWHERE else 1.0


def _weight_of(term: str, word: Word) -> float:
    if term.startswith(PAIR):
        return _PAIR_WEIGHT * _share_of(word)
    beside_idea = len(word) > 1 and not term.startswith("@")
    return (_STEM_WEIGHT if beside_idea else 1.0) * _share_of(word)


def _names_of(passage: Passage) -> list[str]:
    """Its titles in all languages, each of their parts, and its other names."""
    parts = [
        part.strip() for text in passage.texts.values() for part in _PART_OF_TITLE.split(text.title)
    ]
    return [part for part in dict.fromkeys((*parts, *passage.names)) if part]


def _quotes_of(passage: Passage) -> list[str]:
    """What programs say literally: the parts of an error's English name."""
    if passage.sort != "error":
        return []
    parts = re.split(r"[,:(]", clean(passage.texts["en"].title.replace("`", "")))
    return [part.strip() for part in parts if len(part.strip()) >= _SHORTEST_QUOTE]


def _document(passage: Passage, names: Iterable[str]) -> dict[str, list[str]]:
    if not passage.searched:
        return {}
    texts = passage.texts.values()
    return {
        "title": [term for name in names for term in terms_of(name).flat],
        "body": [term for text in texts for term in terms_of(text.body).flat],
        "context": [term for text in texts for term in terms_of(text.context).flat],
        "also": terms_of(passage.also).flat,
    }
