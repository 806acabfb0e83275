"""A measured number with its goal, and how a list of them is shown and written."""

from __future__ import annotations

import dataclasses
import json
import statistics
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One result. `goal` is the largest value that is good enough; None: only told."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.goal is None or self.value <= self.goal


class Stopwatch:
    """Times of one thing that is done again and again, in ms."""

    def __init__(self) -> None:
        self.times_ms: list[float] = []

    @contextmanager
    def lap(self) -> Generator[None, None, None]:
        """Time the block; one that raises is not counted."""
        started = time.perf_counter()
        yield
        self.times_ms.append((time.perf_counter() - started) * 1000)

    @property
    def median_ms(self) -> float:
        """Median of all laps."""
        return statistics.median(self.times_ms)

    def percentile_ms(self, percent: int) -> float:
        """So many percent of the laps took no longer, 1 to 99."""
        if len(self.times_ms) == 1:
            return self.times_ms[0]
        return statistics.quantiles(self.times_ms, n=100, method="inclusive")[percent - 1]


def slope_per_hour(seconds: Sequence[float], values: Sequence[float]) -> float:
    """How much the values grow in an hour, by least squares."""
    return statistics.linear_regression(seconds, values).slope * 3600


def table(figures: Sequence[Figure]) -> str:
    """The figures for people."""
    head = f"{'':<48} {'measured':>10} {'goal':>10}  unit"
    lines = [
        f"{figure.name:<48} {figure.value:>10.2f} "
        f"{'' if figure.goal is None else format(figure.goal, '10.2f'):>10}  {figure.unit:<6}"
        f"{'' if figure.holds else ' MISSED'}"
        for figure in figures
    ]
    return "\n".join([head, *lines])


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """The figures for programs: a list of `{name, value, unit, goal, holds}`."""
    rows = [
        {**dataclasses.asdict(figure), "value": round(figure.value, 3), "holds": figure.holds}
        for figure in figures
    ]
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
