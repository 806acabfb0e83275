"""The plot of the load: everything on it can be read, and nothing on it is made up."""

from __future__ import annotations

import random

import pytest

from bot.classroom.engine_map import MapLimits
from bot.classroom.load import Known, Load, Point, Use
from bot.features.stats._card import stats_words
from bot.pictures.alt import LONGEST_ALT
from bot.pictures.letters import Fonts
from bot.pictures.load_plot import load_layout
from bot.pictures.shapes import Line
from bot.pictures.theme import DARK, LIGHT
from bot.texts import LANGUAGES, Language, Texts
from tests.fakes.fonts import FakeFonts
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE

LIMITS = MapLimits(memory_bytes=2**30, cpus=1.5, disk_bytes=4 * 2**30, pids=512)


def load_of(
    count: int, *, looks: int = 40, limits: MapLimits = LIMITS, names: tuple[str, ...] = ("web",)
) -> Load:
    """So many containers that do something, with a pause in the middle."""
    dice = random.Random(count)
    points = []
    for number in range(looks):
        containers = {
            f"{each:064x}": Use(dice.choice((None, dice.random() * 3)), dice.randrange(2**31))
            for each in range(count)
        }
        at = number * 2.0 + (100 if number > looks / 2 else 0)
        points.append(Point(at, Use(dice.choice((None, dice.random() * 3)), 2**28), containers))
    known = {
        f"{each:064x}": Known(names[each % len(names)], 0 if each % 2 else 2**26, each % 3)
        for each in range(count)
    }
    return Load(tuple(points), limits, known)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 5, 15, 16, 40])
@pytest.mark.parametrize("limits", [LIMITS, MapLimits()], ids=["limits", "no limits"])
def test_whatever_there_is_fits(
    texts: Texts, fonts: Fonts, language: Language, count: int, limits: MapLimits
) -> None:
    """One look or many, with limits or none, below them or above."""
    say = texts.for_language(language)
    for looks in (1, 2, 40):
        load = load_of(count, looks=looks, limits=limits, names=HOSTILE)
        drawing = load_layout(load, say, fonts, DARK)
        assert_tidy(drawing, fonts)
        assert len(stats_words(load, say, most=LONGEST_ALT)) <= LONGEST_ALT


def test_lines_stay_in_their_charts(texts: Texts) -> None:
    """Whatever the counters claim."""
    drawing = load_layout(load_of(15), texts.for_language("ko"), FakeFonts(), LIGHT)
    charts = [*drawing.boxes("cpu"), *drawing.boxes("memory")]
    lines = [shape for shape in drawing.shapes if isinstance(shape, Line)]

    assert len(charts) == 2
    assert lines
    for line in lines:
        assert any(
            all(box.x <= x <= box.right and box.y <= y <= box.bottom for x, y in line.points)
            for box in charts
        )


def test_where_nobody_looked_there_is_no_line(texts: Texts) -> None:
    """The pause in the middle is a gap in every line."""
    points = tuple(Point(at, Use(0.5, 2**28), {}) for at in (0, 2, 4, 60, 62, 64))
    drawing = load_layout(Load(points, LIMITS, {}), texts.for_language("en"), FakeFonts(), DARK)
    whole = [s for s in drawing.shapes if isinstance(s, Line) and s.width > 2]

    assert [len(line.points) for line in whole] == [3, 3, 3, 3]  # two runs in each of two charts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_say_the_same(texts: Texts, language: Language) -> None:
    """How much of what, and what each container takes."""
    known = {"a": Known("web", 2**26, 0.5), "b": Known("db", 0, 0)}
    now = Point(3, Use(0.75, 2**29), {"a": Use(0.25, 2**25), "b": Use(None, 2**20)})
    words = stats_words(Load((now,), LIMITS, known), texts.for_language(language), most=LONGEST_ALT)

    for told in ("50 %", "512 MiB / 1 GiB", "web", "32 MiB / 64 MiB", "db", "1 MiB / 1 GiB"):
        assert told in words
    assert texts.for_language(language)("stats.unknown") in words
