"""An index in memory: which passages are about the terms of a question, best first (BM25F)."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SATURATION: Final = 1.2
"""BM25's k1: how soon it stops to matter that a term comes up often."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a passage: how much a term in it counts, and how much its length matters (b)."""

    weight: float
    length_matters: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage by its number, with its score and the terms of the question that it has."""

    number: int
    score: float
    terms: frozenset[str]


class Index:
    """Finds passages by terms. Made once, never changed."""

    def __init__(
        self, fields: Mapping[str, Field], documents: Sequence[Mapping[str, Sequence[str]]]
    ) -> None:
        """`documents` are the terms of each passage by field."""
        counted = [_counted(fields, document) for document in documents]
        lengths = _average_lengths(fields, documents)
        weighted: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (document, counts) in enumerate(zip(documents, counted, strict=True)):
            for term, share in _shares(fields, document, counts, lengths).items():
                weighted[term].append((number, share))
        self._count = len(documents)
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for term, found in weighted.items():
            weight = self._weight(len(found))
            self._postings[term] = (
                array("H", (number for number, _ in found)),
                array("f", (weight * share / (SATURATION + share) for _, share in found)),
            )

    def __contains__(self, term: object) -> bool:
        return term in self._postings

    def terms(self) -> Iterable[str]:
        """Every term that there is."""
        return self._postings.keys()

    def weight(self, term: str) -> float:
        """How much the term tells: what is in every passage tells nothing."""
        found = self._postings.get(term)
        return self._weight(0 if found is None else len(found[0]))

    def search(self, wanted: Mapping[str, float]) -> list[Hit]:
        """Every passage that has one of these terms, best first; the values weigh the terms."""
        scores: defaultdict[int, float] = defaultdict(float)
        terms: defaultdict[int, set[str]] = defaultdict(set)
        for term, weight in wanted.items():
            numbers, impacts = self._postings.get(term, ((), ()))
            for number, impact in zip(numbers, impacts, strict=True):
                scores[number] += weight * impact
                terms[number].add(term)
        hits = [Hit(number, score, frozenset(terms[number])) for number, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    def _weight(self, found_in: int) -> float:
        return math.log(1 + (self._count - found_in + 0.5) / (found_in + 0.5))


def _counted(
    fields: Mapping[str, Field], document: Mapping[str, Sequence[str]]
) -> dict[str, Counter[str]]:
    return {name: Counter(document.get(name, ())) for name in fields}


def _average_lengths(
    fields: Mapping[str, Field], documents: Sequence[Mapping[str, Sequence[str]]]
) -> dict[str, float]:
    """Of the passages that have the field at all."""
    averages = {}
    for name in fields:
        lengths = [len(document[name]) for document in documents if document.get(name)]
        averages[name] = sum(lengths) / len(lengths) if lengths else 1.0
    return averages


def _shares(
    fields: Mapping[str, Field],
    document: Mapping[str, Sequence[str]],
    counts: Mapping[str, Counter[str]],
    lengths: Mapping[str, float],
) -> dict[str, float]:
    """How often each term comes up, by the weight of its field and for its length."""
    shares: defaultdict[str, float] = defaultdict(float)
    for name, field in fields.items():
        long = len(document.get(name, ())) / lengths[name]
        share = field.weight / (1 - field.length_matters + field.length_matters * long)
        for term, count in counts[name].items():
            shares[term] += share * count
    return shares
