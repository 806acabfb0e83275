"""The layouts of a quiz: how everyone answered, the scoreboard, and the podium at the end.

They take what is to be shown, and know no quiz; the same in words is in `quiz_words.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Final

from bot.pictures.chart import draw_bar
from bot.pictures.letters import STRANGE, Fonts, wrap
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, TITLE, Chip, Sketch
from bot.pictures.theme import Theme
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
GAP: Final = 14.0
PITCH: Final = SMALL * LINE
TITLE_LINES: Final = 4
TEXT_LINES: Final = 2
BAR: Final = 18.0
MOST_BARS: Final = 10
MOST_TYPED: Final = 6
"""Different typed answers with a bar of their own."""
TOP: Final = 10
BADGE: Final = 44.0
COUNT: Final = 150.0
POINTS: Final = 140.0
"""Room on the right."""
STEPS: Final = (190.0, 140.0, 100.0)
"""How high the steps of the podium are, from the first place on."""
NAME_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """An answer, and how many gave it."""

    text: str
    count: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a question was answered.

    `answered` people did so (of `players`), `right` of them rightly. What learners `typed` has no
    letters before it; `others` of them are in no bar.
    """

    question: str
    bars: Sequence[AnswerBar]
    answered: int
    players: int
    right: int
    typed: bool = False
    others: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's place. `gained` points came last; `moved` up so many places (down: negative)."""

    place: int
    name: str
    points: int
    gained: int = 0
    moved: int | None = None
    """None where there was no place before."""


def most_frequent(
    lines: Iterable[tuple[str, bool]], *, most: int = MOST_TYPED
) -> tuple[tuple[AnswerBar, ...], int]:
    """The bars of typed answers (line, whether it was right), and how many lines are in none.

    Lines that differ in spaces only are one; those that are right come first. What is wrong and
    no docker command is in no bar: a picture for everyone is no place to write on.
    """
    counts: Counter[tuple[str, bool]] = Counter(
        (" ".join(line.split()), right) for line, right in lines
    )
    shown = [key for key in counts if key[1] or key[0].split(" ")[0] == "docker"]
    shown.sort(key=lambda key: (not key[1], -counts[key], key[0]))
    bars = tuple(AnswerBar(text, counts[text, right], right) for text, right in shown[:most])
    return bars, counts.total() - sum(bar.count for bar in bars)


def distribution_layout(asked: Distribution, say: Speech, fonts: Fonts, theme: Theme) -> Drawing:
    """Every answer with its bar; the right ones are marked."""
    sketch = Sketch(fonts, theme)
    y = _lines(
        sketch, MARGIN, MARGIN, _unmarked(asked.question), INNER, TITLE_LINES, NORMAL, bold=True
    )
    words = say(
        "quiz.picture.answered", answered=asked.answered, players=asked.players, right=asked.right
    )
    sketch.label(MARGIN, y + 2, words, most=INNER, colour=theme.muted)
    y += PITCH + GAP
    for number, bar in enumerate(asked.bars[:MOST_BARS]):
        letter = "" if asked.typed else ascii_uppercase[number]
        words = bar.text if asked.typed else _unmarked(bar.text)
        y = _answer(sketch, y, letter, replace(bar, text=words), asked.answered, say) + GAP
    others = asked.others + sum(bar.count for bar in asked.bars[MOST_BARS:])
    if others:
        words = say("quiz.picture.others", count=others)
        sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
        y += PITCH
    elif not asked.answered:
        sketch.label(MARGIN, y, say("quiz.picture.nobody"), most=INNER, colour=theme.muted)
        y += PITCH
    return sketch.drawing(y + MARGIN - GAP / 2)


def scoreboard_layout(
    standings: Sequence[Standing], players: int, title: str, say: Speech, fonts: Fonts, theme: Theme
) -> Drawing:
    """The first ten of so many players, with what changed since the last time."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, title, most=INNER, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 8
    shown = standings[:TOP]
    best = max((standing.points for standing in shown), default=0)
    for standing in shown:
        y = _standing(sketch, y, standing, best, say) + GAP
    if players > len(shown):
        words = say("quiz.picture.players", n=players)
        sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
        y += PITCH
    elif not shown:
        sketch.label(MARGIN, y, say("quiz.picture.no_players"), most=INNER, colour=theme.muted)
        y += PITCH
    return sketch.drawing(y + MARGIN - GAP / 2)


def podium_layout(
    standings: Sequence[Standing], players: int, title: str, say: Speech, fonts: Fonts, theme: Theme
) -> Drawing:
    """The first three on their steps, the best in the middle."""
    sketch = Sketch(fonts, theme)
    sketch.label(WIDTH / 2, MARGIN, title, most=INNER, size=TITLE, bold=True, anchor="middle")
    first = standings[: len(STEPS)]
    top = MARGIN + TITLE * LINE + GAP
    floor = top + NAME_LINES * NORMAL * LINE + PITCH + GAP + STEPS[0]
    width = INNER / len(STEPS)
    for column, standing in zip((1, 0, 2), first, strict=False):
        _step(sketch, MARGIN + column * width, floor, width, standing, say)
    sketch.line((MARGIN, floor), (WIDTH - MARGIN, floor), colour=theme.line, width=3)
    words = say("quiz.picture.players", n=players) if first else say("quiz.picture.no_players")
    sketch.label(WIDTH / 2, floor + GAP, words, most=INNER, colour=theme.muted, anchor="middle")
    return sketch.drawing(floor + GAP + PITCH + MARGIN)


def share_words(count: int, of: int) -> str:
    """A count with its share, for people."""
    return f"{count} · {round(count * 100 / of)} %" if of else str(count)


def name_in_picture(fonts: Fonts, name: str) -> str:
    """The name without what can't be drawn; what stands for it where nothing is left."""
    clean = fonts.clean(name)
    return " ".join(clean.replace(STRANGE, " ").split()) or STRANGE


def _unmarked(text: str) -> str:
    """Without the marks of Markdown that a question's words have."""
    return text.replace("`", "").replace("**", "")


def _answer(sketch: Sketch, y: float, letter: str, bar: AnswerBar, of: int, say: Speech) -> float:
    """One answer: its letter and its words, below them how many gave it; where it ends."""
    theme = sketch.theme
    colour = theme.good if bar.right else theme.idle
    left = MARGIN
    if letter:
        sketch.label(MARGIN, y, letter, most=30, bold=True, colour=colour if bar.right else None)
        left += 34
    if bar.right:
        chip = Chip(say("quiz.picture.right"), theme.good, solid=True)
        taken = sketch.fonts.width(chip.text, SMALL, bold=True) + 20
        sketch.chips(WIDTH - MARGIN - taken, y - 5, [chip], most=taken + 1, rows=1, more="")
        room = WIDTH - MARGIN - taken - 12 - left
    else:
        room = WIDTH - MARGIN - left
    y = _lines(sketch, left, y, bar.text, room, TEXT_LINES, SMALL, bold=bar.right)
    share = bar.count / of if of else 0.0
    place = Box(left, y + 2, WIDTH - MARGIN - COUNT - left, BAR)
    draw_bar(sketch, place, share, colour)
    sketch.label(
        WIDTH - MARGIN, y, share_words(bar.count, of), most=COUNT - 14, bold=True, anchor="right"
    )
    return y + 2 + BAR


def _standing(sketch: Sketch, y: float, standing: Standing, best: int, say: Speech) -> float:
    theme = sketch.theme
    left = MARGIN + BADGE + 44
    room = WIDTH - MARGIN - POINTS - left
    name = name_in_picture(sketch.fonts, standing.name)
    end = _lines(sketch, left, y + 2, name, room, TEXT_LINES, NORMAL, bold=True)
    draw_bar(
        sketch, Box(left, end + 2, room, 8), standing.points / best if best else 0, theme.accent
    )
    bottom = max(end + 10, y + BADGE)
    leads = standing.place == 1
    sketch.box(
        MARGIN, y, BADGE, BADGE, fill=theme.accent if leads else theme.panel,
        outline=None if leads else theme.line, name="place",
    )  # fmt: skip
    sketch.label(
        MARGIN + BADGE / 2, y + (BADGE - NORMAL) / 2, str(standing.place), most=BADGE - 6,
        size=NORMAL, bold=True, colour=theme.on_hue if leads else None, anchor="middle",
    )  # fmt: skip
    _moved(sketch, MARGIN + BADGE + 8, y, standing.moved)
    points = say("quiz.picture.points", points=f"{standing.points:,}")
    sketch.label(
        WIDTH - MARGIN, y, points, most=POINTS - 10, size=NORMAL, bold=True, anchor="right"
    )
    if standing.gained:
        sketch.label(
            WIDTH - MARGIN, y + NORMAL * LINE, f"+{standing.gained:,}", most=POINTS - 10,
            colour=theme.good, anchor="right",
        )  # fmt: skip
        bottom = max(bottom, y + NORMAL * LINE + SMALL)
    return bottom


def _moved(sketch: Sketch, x: float, y: float, moved: int | None) -> None:
    """An arrow up or down with the number of places."""
    if not moved:
        return
    up = moved > 0
    colour = sketch.theme.good if up else sketch.theme.bad
    tip, foot = (y + 4, y + 14) if up else (y + 14, y + 4)
    sketch.line((x + 4, foot), (x + 14, tip), (x + 24, foot), colour=colour, width=4)
    sketch.label(x + 14, y + 22, str(abs(moved)), most=34, colour=colour, anchor="middle")


def _step(
    sketch: Sketch, x: float, floor: float, width: float, standing: Standing, say: Speech
) -> None:
    """A step with its number; above it the points and the name."""
    theme = sketch.theme
    height = STEPS[min(standing.place, len(STEPS)) - 1]
    top, middle = floor - height, x + width / 2
    hue = (theme.accent, theme.good, theme.warn)[min(standing.place, len(STEPS)) - 1]
    sketch.box(x + 6, top, width - 12, height, fill=hue, radius=8, name="step")
    sketch.label(
        middle, top + 20, str(standing.place), most=width - 30, size=52, bold=True,
        colour=theme.on_hue, anchor="middle",
    )  # fmt: skip
    points = say("quiz.picture.points", points=f"{standing.points:,}")
    y = top - PITCH - 4
    sketch.label(middle, y, points, most=width - 16, colour=theme.muted, anchor="middle")
    name = name_in_picture(sketch.fonts, standing.name)
    lines = wrap(sketch.fonts, name, NORMAL, width - 16, NAME_LINES, bold=True)
    y -= len(lines) * NORMAL * LINE
    for line in lines:
        sketch.label(middle, y, line, most=width - 15, size=NORMAL, bold=True, anchor="middle")
        y += NORMAL * LINE


def _lines(
    sketch: Sketch, x: float, y: float, text: str, most: float, lines: int, size: int, *, bold: bool
) -> float:
    """A text on several lines; where it ends."""
    for line in wrap(sketch.fonts, text, size, most, lines, bold=bold) or [STRANGE]:
        sketch.label(x, y, line, most=most + 0.01, size=size, bold=bold)
        y += size * LINE
    return y
