"""The layout of /progress: sums on top, every lesson with its bar, and the badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.classroom.badges import Badge
from bot.classroom.progress import Overview
from bot.pictures.chart import draw_bar
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, TITLE, Chip, Sketch
from bot.pictures.theme import Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
GAP: Final = 12.0
COLUMNS: Final = 2
COLUMN: Final = (INNER - GAP * 2) / COLUMNS
MOST_LESSONS: Final = 40
TILE: Final = 92.0
ROW: Final = 46.0
BADGE_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson as it stands on the board."""

    number: int
    title: str
    done: int
    total: int
    finished: bool
    here: bool


def board_layout(
    overview: Overview,
    lines: Sequence[LessonLine],
    name: str,
    say: Speech,
    fonts: Fonts,
    theme: Theme,
) -> Drawing:
    """How far this learner is; `name` is what they call themselves."""
    sketch = Sketch(fonts, theme)
    # A name that is all emoji leaves nothing to read; the title is one without it, too.
    title = say("progress.picture.title", name=fonts.clean(name)[:40])
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 10
    y = _tiles(sketch, overview, say, y) + GAP * 1.5
    y = _lessons(sketch, lines, say, y) + GAP
    sketch.label(MARGIN, y, say("progress.badges"), most=INNER, size=NORMAL, bold=True)
    y += NORMAL * LINE + 6
    chips = [
        Chip(say(f"progress.badge.{badge}"), theme.accent if has else theme.idle, solid=has)
        for badge, has in overview.badges.items()
    ]
    y = sketch.chips(MARGIN, y, chips, most=INNER, rows=BADGE_ROWS, more="+{n}")
    return sketch.drawing(y + MARGIN)


def earned(overview: Overview) -> list[Badge]:
    """The badges that the learner has."""
    return [badge for badge, has in overview.badges.items() if has]


def _tiles(sketch: Sketch, overview: Overview, say: Speech, y: float) -> float:
    tiles = (
        (f"{overview.lessons_finished}/{len(overview.rows)}", say("progress.tile.lessons")),
        (f"{overview.tasks_done}/{overview.tasks_total}", say("progress.tile.tasks")),
        (say("progress.days", n=overview.streak.current), say("progress.tile.streak")),
        (f"{len(earned(overview))}/{len(overview.badges)}", say("progress.tile.badges")),
    )
    theme = sketch.theme
    width = (INNER - GAP * (len(tiles) - 1)) / len(tiles)
    for number, (value, words) in enumerate(tiles):
        x = MARGIN + number * (width + GAP)
        sketch.box(x, y, width, TILE, fill=theme.panel, outline=theme.line, name="tile")
        middle, most = x + width / 2, width - 16
        sketch.label(
            middle, y + 14, value, most=most, size=TITLE, bold=True, colour=theme.accent,
            anchor="middle",
        )  # fmt: skip
        sketch.label(middle, y + 58, words, most=most, colour=theme.muted, anchor="middle")
    return y + TILE


def _lessons(sketch: Sketch, lines: Sequence[LessonLine], say: Speech, y: float) -> float:
    theme = sketch.theme
    shown = lines[:MOST_LESSONS]
    rows = -(-len(shown) // COLUMNS)
    for at, line in enumerate(shown):
        # Down the first column, then down the second: lessons have an order.
        column, row = divmod(at, max(1, rows))
        _lesson(sketch, line, MARGIN + column * (COLUMN + GAP * 2), y + row * ROW)
    y += rows * ROW
    if len(lines) > len(shown):
        words = say("picture.more", n=len(lines) - len(shown))
        sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
        y += SMALL * LINE
    return y


def _lesson(sketch: Sketch, line: LessonLine, x: float, y: float) -> None:
    theme = sketch.theme
    colour = theme.good if line.finished else theme.accent if line.done else theme.idle
    sketch.dot(x + 8, y + SMALL / 2 + 1, 7, colour, hollow=not line.finished)
    taken = sketch.label(
        x + COLUMN, y, f"{line.done}/{line.total}", most=90, colour=theme.muted, anchor="right"
    )
    most = COLUMN - 24 - taken - 10
    begun = line.done or line.finished or line.here
    sketch.label(
        x + 24,
        y,
        _title(sketch, line, most),
        most=most,
        bold=line.here,
        colour=theme.text if begun else theme.muted,
    )
    share = line.done / line.total if line.total else float(line.finished)
    draw_bar(sketch, Box(x + 24, y + SMALL + 7, COLUMN - 24, 7), share, colour)


def _title(sketch: Sketch, line: LessonLine, most: float) -> str:
    """The title, without what comes after its colon where there is no room for that."""
    whole = f"{line.number}. {line.title}"
    if sketch.fonts.width(sketch.fonts.clean(whole), SMALL, bold=line.here) <= most:
        return whole
    return whole.partition(": ")[0]
