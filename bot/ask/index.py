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


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many times each term comes up in a field, held small."""

    terms: tuple[str, ...]
    times: array[int]
    total: int

    @classmethod
    def of(cls, terms: Iterable[str]) -> _Counts:
        """Counted."""
        counted = Counter(terms)
        return cls(tuple(counted), array("I", counted.values()), counted.total())


class Index:
    """Finds passages by terms. Made once, never changed."""

    def __init__(
        self, fields: Mapping[str, Field], documents: Iterable[Mapping[str, Iterable[str]]]
    ) -> None:
        """`documents` are the terms of each passage by field; each is looked at once."""
        counted = [_counted(fields, document) for document in documents]
        lengths = _average_lengths(fields, counted)
        self._count = len(counted)
        # Flat arrays: thousands of small things would take more than what is in them.
        self._terms: dict[str, int] = {}
        of, numbers, shares = array("I"), array("H"), array("d")
        for number, counts in enumerate(counted):
            for term, share in _shares(fields, counts, lengths).items():
                of.append(self._terms.setdefault(term, len(self._terms)))
                numbers.append(number)
                shares.append(share)
        self._begins = _begins(of, len(self._terms))
        self._numbers, self._impacts = array("H", numbers), array("f", shares)
        free = self._begins[:]
        for term_number, number, share in zip(of, numbers, shares, strict=True):
            at = free[term_number]
            free[term_number] += 1
            weight = self._weight(len(self._range(term_number)))
            self._numbers[at] = number
            self._impacts[at] = weight * share / (SATURATION + share)

    def __contains__(self, term: object) -> bool:
        return term in self._terms

    def terms(self) -> Iterable[str]:
        """Every term that there is."""
        return self._terms.keys()

    def weight(self, term: str) -> float:
        """How much the term tells: what is in every passage tells nothing."""
        return self._weight(len(self._postings(term)))

    def search(self, wanted: Mapping[str, float]) -> list[Hit]:
        """Every passage that has one of these terms, best first; the values weigh the terms."""
        scores: defaultdict[int, float] = defaultdict(float)
        terms: defaultdict[int, set[str]] = defaultdict(set)
        for term, weight in wanted.items():
            for at in self._postings(term):
                number, impact = self._numbers[at], self._impacts[at]
                scores[number] += weight * impact
                terms[number].add(term)
        hits = [Hit(number, score, frozenset(terms[number])) for number, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    def _postings(self, term: str) -> range:
        number = self._terms.get(term)
        return range(0) if number is None else self._range(number)

    def _range(self, term_number: int) -> range:
        return range(self._begins[term_number], self._begins[term_number + 1])

    def _weight(self, found_in: int) -> float:
        return math.log(1 + (self._count - found_in + 0.5) / (found_in + 0.5))


def _begins(of: array[int], count: int) -> array[int]:
    """Where each term begins when all are in the order of their numbers; at last, the end."""
    begins = array("I", bytes(array("I").itemsize * (count + 1)))
    for number in of:
        begins[number + 1] += 1
    for number in range(count):
        begins[number + 1] += begins[number]
    return begins


def _counted(
    fields: Mapping[str, Field], document: Mapping[str, Iterable[str]]
) -> dict[str, _Counts]:
    """How often each term comes up, by field; fields without any are left out."""
    counted = {name: _Counts.of(document.get(name, ())) for name in fields}
    return {name: counts for name, counts in counted.items() if counts.terms}


def _average_lengths(
    fields: Mapping[str, Field], counted: Sequence[Mapping[str, _Counts]]
) -> dict[str, float]:
    """Of the passages that have the field at all."""
    averages = {}
    for name in fields:
        lengths = [counts[name].total for counts in counted if name in counts]
        averages[name] = sum(lengths) / len(lengths) if lengths else 1.0
    return averages


def _shares(
    fields: Mapping[str, Field],
    counted: Mapping[str, _Counts],
    lengths: Mapping[str, float],
) -> dict[str, float]:
    """How often each term comes up, by the weight of its field and for its length."""
    shares: defaultdict[str, float] = defaultdict(float)
    for name, counts in counted.items():
        field = fields[name]
        long = counts.total / lengths[name]
        share = field.weight / (1 - field.length_matters + field.length_matters * long)
        for term, count in zip(counts.terms, counts.times, strict=True):
            shares[term] += share * count
    return shares
