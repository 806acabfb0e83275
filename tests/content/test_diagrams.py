"""The pictures of lessons: drawn from what the drawing is now, small, and told in words."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from lessons.diagrams import Diagram
from lessons.languages import LANGUAGES
from lessons.loader import load_catalogue

MOST_BYTES = 250_000
WIDEST = 1600
SHORTEST_ALT = 60


@dataclass(frozen=True)
class Drawn:
    """A diagram, and the lesson that it is in."""

    lesson: str
    diagram: Diagram


DRAWN = [
    Drawn(lesson.id, step.diagram)
    for lesson in load_catalogue().lessons
    for step in lesson.steps
    if step.diagram is not None
]
EACH = pytest.mark.parametrize("drawn", DRAWN, ids=lambda d: f"{d.lesson}-{d.diagram.id}")


@pytest.mark.parametrize("language", LANGUAGES)
@EACH
def test_the_picture_was_drawn_from_this_source(drawn: Drawn, language: str) -> None:
    """Whoever changes a drawing or a word runs `./docent lessons draw`."""
    assert drawn.diagram.is_up_to_date(language)


@pytest.mark.parametrize("language", LANGUAGES)
@EACH
def test_the_picture_loads_quickly_on_a_phone(drawn: Drawn, language: str) -> None:
    """Not large, and wider than high, as a phone held upright shows it best."""
    picture = drawn.diagram.image(language).read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert len(picture) < MOST_BYTES
    assert height <= width <= WIDEST


@pytest.mark.parametrize("language", LANGUAGES)
@EACH
def test_the_picture_is_told_in_words(drawn: Drawn, language: str) -> None:
    """A screen reader says as much as the picture shows."""
    assert len(drawn.diagram.alt[language]) >= SHORTEST_ALT
