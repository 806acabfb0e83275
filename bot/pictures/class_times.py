"""The layout of how long tasks took: a box for the middle half, dots where few have done it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.classreport.words import duration
from bot.classreport.work import Spread
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, Sketch
from bot.pictures.theme import Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
PER_PAGE: Final = 12
FEWEST_FOR_BOX: Final = 5
"""Quartiles of fewer values would only look exact."""
REACH: Final = 1.5
"""Whiskers go so many heights of the box away from it, as Tukey drew them."""
STEPS_S: Final = (60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 28800)
MARKS: Final = 5
TRACK: Final = 30.0
ROW: Final = SMALL * LINE + TRACK + 16
WORDS: Final = 210.0


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A task with the times of those who have done it."""

    title: str
    time: Spread


def times_layout(
    rows: Sequence[TimeRow], title: str, say: Speech, fonts: Fonts, theme: Theme
) -> Drawing:
    """Every task with its times, all on one scale."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=NORMAL, bold=True)
    y = MARGIN + NORMAL * LINE + 4
    words = say("class_report.times.how")
    sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
    y += SMALL * LINE + 10
    shown = rows[:PER_PAGE]
    if not shown:
        words = say("class_report.times.none")
        sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
        return sketch.drawing(y + SMALL * LINE + MARGIN)
    axis = _Axis(max(_longest(row.time) for row in shown))
    top = y
    bottom = y + ROW * len(shown)
    for mark in axis.marks:
        x = axis.x(mark)
        sketch.line((x, top), (x, bottom), colour=theme.line, width=1)
    for row in shown:
        _row(sketch, row, axis, y, say)
        y += ROW
    _scale(sketch, axis, bottom + 6, say)
    return sketch.drawing(bottom + 6 + SMALL * LINE + MARGIN)


class _Axis:
    """From nothing to a round time that holds all whiskers."""

    def __init__(self, longest: float) -> None:
        step = next((s for s in STEPS_S if s * MARKS >= longest), None)
        self.step = step or math.ceil(longest / MARKS / 3600) * 3600
        self.end = self.step * max(1, math.ceil(longest / self.step))

    @property
    def marks(self) -> list[int]:
        """Where there is a line."""
        return list(range(0, self.end + 1, self.step))

    def x(self, seconds: float) -> float:
        """Where a time is; what is longer than all is at the right edge."""
        return MARGIN + 6 + (INNER - 12) * min(1.0, seconds / self.end)


def whiskers(time: Spread) -> tuple[float, float]:
    """The shortest and the longest time that are not far outside."""
    low, _, high = time.quartiles
    reach = REACH * (high - low)
    inside = [value for value in time.values if low - reach <= value <= high + reach]
    return min(inside), max(inside)


def _longest(time: Spread) -> float:
    if time.count < FEWEST_FOR_BOX:
        return max(1.0, time.values[-1])
    return max(1.0, whiskers(time)[1])


def _row(sketch: Sketch, row: TimeRow, axis: _Axis, y: float, say: Speech) -> None:
    theme, time = sketch.theme, row.time
    words = say("class_report.times.row", time=duration(time.median, say), n=time.count)
    # Words stand on the lines of the scale: a piece of background keeps them apart.
    taken = sketch.fonts.width(sketch.fonts.clean(words), SMALL, bold=True)
    sketch.box(MARGIN, y, INNER, SMALL * LINE, fill=theme.background, radius=0, name="behind-words")
    sketch.label(WIDTH - MARGIN, y + 2, words, most=WORDS + 60, bold=True, anchor="right")
    sketch.label(MARGIN, y + 2, row.title, most=INNER - min(taken, WORDS + 60) - 14)
    middle = y + SMALL * LINE + TRACK / 2 + 2
    if time.count >= FEWEST_FOR_BOX:
        _box(sketch, time, axis, middle)
    else:
        for value in time.values:
            sketch.dot(axis.x(value), middle, 6, theme.hues[0], hollow=True)


def _box(sketch: Sketch, time: Spread, axis: _Axis, middle: float) -> None:
    theme = sketch.theme
    low, median, high = (axis.x(value) for value in time.quartiles)
    ends = whiskers(time)
    left, right = (axis.x(value) for value in ends)
    sketch.line((left, middle), (right, middle), colour=theme.idle, width=3)
    for end in (left, right):
        sketch.line((end, middle - 7), (end, middle + 7), colour=theme.idle, width=3)
    sketch.box(
        low, middle - TRACK / 2 + 2, max(3.0, high - low), TRACK - 4,
        fill=theme.card, outline=theme.hues[0], radius=4, name="middle-half",
    )  # fmt: skip
    sketch.line(
        (median, middle - TRACK / 2), (median, middle + TRACK / 2), colour=theme.text, width=4
    )
    for value in time.values:
        if not ends[0] <= value <= ends[1]:
            sketch.dot(axis.x(value), middle, 5, theme.hues[0], hollow=True)


def _scale(sketch: Sketch, axis: _Axis, y: float, say: Speech) -> None:
    marks = axis.marks
    room = (INNER - 12) / max(1, len(marks) - 1)
    for mark in marks:
        at = axis.x(mark)
        words = duration(mark, say) if mark else "0"
        if mark == 0:
            sketch.label(MARGIN, y, words, most=room, colour=sketch.theme.muted)
        elif mark == marks[-1]:
            sketch.label(
                WIDTH - MARGIN, y, words, most=room / 2, colour=sketch.theme.muted, anchor="right"
            )
        else:
            sketch.label(at, y, words, most=room - 8, colour=sketch.theme.muted, anchor="middle")
