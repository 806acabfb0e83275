"""Progress as a picture."""

from __future__ import annotations

import pytest

from bot.classroom.badges import Streak
from bot.classroom.open_lessons import LessonRow
from bot.classroom.progress import Overview
from bot.pictures.letters import Fonts
from bot.pictures.progress_board import MOST_LESSONS, LessonLine, board_layout
from bot.pictures.theme import DARK
from bot.texts import LANGUAGES, Language, Texts
from tests.factories import make_lesson
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE


def overview_of(count: int, finished: int) -> Overview:
    """So many lessons, the first of them done."""
    rows = [
        LessonRow(n + 1, make_lesson(f"lesson-{n}"), 2 if n < finished else 0, n <= finished,
                  n < finished)
        for n in range(count)
    ]  # fmt: skip
    return Overview(rows, "lesson-1", Streak(123, 4567))


def lines_of(overview: Overview, title: str) -> list[LessonLine]:
    """The same as lines, all with this title."""
    return [
        LessonLine(row.number, title, row.tasks_done, 2, row.finished, row.number == 2)
        for row in overview.rows
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("count", "finished"), [(0, 0), (1, 0), (2, 2), (21, 7), (60, 60)])
def test_whatever_there_is_fits(
    texts: Texts, fonts: Fonts, language: Language, count: int, finished: int
) -> None:
    """No lesson, a few, more than can be drawn; whoever the learner is."""
    overview = overview_of(count, finished)
    for name in ("Yuna", *HOSTILE):
        lines = lines_of(overview, "컨테이너의 한살이: 만들고, 멈추고, 다시 켜고, 지우고")
        say = texts.for_language(language)
        drawing = board_layout(overview, lines, name, say, fonts, DARK)
        assert_tidy(drawing, fonts)
        assert len(drawing.boxes("bar")) == min(count, MOST_LESSONS)


def test_a_title_loses_what_comes_after_its_colon_first(texts: Texts, fonts: Fonts) -> None:
    """Half a word says less than none."""
    overview = overview_of(2, 0)
    lines = lines_of(overview, "The life of a container: made, stopped, removed")
    drawing = board_layout(overview, lines, "Yuna", texts.for_language("en"), fonts, DARK)

    assert "1. The life of a container" in {label.text for label in drawing.labels}
