"""The index: what is rare tells more, titles more than bodies, long passages less."""

from __future__ import annotations

from bot.ask.index import Field, Index

FIELDS = {"title": Field(4.0, 0.5), "body": Field(1.0, 0.75)}


def index(*documents: tuple[str, str]) -> Index:
    """An index of titles and bodies."""
    return Index(FIELDS, [{"title": t.split(), "body": b.split()} for t, b in documents])


def order(found: Index, *terms: str) -> list[int]:
    """The numbers of what is found, best first."""
    return [hit.number for hit in found.search(dict.fromkeys(terms, 1.0))]


def test_only_what_has_a_term_is_found() -> None:
    """Best first; the hit says which terms it has."""
    found = index(("a", "x"), ("b", "y"), ("c", "x y"))

    (hit,) = found.search({"a": 1.0, "nowhere": 1.0})

    assert (hit.number, hit.terms) == (0, frozenset({"a"}))
    assert order(found, "nowhere") == []


def test_a_title_counts_more_than_a_body() -> None:
    """The same word in both."""
    assert order(index(("other", "volume text"), ("volume", "other text")), "volume") == [1, 0]


def test_a_rare_term_counts_more_than_a_common_one() -> None:
    """What is in every passage tells nothing."""
    found = index(("", "common rare"), ("", "common common"), ("", "common"), ("", "common"))

    assert order(found, "common", "rare")[0] == 0
    assert found.weight("rare") > found.weight("common") > 0


def test_a_short_passage_wins_over_a_long_one() -> None:
    """One word of five is more than one of fifty."""
    found = index(("", "volume " + "filler " * 50), ("", "volume and four words more"))

    assert order(found, "volume") == [1, 0]


def test_weights_of_the_question_count() -> None:
    """A term that is asked for more finds more."""
    found = index(("", "first"), ("", "second"))

    assert [hit.number for hit in found.search({"first": 0.5, "second": 1.0})] == [1, 0]


def test_nothing_may_be_indexed() -> None:
    """Not even passages have to be there."""
    assert order(Index(FIELDS, []), "a") == []
