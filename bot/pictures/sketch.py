"""A drawing while it is made: shapes are put down, texts are measured and cut to their room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.letters import Fonts, fit
from bot.pictures.shapes import WIDTH, Anchor, Box, Dot, Drawing, Label, Line, Shape
from bot.pictures.theme import Theme

SMALL: Final = 20
"""The smallest print: a third of it is left on a narrow phone, and can be read."""
NORMAL: Final = 22
TITLE: Final = 30
LINE: Final = 1.3
"""How far a line is from the next, in sizes."""
CHIP_HEIGHT: Final = 30.0
CHIP_PADDING: Final = 10.0
CHIP_GAP: Final = 8.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A short text in a round box; `solid` fills it with its colour."""

    text: str
    colour: str
    solid: bool = False


class Sketch:
    """Collects shapes; `drawing` is the end of it."""

    def __init__(self, fonts: Fonts, theme: Theme) -> None:
        self.fonts = fonts
        self.theme = theme
        self.shapes: list[Shape] = []

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        outline: str | None = None,
        radius: float = 10,
        name: str = "",
    ) -> Box:
        """Put a box down."""
        box = Box(x, y, width, height, fill, outline, radius, name)
        self.shapes.append(box)
        return box

    def line(self, *points: tuple[float, float], colour: str, width: float = 2) -> None:
        """Put a line down."""
        self.shapes.append(Line(points, colour, width))

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False) -> None:
        """Put a disc or a ring down."""
        self.shapes.append(Dot(x, y, radius, colour, hollow))

    def label(
        self,
        x: float,
        y: float,
        text: str,
        *,
        most: float,
        size: int = SMALL,
        colour: str | None = None,
        bold: bool = False,
        anchor: Anchor = "left",
    ) -> float:
        """Put a text down that takes `most` units at most; how many it takes."""
        shown = fit(self.fonts, text, size, most, bold=bold)
        width = self.fonts.width(shown, size, bold=bold)
        if shown:
            paint = colour or self.theme.text
            self.shapes.append(Label(x, y, shown, size, paint, width, bold, anchor))
        return width

    def chips(
        self, x: float, y: float, chips: Sequence[Chip], *, most: float, rows: int, more: str
    ) -> float:
        """Put chips down in rows; where the last row ends, `y` when there is none.

        What does not fit into `rows` becomes one chip that says how many: `more` with `{n}`.
        """
        placed = _places(self.fonts, chips, most=most, rows=rows, more=more, theme=self.theme)
        bottom = y
        for chip, left, row, width in placed:
            top = y + row * (CHIP_HEIGHT + CHIP_GAP)
            self._chip(x + left, top, chip, width)
            bottom = top + CHIP_HEIGHT
        return bottom

    def chips_bottom(
        self, y: float, chips: Sequence[Chip], *, most: float, rows: int, more: str
    ) -> float:
        """Where `chips` would end."""
        placed = _places(self.fonts, chips, most=most, rows=rows, more=more, theme=self.theme)
        if not placed:
            return y
        return y + placed[-1][2] * (CHIP_HEIGHT + CHIP_GAP) + CHIP_HEIGHT

    def _chip(self, x: float, y: float, chip: Chip, width: float) -> None:
        self.box(
            x,
            y,
            width,
            CHIP_HEIGHT,
            fill=chip.colour if chip.solid else None,
            outline=None if chip.solid else chip.colour,
            radius=8,
            name="chip",
        )
        self.label(
            x + CHIP_PADDING,
            y + (CHIP_HEIGHT - SMALL) / 2,
            chip.text,
            most=width - 2 * CHIP_PADDING + 0.01,
            colour=self.theme.on_hue if chip.solid else chip.colour,
            bold=chip.solid,
        )

    def drawing(self, height: float) -> Drawing:
        """All of it, so many units high."""
        return Drawing(WIDTH, height, self.theme.background, tuple(self.shapes))


_Placed = tuple[Chip, float, int, float]


def _places(
    fonts: Fonts, chips: Sequence[Chip], *, most: float, rows: int, more: str, theme: Theme
) -> list[_Placed]:
    """Each chip with its left, its row and its width; the last may say how many are missing."""
    placed: list[_Placed] = []
    left, row = 0.0, 0
    for number, chip in enumerate(chips):
        shown, width = _measured(fonts, chip, most)
        start, at_row = (left, row) if left + width <= most else (0.0, row + 1)
        rest = len(chips) - number - 1
        needs = _more_width(fonts, more, len(chips), theme) + CHIP_GAP if rest else 0.0
        last_row = at_row == rows - 1
        if at_row >= rows or (last_row and start + width + needs > most and number):
            _add_more(placed, fonts, more, len(chips) - number, most, rows, theme)
            break
        placed.append((shown, start, at_row, width))
        left, row = start + width + CHIP_GAP, at_row
    return placed


def _add_more(
    placed: list[_Placed],
    fonts: Fonts,
    more: str,
    missing: int,
    most: float,
    rows: int,
    theme: Theme,
) -> None:
    """Say how many are missing, in the place of as many chips as that takes; the first stays."""
    while True:
        chip, width = _measured(fonts, Chip(more.format(n=missing), theme.muted), most)
        if not placed:
            placed.append((chip, 0.0, 0, width))
            return
        first, start, row, last = placed[-1]
        if start + last + CHIP_GAP + width > most and row < rows - 1:
            placed.append((chip, 0.0, row + 1, width))
            return
        if start + last + CHIP_GAP + width > most and len(placed) == 1:
            first, last = _measured(fonts, first, most - CHIP_GAP - width)
            placed[-1] = (first, start, row, last)
        if start + last + CHIP_GAP + width <= most:
            placed.append((chip, start + last + CHIP_GAP, row, width))
            return
        placed.pop()
        missing += 1


def _measured(fonts: Fonts, chip: Chip, most: float) -> tuple[Chip, float]:
    text = fit(fonts, chip.text, SMALL, most - 2 * CHIP_PADDING, bold=chip.solid)
    width = fonts.width(text, SMALL, bold=chip.solid) + 2 * CHIP_PADDING
    return Chip(text, chip.colour, chip.solid), width


def _more_width(fonts: Fonts, more: str, count: int, theme: Theme) -> float:
    return _measured(fonts, Chip(more.format(n=count), theme.muted), WIDTH)[1]
