"""Lines over time, between axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.shapes import Box
from bot.pictures.sketch import LINE, SMALL, Sketch

AXIS: Final = 96.0
"""Room for the numbers on the right."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line; `points` are (when, how much), None where nobody knows."""

    colour: str
    points: Sequence[tuple[float, float | None]]
    width: float = 2


@dataclass(frozen=True, slots=True)
class Axes:
    """What the sides of a chart stand for; `marks` are values with their words."""

    start: float
    end: float
    top: float
    marks: Sequence[tuple[float, str]]
    start_words: str
    end_words: str
    gap: float
    """Points farther apart than this are not joined."""


def draw_chart(
    sketch: Sketch, place: Box, axes: Axes, series: Sequence[Series], *, name: str
) -> float:
    """Draw the lines into `place`, words included; where it ends."""
    theme = sketch.theme
    plot = Box(place.x, place.y, place.width - AXIS, place.height - SMALL * LINE - 6)
    sketch.box(
        plot.x,
        plot.y,
        plot.width,
        plot.height,
        fill=theme.panel,
        outline=theme.line,
        radius=8,
        name=name,
    )
    for value, words in axes.marks:
        y = _y(plot, axes, value)
        if plot.y < y < plot.bottom:
            sketch.line((plot.x + 2, y), (plot.right - 2, y), colour=theme.line, width=1)
        top = min(max(plot.y - 2, y - SMALL / 2), plot.bottom - SMALL)
        sketch.label(plot.right + 8, top, words, most=AXIS - 8, colour=theme.muted)
    for each in series:
        for run in _runs(each.points, axes):
            spots = [(_x(plot, axes, at), _y(plot, axes, value)) for at, value in run]
            if len(spots) > 1:
                sketch.line(*spots, colour=each.colour, width=each.width)
            sketch.dot(*spots[-1], each.width + 1, each.colour)
    below = plot.bottom + 6
    sketch.label(plot.x, below, axes.start_words, most=plot.width / 2, colour=theme.muted)
    sketch.label(
        plot.right,
        below,
        axes.end_words,
        most=plot.width / 2 - 10,
        colour=theme.muted,
        anchor="right",
    )
    return place.bottom


def draw_bar(sketch: Sketch, place: Box, share: float, colour: str, *, name: str = "bar") -> None:
    """A bar that is full to this share; more than all of it is full."""
    radius = place.height / 2
    sketch.box(
        place.x, place.y, place.width, place.height,
        fill=sketch.theme.panel, outline=sketch.theme.line, radius=radius, name=name,
    )  # fmt: skip
    filled = place.width * min(1.0, max(0.0, share))
    if filled >= 1:
        sketch.box(
            place.x, place.y, max(filled, place.height), place.height,
            fill=colour, radius=radius, name=f"{name}-filled",
        )  # fmt: skip


def _runs(
    points: Sequence[tuple[float, float | None]], axes: Axes
) -> Iterator[list[tuple[float, float]]]:
    """What belongs together: without what nobody knows, and without gaps."""
    run: list[tuple[float, float]] = []
    for at, value in points:
        if run and (value is None or at - run[-1][0] > axes.gap):
            yield run
            run = []
        if value is not None and axes.start <= at <= axes.end:
            run.append((at, value))
    if run:
        yield run


def _x(plot: Box, axes: Axes, at: float) -> float:
    inset = 5
    span = max(axes.end - axes.start, 1e-9)
    return plot.x + inset + (plot.width - 2 * inset) * (at - axes.start) / span


def _y(plot: Box, axes: Axes, value: float) -> float:
    inset = 5
    share = min(1.0, max(0.0, value / axes.top if axes.top else 0.0))
    return plot.bottom - inset - (plot.height - 2 * inset) * share
