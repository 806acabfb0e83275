"""Fonts for tests of pictures, and what every layout has to keep."""

from __future__ import annotations

import os

import pytest

from bot.pictures.fonts import TrueFonts, find_fonts
from bot.pictures.letters import Fonts
from bot.pictures.shapes import WIDTH, Box, Drawing, Label
from tests.fakes.fonts import FakeFonts

ROUNDING = 0.6


@pytest.fixture(scope="session")
def true_fonts() -> TrueFonts:
    """The machine's own."""
    found = find_fonts()
    if found is None:
        why = "pictures need Korean letters: apt-get install fonts-nanum, or run ./docent test"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture(params=["fake", "true"])
def fonts(request: pytest.FixtureRequest) -> Fonts:
    """Made-up widths, and real ones where the machine has a font."""
    if request.param == "fake":
        return FakeFonts()
    found: TrueFonts = request.getfixturevalue("true_fonts")
    return found


def assert_tidy(drawing: Drawing, fonts: Fonts) -> None:
    """Everything is inside, no text runs into another or out of its chip, all can be drawn."""
    assert drawing.width == WIDTH
    for box in (shape for shape in drawing.shapes if isinstance(shape, Box)):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= WIDTH + ROUNDING
        assert box.bottom <= drawing.height + ROUNDING
    for label in drawing.labels:
        assert label.left >= 0, label
        assert label.left + label.width <= WIDTH, label
        assert 0 <= label.y <= drawing.height - label.size, label
        assert label.text == fonts.clean(label.text), label
        assert abs(fonts.width(label.text, label.size, bold=label.bold) - label.width) < ROUNDING
    _apart([_room(label) for label in drawing.labels])
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    for label in drawing.labels:
        for box in boxes:
            crosses = not _is_in(_room(label), box) and not _is_beside(_room(label), box)
            assert not crosses, (label, box)
    for name in ("chip", "container", "network", "tile", "bar"):
        _apart([_room_of(box) for box in drawing.boxes(name)])
    for chip in drawing.boxes("chip"):
        assert len([label for label in drawing.labels if _is_in(_room(label), chip)]) == 1


def _room(label: Label) -> tuple[float, float, float, float]:
    return label.left, label.y, label.left + label.width, label.y + label.size


def _room_of(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.right, box.bottom


def _is_in(room: tuple[float, float, float, float], box: Box) -> bool:
    left, top, right, bottom = room
    return (
        box.x <= left
        and box.y <= top
        and right <= box.right + ROUNDING
        and bottom <= box.bottom + ROUNDING
    )


def _is_beside(room: tuple[float, float, float, float], box: Box) -> bool:
    left, top, right, bottom = room
    beside = box.x >= right - ROUNDING or left >= box.right - ROUNDING
    return beside or box.y >= bottom - ROUNDING or top >= box.bottom - ROUNDING


def _apart(rooms: list[tuple[float, float, float, float]]) -> None:
    for number, (left, top, right, bottom) in enumerate(rooms):
        for other in rooms[number + 1 :]:
            beside = other[0] >= right - ROUNDING or left >= other[2] - ROUNDING
            above = other[1] >= bottom - ROUNDING or top >= other[3] - ROUNDING
            assert beside or above, ((left, top, right, bottom), other)
