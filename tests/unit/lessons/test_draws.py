"""What is drawn for an attempt: varied, lasting, and checked when an author writes it."""

from __future__ import annotations

import pytest

from lessons.draws import VARIANTS, Draw, draw_some, fill

WORD, PORT, FAULT = Draw("token", "word"), Draw("port", "8100-8199"), Draw("fault", "name|env")


@pytest.mark.parametrize("draw", [WORD, PORT, FAULT])
def test_an_attempt_keeps_what_it_drew(draw: Draw) -> None:
    """The same attempt draws the same in every process, so it needs not be stored."""
    assert [draw.value("web", n) for n in range(9)] == [draw.value("web", n) for n in range(9)]


def test_the_values_are_known_by_heart() -> None:
    """A new Python or a new release must not change what a learner is in the middle of."""
    assert (WORD.value("web", 7), PORT.value("web", 7)) == ("negale", "8139")


def test_neighbours_draw_differently() -> None:
    """Whoever pastes a neighbour's answer has the wrong word nearly always."""
    words = {WORD.value("web", variant) for variant in range(VARIANTS)}
    assert len(words) > VARIANTS * 0.9
    assert all(word.isalpha() and len(word) == 6 for word in words)


def test_a_number_stays_in_its_range_and_a_choice_among_its_words() -> None:
    """Both ends of a range can come up."""
    numbers = {int(Draw("n", "1-3").value("web", variant)) for variant in range(VARIANTS)}
    assert numbers == {1, 2, 3}
    assert {FAULT.value("web", variant) for variant in range(VARIANTS)} == {"name", "env"}


def test_only_what_is_drawn_is_filled_in() -> None:
    """Templates of the docker command look alike and have to stay."""
    text = "docker ps --format '{{.Names}}' --filter name={{token}} {{other}}"
    assert fill(text, {"token": "bado"}) == (
        "docker ps --format '{{.Names}}' --filter name=bado {{other}}"
    )


@pytest.mark.parametrize(
    ("name", "rule"), [("Token", "word"), ("t1", "word"), ("p", "9-3"), ("p", "words"), ("p", "")]
)
def test_a_rule_that_means_nothing_is_refused(name: str, rule: str) -> None:
    """In words that an author understands."""
    with pytest.raises(ValueError, match=r"draw|go from"):
        Draw.read(name, rule)


def test_some_of_several_are_drawn_and_stay_in_order() -> None:
    """As many as asked for, none twice, the same for the same attempt."""
    names = ("port", "image", "name", "limit", "disk")
    for variant in range(VARIANTS):
        drawn = draw_some("night", names, 3, variant)
        assert len(set(drawn)) == 3
        assert drawn == tuple(name for name in names if name in drawn)
        assert drawn == draw_some("night", names, 3, variant)


def test_each_comes_up_and_attempts_differ() -> None:
    """No fault of a catalogue is there in vain."""
    names = tuple("abcdefghij")
    drawn = [draw_some("night", names, 5, variant) for variant in range(VARIANTS)]
    assert {name for some in drawn for name in some} == set(names)
    assert len(set(drawn)) > VARIANTS * 0.8


def test_what_is_drawn_of_several_is_known_by_heart() -> None:
    """As with values: an attempt must not change under a learner."""
    assert draw_some("night", tuple("abcdefghij"), 5, 7) == ("b", "e", "f", "h", "j")
