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
        self, fields: Mapping[str, Field], documents: Iterable[Mapping[str, Iterable[str]]]
    ) -> None:
        """`documents` are the terms of each passage by field; each is looked at once."""
        counted = [_counted(fields, document) for document in documents]
        lengths = _average_lengths(fields, counted)
        found: defaultdict[str, tuple[array[int], array[float]]] = defaultdict(_no_postings)
        for number, counts in enumerate(counted):
            for term, share in _shares(fields, counts, lengths).items():
                numbers, shares = found[term]
                numbers.append(number)
                shares.append(share)
        self._count = len(counted)
        # Thousands of small arrays would take more than what is in them.
        self._ends: dict[str, tuple[int, int]] = {}
        self._numbers, self._impacts = _no_postings()
        for term, (numbers, shares) in found.items():
            weight = self._weight(len(numbers))
            begin = len(self._numbers)
            self._numbers.extend(numbers)
            self._impacts.extend(weight * share / (SATURATION + share) for share in shares)
            self._ends[term] = begin, len(self._numbers)

    def __contains__(self, term: object) -> bool:
        return term in self._ends

    def terms(self) -> Iterable[str]:
        """Every term that there is."""
        return self._ends.keys()

    def weight(self, term: str) -> float:
        """How much the term tells: what is in every passage tells nothing."""
        begin, end = self._ends.get(term, (0, 0))
        return self._weight(end - begin)

    def search(self, wanted: Mapping[str, float]) -> list[Hit]:
        """Every passage that has one of these terms, best first; the values weigh the terms."""
        scores: defaultdict[int, float] = defaultdict(float)
        terms: defaultdict[int, set[str]] = defaultdict(set)
        for term, weight in wanted.items():
            begin, end = self._ends.get(term, (0, 0))
            for at in range(begin, end):
                number, impact = self._numbers[at], self._impacts[at]
                scores[number] += weight * impact
                terms[number].add(term)
        hits = [Hit(number, score, frozenset(terms[number])) for number, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    def _weight(self, found_in: int) -> float:
        return math.log(1 + (self._count - found_in + 0.5) / (found_in + 0.5))


def _no_postings() -> tuple[array[int], array[float]]:
    return array("H"), array("f")


def _counted(
    fields: Mapping[str, Field], document: Mapping[str, Iterable[str]]
) -> dict[str, Counter[str]]:
    """How often each term comes up, by field; fields without any are left out."""
    counted = {name: Counter(document.get(name, ())) for name in fields}
    return {name: counts for name, counts in counted.items() if counts}


def _average_lengths(
    fields: Mapping[str, Field], counted: Sequence[Mapping[str, Counter[str]]]
) -> dict[str, float]:
    """Of the passages that have the field at all."""
    averages = {}
    for name in fields:
        lengths = [counts[name].total() for counts in counted if name in counts]
        averages[name] = sum(lengths) / len(lengths) if lengths else 1.0
    return averages


def _shares(
    fields: Mapping[str, Field],
    counted: Mapping[str, Counter[str]],
    lengths: Mapping[str, float],
) -> dict[str, float]:
    """How often each term comes up, by the weight of its field and for its length."""
    shares: defaultdict[str, float] = defaultdict(float)
    for name, counts in counted.items():
        field = fields[name]
        long = counts.total() / lengths[name]
        share = field.weight / (1 - field.length_matters + field.length_matters * long)
        for term, count in counts.items():
            shares[term] += share * count
    return shares
