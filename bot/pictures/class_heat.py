"""The layout of a class's heat map: learners × lessons, on as many pages as a phone can show.

One hue from pale to full, which every eye tells apart, and a sign in each cell that says the same:
a tick, tenths, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.classreport.heat import Cell, HeatMap, HeatRow
from bot.pictures.letters import ELLIPSIS, STRANGE, Fonts, fit
from bot.pictures.quiz import name_in_picture
from bot.pictures.shapes import MARGIN, WIDTH, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, Sketch
from bot.pictures.theme import DARK, Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
ROWS: Final = 30
"""Learners on a page."""
COLUMNS: Final = 22
"""Lessons on a page."""
ROW: Final = 32.0
NAME: Final = 136.0
WIDEST_CELL: Final = 44.0
GAP: Final = 2.0
TENTHS: Final = 10
TAIL: Final = 3
"""Letters at the end of a name that stay when its middle is left out."""
STRONG: Final = "#5aa9e6"
STRONG_ON_LIGHT: Final = "#14558c"
PALE: Final = 0.18
"""How much of the hue a cell has whose lesson is only just begun."""


@dataclass(frozen=True, slots=True)
class HeatPage:
    """Some rows and columns of the map."""

    rows: Sequence[HeatRow]
    columns: range
    average: Sequence[float]


def heat_pages(heat: HeatMap) -> list[HeatPage]:
    """The map cut into pages: down the learners first; one page at least."""
    lessons = len(heat.lesson_ids)
    average = heat.average
    return [
        HeatPage(heat.rows[top : top + ROWS], range(left, min(left + COLUMNS, lessons)), average)
        for left in range(0, max(1, lessons), COLUMNS)
        for top in range(0, max(1, len(heat.rows)), ROWS)
    ]


def sign_of(cell: Cell) -> str:
    """What stands in a cell: `✓` done, tenths of the tasks, `` never opened."""
    if cell.finished or (cell.total and cell.done >= cell.total):
        return "✓"
    if not cell.opened:
        return ""
    return str(max(int(cell.done > 0), int(cell.share * TENTHS)))


def heat_layout(page: HeatPage, title: str, say: Speech, fonts: Fonts, theme: Theme) -> Drawing:
    """One page of the map; `title` names the class and the page."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=NORMAL, bold=True)
    y = MARGIN + NORMAL * LINE + 8
    width = min(WIDEST_CELL, (INNER - NAME) / max(1, len(page.columns)))
    left = WIDTH - MARGIN - width * len(page.columns)
    y = _heads(sketch, page, left, width, y)
    y = _average(sketch, page, left, width, y, say)
    names = names_on_page(fonts, page.rows, left - MARGIN - 8)
    for name, row in zip(names, page.rows, strict=True):
        sketch.label(MARGIN, y + (ROW - SMALL) / 2, name, most=left - MARGIN - 8)
        for number, column in enumerate(page.columns):
            cell = row.cells[column]
            _cell(sketch, left + number * width, y, width, sign_of(cell), cell.share, cell.opened)
        y += ROW
    if not page.rows:
        sketch.label(MARGIN, y, say("class_report.nobody"), most=INNER, colour=theme.muted)
        y += ROW
    return sketch.drawing(_legend(sketch, y + 10, say) + MARGIN)


def names_on_page(fonts: Fonts, rows: Sequence[HeatRow], most: float) -> list[str]:
    """The names, cut to their room: those that would look the same then keep their ends, too.

    Of a name that can't be drawn at all the end of the learner's number stands in its place.
    """
    names = [_name(fonts, row) for row in rows]
    cut = [fit(fonts, name, SMALL, most) for name in names]
    same = {shown for shown, count in Counter(cut).items() if count > 1}
    return [
        _cut_inside(fonts, name, most) if shown in same else shown
        for name, shown in zip(names, cut, strict=True)
    ]


def _name(fonts: Fonts, row: HeatRow) -> str:
    name = name_in_picture(fonts, row.name)
    return f"{STRANGE} {row.learner_id % 10_000:04}" if name == STRANGE else name


def _cut_inside(fonts: Fonts, name: str, most: float) -> str:
    tail = name[-TAIL:]
    if fonts.width(name, SMALL) <= most:
        return name
    head = fit(fonts, name[:-TAIL], SMALL, most - fonts.width(tail, SMALL))
    return head.removesuffix(ELLIPSIS) + ELLIPSIS + tail


def _heads(sketch: Sketch, page: HeatPage, left: float, width: float, y: float) -> float:
    for number, column in enumerate(page.columns):
        # Numbers of two digits stand close: every other one is paler.
        colour = sketch.theme.text if column % 2 else sketch.theme.muted
        sketch.label(
            left + (number + 0.5) * width, y, str(column + 1), most=width,
            colour=colour, anchor="middle",
        )  # fmt: skip
    return y + SMALL * LINE + 2


def _average(
    sketch: Sketch, page: HeatPage, left: float, width: float, y: float, say: Speech
) -> float:
    """The whole class, as a row of its own above all others."""
    words = say("class_report.heat.all")
    sketch.label(MARGIN, y + (ROW - SMALL) / 2, words, most=left - MARGIN - 8, bold=True)
    for number, column in enumerate(page.columns):
        share = page.average[column]
        sign = "✓" if share >= 1 else str(max(int(share > 0), int(share * TENTHS)))
        _cell(sketch, left + number * width, y, width, sign, share, opened=True)
    below = y + ROW + 3
    sketch.line((MARGIN, below), (WIDTH - MARGIN, below), colour=sketch.theme.line, width=2)
    return below + 5


def _cell(
    sketch: Sketch, x: float, y: float, width: float, sign: str, share: float, opened: bool
) -> None:
    theme = sketch.theme
    fill = shade(theme, share) if opened or sign else None
    sketch.box(
        x + GAP / 2, y + GAP / 2, width - GAP, ROW - GAP,
        fill=fill, outline=None if fill else theme.line, radius=5, name="cell",
    )  # fmt: skip
    ink = ink_on(fill) if fill else theme.muted
    middle, centre = x + width / 2, y + ROW / 2
    if sign == "✓":
        points = ((middle - 6, centre), (middle - 1, centre + 5), (middle + 7, centre - 6))
        sketch.line(*points, colour=ink, width=3)
    elif sign:
        sketch.label(
            middle, centre - SMALL / 2, sign, most=width - GAP, colour=ink, anchor="middle"
        )


def _legend(sketch: Sketch, y: float, say: Speech) -> float:
    """What the signs mean, each beside a cell that has it."""
    samples = (("✓", 1.0, "done"), ("5", 0.5, "tenths"), ("0", 0.0, "opened"), ("", 0.0, "none"))
    column = INNER / 2
    for number, (sign, share, key) in enumerate(samples):
        x, top = MARGIN + (number % 2) * column, y + (number // 2) * (ROW + 4)
        _cell(sketch, x, top, ROW, sign, share, opened=key != "none")
        sketch.label(
            x + ROW + 8, top + (ROW - SMALL) / 2, say(f"class_report.heat.{key}"),
            most=column - ROW - 18, colour=sketch.theme.muted,
        )  # fmt: skip
    return y + 2 * (ROW + 4)


def shade(theme: Theme, share: float) -> str:
    """The colour of a share: from nearly the background to the full hue."""
    strong = STRONG if theme is DARK else STRONG_ON_LIGHT
    part = PALE + (1 - PALE) * min(1.0, max(0.0, share))
    pairs = zip(_rgb(theme.background), _rgb(strong), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * part):02x}" for low, high in pairs)


def ink_on(fill: str) -> str:
    """Black or white, whichever can be read on this colour."""
    light = luminance(fill)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1, as WCAG has it."""
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
