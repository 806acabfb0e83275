"""Figures of the benchmark: when they hold, and how they are written."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.figures import Figure, Stopwatch, table, write_json

MET = Figure("a start", 0.5, "×", 0.65)
MISSED = Figure("a memory", 61.0, "MB", 60)
TOLD = Figure("a time", 1000.0, "ms", None)


def test_a_figure_holds_up_to_its_goal() -> None:
    """The goal itself is good enough; a figure without a goal always holds."""
    assert MET.holds
    assert TOLD.holds
    assert Figure("x", 60, "MB", 60).holds
    assert not MISSED.holds


def test_the_table_names_what_was_missed() -> None:
    """Whoever reads it sees at once where to look."""
    lines = table([MET, MISSED, TOLD]).splitlines()
    assert [line for line in lines if "MISSED" in line] == [lines[2]]
    assert lines[2].startswith("a memory")


def test_the_file_is_a_list_of_figures(tmp_path: Path) -> None:
    """Programs read name, value, unit, goal and holds."""
    file = tmp_path / "figures.json"
    write_json([MISSED, TOLD], file)
    assert json.loads(file.read_text()) == [
        {"name": "a memory", "value": 61.0, "unit": "MB", "goal": 60, "holds": False},
        {"name": "a time", "value": 1000.0, "unit": "ms", "goal": None, "holds": True},
    ]


def test_a_stopwatch_gives_the_median() -> None:
    """One slow lap does not decide."""
    watch = Stopwatch()
    watch.times_ms = [1.0, 2.0, 99.0]
    assert watch.median_ms == 2.0
    with watch.lap():
        pass
    assert len(watch.times_ms) == 4


def test_a_stopwatch_gives_percentiles() -> None:
    """Of a hundred laps, five took longer than the 95th percentile."""
    watch = Stopwatch()
    watch.times_ms = [float(number) for number in range(1, 101)]
    assert sum(took > watch.percentile_ms(95) for took in watch.times_ms) == 5
    watch.times_ms = [7.0]
    assert watch.percentile_ms(99) == 7.0
