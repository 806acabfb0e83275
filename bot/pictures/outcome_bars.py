"""The layout of what came out on many engines: a bar for each group, with its number."""

from __future__ import annotations

from typing import Final

from bot.classroom.outcomes import Group, Tally
from bot.pictures.chart import draw_bar
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, TITLE, Sketch
from bot.pictures.theme import Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
NAMES: Final = 300.0
NUMBERS: Final = 110.0
BAR: Final = 26.0
ROW: Final = 52.0


def outcomes_layout(tally: Tally, line: str, say: Speech, fonts: Fonts, theme: Theme) -> Drawing:
    """How many engines are in each group; `line` is what was run."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, fonts.clean(line), most=INNER, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 14
    colours: dict[Group, str] = {
        "ok": theme.good,
        "same_error": theme.bad,
        "other_error": theme.warn,
        "absent": theme.idle,
        "left": theme.idle,
        "pending": theme.accent,
    }
    for group, found in tally.shown():
        sketch.label(MARGIN, y, say(f"follow.group.{group}"), most=NAMES - 14, size=NORMAL)
        width = INNER - NAMES - NUMBERS
        share = len(found) / tally.total if tally.total else 0.0
        draw_bar(sketch, Box(MARGIN + NAMES, y, width, BAR), share, colours[group], name=group)
        sketch.label(
            MARGIN + INNER,
            y,
            str(len(found)),
            most=NUMBERS - 20,
            size=NORMAL,
            bold=True,
            anchor="right",
        )
        y += ROW
    return sketch.drawing(y + MARGIN / 2)
