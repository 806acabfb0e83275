"""A class as pictures: whatever learners are called, and however many there are."""

from __future__ import annotations

import pytest

from bot.classreport.heat import Cell, HeatMap, HeatRow
from bot.classreport.work import Spread
from bot.pictures.class_errors import PER_PAGE as MOST_BARS
from bot.pictures.class_errors import ErrorBar, errors_layout
from bot.pictures.class_heat import (
    COLUMNS,
    ROWS,
    heat_layout,
    heat_pages,
    ink_on,
    luminance,
    names_on_page,
    shade,
    sign_of,
)
from bot.pictures.class_times import PER_PAGE, TimeRow, times_layout, whiskers
from bot.pictures.letters import Fonts
from bot.pictures.theme import DARK, LIGHT, Theme
from bot.texts import LANGUAGES, Language, Texts
from tests.made_class import NAMES
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE

EVERY_NAME = (*NAMES, *HOSTILE)
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def heat_of(learners: int, lessons: int) -> HeatMap:
    """A class with every kind of cell."""
    kinds = (
        Cell(4, 4, opened=True, finished=True),
        Cell(3, 4, opened=True),
        Cell(0, 4, opened=True),
        Cell(0, 4),
    )
    rows = tuple(
        HeatRow(
            2**60 + number,
            EVERY_NAME[number % len(EVERY_NAME)],
            tuple(kinds[(number + column) % len(kinds)] for column in range(lessons)),
        )
        for number in range(learners)
    )
    return HeatMap(tuple(f"lesson-{column}" for column in range(lessons)), rows)


@IN_LANGUAGE
@pytest.mark.parametrize(("learners", "lessons"), [(0, 21), (1, 1), (3, 0), (60, 21), (31, 50)])
def test_whatever_class_there_is_fits(
    texts: Texts, fonts: Fonts, language: Language, learners: int, lessons: int
) -> None:
    """On as many pages as it takes, each cell on exactly one of them."""
    heat, cells = heat_of(learners, lessons), 0
    pages = heat_pages(heat)
    for page in pages:
        drawing = heat_layout(
            page, f"{EVERY_NAME[0]} 1/2", texts.for_language(language), fonts, DARK
        )
        assert_tidy(drawing, fonts)
        assert drawing.height < 1300
        assert len(page.rows) <= ROWS
        assert len(page.columns) <= COLUMNS
        legend_and_average = 4 + len(page.columns)
        cells += len(drawing.boxes("cell")) - legend_and_average
    assert cells == learners * lessons


@pytest.mark.parametrize(
    ("cell", "sign"),
    [
        (Cell(0, 4), ""),
        (Cell(0, 4, opened=True), "0"),
        (Cell(1, 40, opened=True), "1"),
        (Cell(2, 4, opened=True), "5"),
        (Cell(39, 40, opened=True), "9"),
        (Cell(4, 4, opened=True), "✓"),
        (Cell(0, 0, opened=True), "0"),
        (Cell(0, 0, opened=True, finished=True), "✓"),
    ],
)
def test_a_cell_says_its_share_without_its_colour(cell: Cell, sign: str) -> None:
    """Only a tick is all of it, and whoever began is never at nothing."""
    assert sign_of(cell) == sign


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_shares_differ_in_how_bright_they_are(theme: Theme) -> None:
    """So that eyes that confuse hues tell them apart; and each has ink that can be read on it."""
    brightness = [luminance(shade(theme, share / 10)) for share in range(11)]

    assert brightness == sorted(brightness, reverse=theme is LIGHT)
    for share in range(11):
        fill = shade(theme, share / 10)
        low, high = sorted((luminance(fill), luminance(ink_on(fill))))
        assert (high + 0.05) / (low + 0.05) >= 4.5, fill


def test_names_that_would_look_the_same_keep_their_ends(fonts: Fonts) -> None:
    """Two Alexandras are told apart; a name of emoji has the end of its number."""
    rows = [
        HeatRow(2**60 + 5, "Alexandra Petrova-Johansson", ()),
        HeatRow(2**60 + 6, "Alexandra Petrova-Lindgren", ()),
        HeatRow(2**60 + 7, "유나", ()),
        HeatRow(2**60 + 8, "\u202e\u200b", ()),
    ]
    first, second, short, unreadable = names_on_page(fonts, rows, 130)

    assert first.endswith("…son")
    assert second.endswith("…ren")
    assert short == "유나"
    assert unreadable.endswith(str((2**60 + 8) % 10_000).zfill(4))


@IN_LANGUAGE
@pytest.mark.parametrize("count", [0, 1, 30])
def test_errors_fit(texts: Texts, fonts: Fonts, language: Language, count: int) -> None:
    """A bar each, as long as the share of the class that met it."""
    bars = [ErrorBar(EVERY_NAME[n % len(EVERY_NAME)] * 3, n, 10**n) for n in range(count)]
    say = texts.for_language(language)
    drawing = errors_layout(bars, 60, EVERY_NAME[5], say, fonts, LIGHT)

    assert_tidy(drawing, fonts)
    assert len(drawing.boxes("bar")) == min(count, MOST_BARS)


@IN_LANGUAGE
@pytest.mark.parametrize("longest", [0.0, 0.4, 59.0, 3600.0, 10.0**7])
@pytest.mark.parametrize("count", [1, 4, 5, 60])
def test_times_fit(
    texts: Texts, fonts: Fonts, language: Language, longest: float, count: int
) -> None:
    """Few as dots, many as a box; however long somebody took."""
    values = tuple(longest * n / count for n in range(1, count + 1))
    rows = [TimeRow(name * 2, Spread(values)) for name in EVERY_NAME]
    say = texts.for_language(language)
    drawing = times_layout(rows, EVERY_NAME[5], say, fonts, DARK)

    assert_tidy(drawing, fonts)
    boxes = drawing.boxes("middle-half")
    assert len(boxes) == (0 if count < 5 else PER_PAGE)


def test_nothing_measured_is_said(texts: Texts, fonts: Fonts) -> None:
    """A picture with a sentence."""
    assert_tidy(times_layout([], "", texts.for_language("ko"), fonts, DARK), fonts)


def test_whiskers_leave_out_what_is_far_away() -> None:
    """One who took a day does not squeeze the rest into a line."""
    assert whiskers(Spread((10.0, 11.0, 12.0, 13.0, 14.0, 86_400.0))) == (10.0, 14.0)
