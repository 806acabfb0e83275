"""The layout of a challenge's board: who is where, with how much done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.chart import draw_bar
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, TITLE, Sketch
from bot.pictures.theme import Theme

INNER: Final = WIDTH - 2 * MARGIN
ROW: Final = 44.0
MOST_ROWS: Final = 20
PLACE: Final = 52.0
BAR: Final = 104.0
COUNT: Final = 74.0
"""How many of how many, and the dot of a first solver."""
RIGHT: Final = 206.0
"""Time and hints."""
GAP: Final = 12.0
NAME: Final = INNER - PLACE - BAR - COUNT - RIGHT - 3 * GAP


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Somebody on the board; `right` are their time and hints in words."""

    place: int
    name: str
    done: int
    total: int
    right: str
    firsts: int


def challenge_layout(
    title: str, below: str, lines: Sequence[BoardLine], rest: str, fonts: Fonts, theme: Theme
) -> Drawing:
    """The first of the board under a title; `rest` says how many are not shown, or nothing."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 4
    sketch.label(MARGIN, y, below, most=INNER, size=NORMAL, colour=theme.muted)
    y += NORMAL * LINE + 14
    for line in lines[:MOST_ROWS]:
        _row(sketch, line, y)
        y += ROW
    if rest:
        sketch.label(MARGIN, y + 4, rest, most=INNER, colour=theme.muted)
        y += SMALL * LINE + 4
    return sketch.drawing(y + MARGIN)


def _row(sketch: Sketch, line: BoardLine, y: float) -> None:
    theme = sketch.theme
    whole = line.total > 0 and line.done >= line.total
    colour = theme.good if whole else theme.accent if line.done else theme.idle
    sketch.label(
        MARGIN + PLACE - 16,
        y,
        str(line.place) if line.done else "–",
        most=PLACE - 16,
        bold=True,
        colour=colour,
        anchor="right",
    )
    # A name that is all emoji leaves nothing to read; its place is still there.
    name = sketch.fonts.clean(line.name)
    sketch.label(MARGIN + PLACE, y, name, most=NAME, bold=whole)
    left = MARGIN + PLACE + NAME + GAP
    share = min(1.0, line.done / line.total) if line.total else 0.0
    draw_bar(sketch, Box(left, y + SMALL / 2 - 4, BAR, 10), share, colour)
    left += BAR + GAP
    count = f"{line.done}/{line.total}"
    taken = sketch.label(left, y, count, most=COUNT - 18, bold=line.firsts > 0)
    if line.firsts:
        sketch.dot(left + taken + 11, y + SMALL / 2 + 2, 5, theme.warn)
    right = MARGIN + INNER
    sketch.label(right, y, line.right, most=RIGHT, colour=theme.muted, anchor="right")
