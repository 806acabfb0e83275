"""The layout of a class's errors: how many met each, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.chart import draw_bar
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, Sketch
from bot.pictures.theme import Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
PER_PAGE: Final = 12
BAR: Final = 16.0
COUNT: Final = 190.0
GAP: Final = 16.0


@dataclass(frozen=True, slots=True)
class ErrorBar:
    """An error as it is printed, how many learners met it and how often."""

    message: str
    learners: int
    times: int


def errors_layout(
    bars: Sequence[ErrorBar], members: int, title: str, say: Speech, fonts: Fonts, theme: Theme
) -> Drawing:
    """Every error with its bar; a full bar is the whole class."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=NORMAL, bold=True)
    y = MARGIN + NORMAL * LINE + 4
    sketch.label(MARGIN, y, say("class_report.errors.scale", n=members), most=INNER,
                 colour=theme.muted)  # fmt: skip
    y += SMALL * LINE + 12
    for bar in bars[:PER_PAGE]:
        sketch.label(MARGIN, y, bar.message, most=INNER)
        y += SMALL * LINE + 2
        place = Box(MARGIN, y, INNER - COUNT, BAR)
        draw_bar(sketch, place, bar.learners / max(1, members), theme.hues[0])
        words = say("class_report.errors.count", learners=bar.learners, times=bar.times)
        sketch.label(
            WIDTH - MARGIN, y + BAR / 2 - SMALL / 2, words, most=COUNT - 12, bold=True,
            anchor="right",
        )  # fmt: skip
        y += BAR + GAP
    if not bars:
        sketch.label(MARGIN, y, say("class_report.errors.none"), most=INNER, colour=theme.muted)
        y += SMALL * LINE
    return sketch.drawing(y + MARGIN - GAP / 2)
