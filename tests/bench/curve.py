"""Lines over a number of things, as a PNG; the upward axis is logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 660
LEFT, RIGHT, TOP, BOTTOM = 110, 170, 60, 90
PAPER, INK, GRID = "#ffffff", "#24292f", "#d8dee4"
COLOURS = ("#0969da", "#bc4c00", "#1a7f37", "#8250df")
TEXT_PX = 22
DOT_PX = 5
LINE_PX = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `ups` over `across`; all numbers are above 0."""

    name: str
    across: Sequence[float]
    ups: Sequence[float]


def draw(lines: Sequence[Line], file: Path, *, across: str, up: str) -> None:
    """Write the picture; `across` and `up` say what the axes are."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _Chart(ImageDraw.Draw(image), lines).draw(across, up)
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file, optimize=True)


class _Chart:
    def __init__(self, pen: ImageDraw.ImageDraw, lines: Sequence[Line]) -> None:
        self._pen = pen
        self._lines = lines
        self._font = ImageFont.load_default(TEXT_PX)
        self._most = max(max(line.across) for line in lines)
        ups = [up for line in lines for up in line.ups]
        self._decades = range(math.floor(math.log10(min(ups))), math.ceil(math.log10(max(ups))) + 1)

    def draw(self, across: str, up: str) -> None:
        self._draw_grid()
        self._text((LEFT, TOP - 42), up)
        self._text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 36), across, "ma")
        # From the highest line down, so that names which would overlap make way downwards.
        coloured = sorted(
            zip(self._lines, COLOURS, strict=False), key=lambda pair: -pair[0].ups[-1]
        )
        free_from = 0.0
        for line, colour in coloured:
            x, y = self._draw_line(line, colour)
            free_from = max(y, free_from)
            self._text((x + 16, free_from), f"{line.name}: {line.ups[-1]:.0f}", "lm", colour)
            free_from += TEXT_PX

    def _draw_grid(self) -> None:
        for decade in self._decades:
            y = self._y(10.0**decade)
            self._pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill=GRID, width=2)
            self._text((LEFT - 14, y), f"{10.0**decade:g}", "rm")
        for count in sorted({count for line in self._lines for count in line.across}):
            x, foot = self._x(count), HEIGHT - BOTTOM
            self._pen.line([(x, foot), (x, foot + 8)], fill=INK, width=2)
            self._text((x, foot + 14), f"{count:g}", "ma")

    def _draw_line(self, line: Line, colour: str) -> tuple[float, float]:
        """Gives where it ends."""
        points = [(self._x(x), self._y(y)) for x, y in zip(line.across, line.ups, strict=True)]
        self._pen.line(points, fill=colour, width=LINE_PX, joint="curve")
        for x, y in points:
            self._pen.ellipse((x - DOT_PX, y - DOT_PX, x + DOT_PX, y + DOT_PX), fill=colour)
        return points[-1]

    def _text(
        self, where: tuple[float, float], text: str, anchor: str = "la", colour: str = INK
    ) -> None:
        self._pen.text(where, text, font=self._font, fill=colour, anchor=anchor)

    def _x(self, count: float) -> float:
        return LEFT + count / self._most * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        lowest, highest = self._decades[0], self._decades[-1]
        share = (math.log10(value) - lowest) / max(highest - lowest, 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
