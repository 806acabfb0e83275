"""The layout of /stats: processors and memory over time against their limits, then containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.classroom.load import GAP_S, Load, Use
from bot.pictures.chart import Axes, Series, draw_bar, draw_chart
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, TITLE, Sketch
from bot.pictures.theme import Theme
from bot.pictures.words import size_words
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
CHART: Final = 190.0
RED: Final = 4
"""Among the hues."""
LINES: Final = 5
"""Containers with a line of their own; more could not be told apart."""
MOST_ROWS: Final = 15
SHORTEST_SPAN_S: Final = 60.0
ROW: Final = 40.0
NAME: Final = 230.0
HALF: Final = (INNER - NAME) / 2
FULL: Final = 0.9
"""From this share of a limit on it is shown as nearly used up."""


def load_layout(load: Load, say: Speech, fonts: Fonts, theme: Theme) -> Drawing:
    """The plot of these minutes."""
    sketch = Sketch(fonts, theme)
    sketch.label(MARGIN, MARGIN, say("stats.title"), most=INNER, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 6
    y = _chart(sketch, load, y, say, memory=False)
    y = _chart(sketch, load, y + 14, say, memory=True)
    y = _containers(sketch, load, y + 14, say)
    return sketch.drawing(y + MARGIN)


def top_cpus(load: Load) -> float:
    """Where the axis of processors ends: at the limit, or above what was seen without one."""
    seen = [point.whole.cpus or 0 for point in load.points]
    return load.limits.cpus or max(1.0, *seen)


def top_memory(load: Load) -> float:
    """The same of memory."""
    seen = [point.whole.memory_bytes * 1.25 for point in load.points]
    return load.limits.memory_bytes or max(1.0, *seen)


def cpu_words(use: Use, load: Load, say: Speech) -> str:
    """How much of the processors is at work, against the limit."""
    if use.cpus is None:
        return say("stats.unknown")
    share = round(use.cpus * 100 / top_cpus(load))
    return say("stats.cpu.now", share=share, limit=f"{top_cpus(load):g}")


def memory_words(used: int, limit: int) -> str:
    """How much memory is taken, of how much."""
    return f"{size_words(used)} / {size_words(limit)}" if limit else size_words(used)


def span_s(load: Load) -> float:
    """For how long back the plot goes."""
    return max(SHORTEST_SPAN_S, load.now.at - load.points[0].at)


def _chart(sketch: Sketch, load: Load, y: float, say: Speech, *, memory: bool) -> float:
    theme, now = sketch.theme, load.now.whole
    title = say("stats.memory" if memory else "stats.cpu")
    words = (
        memory_words(now.memory_bytes, load.limits.memory_bytes)
        if memory
        else cpu_words(now, load, say)
    )
    taken = sketch.label(
        WIDTH - MARGIN, y + 2, words, most=INNER * 0.7, colour=theme.text, anchor="right"
    )
    sketch.label(MARGIN, y, title, most=INNER - taken - 12, size=NORMAL, bold=True)
    top = top_memory(load) if memory else top_cpus(load)
    place = Box(MARGIN, y + NORMAL * LINE + 4, INNER, CHART)
    series = [*reversed(_lines(sketch, load, memory=memory)), _whole(sketch, load, memory=memory)]
    return draw_chart(
        sketch, place, _axes(load, say, top, memory=memory), series,
        name="memory" if memory else "cpu",
    )  # fmt: skip


def _axes(load: Load, say: Speech, top: float, *, memory: bool) -> Axes:
    span = span_s(load)
    half, full = (size_words(top / 2), size_words(top)) if memory else ("50 %", "100 %")
    return Axes(
        start=load.now.at - span,
        end=load.now.at,
        top=top,
        marks=((top, full), (top / 2, half), (0, "0")),
        start_words=say("stats.ago", minutes=f"{span / 60:.0f}"),
        end_words=say("stats.now"),
        gap=GAP_S,
    )


def _whole(sketch: Sketch, load: Load, *, memory: bool) -> Series:
    return Series(
        sketch.theme.text,
        [(point.at, _value(point.whole, memory=memory)) for point in load.points],
        width=3,
    )


def _lines(sketch: Sketch, load: Load, *, memory: bool) -> list[Series]:
    """Of the containers that need most, each in its colour."""
    return [
        Series(
            colour,
            [
                (point.at, _value(point.containers[key], memory=memory))
                if key in point.containers
                else (point.at, None)
                for point in load.points
            ],
        )
        for key, colour in zip(load.busiest, _hues(sketch), strict=False)
    ]


def _hues(sketch: Sketch) -> Sequence[str]:
    # Without the red one, which says that a limit is near.
    return [hue for number, hue in enumerate(sketch.theme.hues) if number != RED][:LINES]


def _value(use: Use, *, memory: bool) -> float | None:
    return use.memory_bytes if memory else use.cpus


def _containers(sketch: Sketch, load: Load, y: float, say: Speech) -> float:
    theme = sketch.theme
    left = MARGIN + NAME
    sketch.label(MARGIN, y, say("stats.containers"), most=NAME - 10, size=NORMAL, bold=True)
    for column, title in enumerate((say("stats.cpu"), say("stats.memory"))):
        x = left + column * HALF
        sketch.label(x, y + 2, title, most=HALF - 10, colour=theme.muted)
    y += NORMAL * LINE + 6
    rows = [("", say("stats.all"), load.now.whole)]
    rows += [(key, load.name_of(key), load.now.containers[key]) for key in load.busiest]
    for number, (key, name, use) in enumerate(rows[: MOST_ROWS + 1]):
        hue = theme.text if not key else theme.idle
        if 0 < number <= LINES:
            hue = _hues(sketch)[number - 1]
        _row(sketch, load, y, key, name, use, hue, say)
        y += ROW
    if len(rows) > MOST_ROWS + 1:
        words = say("picture.more", n=len(rows) - MOST_ROWS - 1)
        sketch.label(MARGIN, y, words, most=INNER, colour=theme.muted)
        y += SMALL * LINE
    return y


def _row(
    sketch: Sketch, load: Load, y: float, key: str, name: str, use: Use, hue: str, say: Speech
) -> None:
    sketch.dot(MARGIN + 8, y + SMALL / 2 + 1, 7, hue, hollow=not key)
    sketch.label(MARGIN + 24, y, name, most=NAME - 24 - 14, bold=not key)
    limit = load.memory_limit(key) if key else load.limits.memory_bytes
    cpus = cpu_limit(load, key)
    share = None if use.cpus is None else use.cpus / cpus
    cpu = say("stats.unknown") if share is None else f"{round(share * 100)} %"
    texts = (cpu, memory_words(use.memory_bytes, limit))
    shares = (share or 0.0, use.memory_bytes / limit if limit else 0.0)
    for column, (words, part) in enumerate(zip(texts, shares, strict=True)):
        x = MARGIN + NAME + column * HALF
        sketch.label(x, y, words, most=HALF - 12)
        colour = sketch.theme.bad if part >= FULL else hue
        draw_bar(sketch, Box(x, y + SMALL + 5, HALF - 16, 7), part, colour)


def cpu_limit(load: Load, container_id: str) -> float:
    """A container's own limit, or that of all together."""
    known = load.known.get(container_id)
    return (known.cpus if known else 0) or top_cpus(load)
