"""A quiz as pictures, and the same in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.alt import LONGEST_ALT
from bot.pictures.letters import Fonts, wrap
from bot.pictures.quiz import (
    MOST_BARS,
    MOST_TYPED,
    TOP,
    AnswerBar,
    Distribution,
    Standing,
    distribution_layout,
    most_frequent,
    podium_layout,
    scoreboard_layout,
)
from bot.pictures.quiz_words import distribution_words, podium_words, scoreboard_words
from bot.pictures.shapes import Drawing
from bot.pictures.theme import DARK, LIGHT
from bot.texts import LANGUAGES, Language, Texts
from tests.fakes.fonts import FakeFonts
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE

NAMES = ("김하늘", "고" * 40, "🐳" * 40, *HOSTILE)
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def standings_of(count: int) -> list[Standing]:
    """So many players, with names of all kinds and changes of all kinds."""
    return [
        Standing(
            number + 1,
            NAMES[number % len(NAMES)],
            points=(count - number) * 12_345,
            gained=1_000 if number % 3 else 0,
            moved=(None, 0, 1, -1, 250, -250)[number % 6],
        )
        for number in range(count)
    ]


def written(drawing: Drawing) -> str:
    """All that is written on it."""
    return " ".join(label.text for label in drawing.labels)


@IN_LANGUAGE
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 10, 12])
@pytest.mark.parametrize("text", ["네", "가" * 300, *HOSTILE])
def test_every_distribution_fits(
    texts: Texts, fonts: Fonts, language: Language, count: int, text: str
) -> None:
    """None, a few and more options than there are, of any words; nobody or everybody answered."""
    say = texts.for_language(language)
    for answered in (0, 300):
        bars = [AnswerBar(text, answered // (n + 1), right=n % 2 == 0) for n in range(count)]
        for typed in (False, True):
            asked = Distribution(text * 3, bars, answered, 300, answered // 2, typed, others=3)
            drawing = distribution_layout(asked, say, fonts, DARK)
            assert_tidy(drawing, fonts)
            assert len(drawing.boxes("bar")) == min(count, MOST_BARS)
            assert len(distribution_words(asked, say)) <= LONGEST_ALT


def test_the_right_answer_is_marked_in_words_and_colour(texts: Texts, fonts: Fonts) -> None:
    """Who can't tell the colours apart reads it."""
    bars = [AnswerBar("wrong `one`", 3), AnswerBar("good **one**", 9, right=True)]
    asked = Distribution("Which?", bars, 12, 15, 9)
    say = texts.for_language("en")
    drawing = distribution_layout(asked, say, fonts, LIGHT)

    assert len(drawing.boxes("chip")) == 1
    filled = [box.fill for box in drawing.boxes("bar-filled")]
    assert filled == [LIGHT.idle, LIGHT.good]
    assert "A wrong one" in written(drawing)
    assert "9 · 75 %" in written(drawing)
    alt = distribution_words(asked, say)
    assert 'Right answer "good **one**": 9 · 75 %.' in alt
    assert "12 of 15 answered, 9 of them right" in alt


@IN_LANGUAGE
@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 40])
def test_every_scoreboard_and_podium_fits(
    texts: Texts, fonts: Fonts, language: Language, count: int
) -> None:
    """Nobody, a few, more than ten; names of forty letters, of emoji, and hostile ones."""
    say = texts.for_language(language)
    for start in range(max(1, count)):
        standings = standings_of(count)[start:] + standings_of(count)[:start]
        board = scoreboard_layout(standings, count, "순위 " * 20, say, fonts, DARK)
        assert_tidy(board, fonts)
        assert len(board.boxes("place")) == min(count, TOP)
        podium = podium_layout(standings, count, "시상대", say, fonts, LIGHT)
        assert_tidy(podium, fonts)
        assert len(podium.boxes("step")) == min(count, 3)
        assert len(scoreboard_words(standings, "T", say)) <= LONGEST_ALT
        assert len(podium_words(standings, "T", say)) <= LONGEST_ALT


def test_a_name_of_forty_letters_can_be_read(texts: Texts, true_fonts: Fonts) -> None:
    """To its end, on the scoreboard and on the podium: it may differ in the last letter only."""
    name = "가나다라마바사아자차" * 4
    standings = [Standing(1, name, 100), Standing(2, name, 90), Standing(3, name, 80)]
    say = texts.for_language("ko")
    for layout in (scoreboard_layout, podium_layout):
        drawing = layout(standings, 3, "T", say, true_fonts, DARK)
        letters = "".join(label.text for label in drawing.labels if label.text[0] in name)
        assert letters == name * 3


def test_the_best_stands_in_the_middle_and_highest(texts: Texts, fonts: Fonts) -> None:
    """Second on the left, third on the right; two who share a place stand equally high."""
    say = texts.for_language("en")
    standings = [Standing(1, "a", 9), Standing(1, "b", 9), Standing(3, "c", 1)]
    first, second, third = podium_layout(standings, 3, "T", say, fonts, DARK).boxes("step")
    assert second.x < first.x < third.x
    assert second.height == first.height > third.height


def test_changes_of_place_are_said(texts: Texts, fonts: Fonts) -> None:
    """Up, down and unchanged, in the picture and in words."""
    say = texts.for_language("en")
    standings = [
        Standing(1, "a", 9, 5, moved=2),
        Standing(2, "b", 8, moved=-1),
        Standing(3, "c", 7),
    ]
    drawing = scoreboard_layout(standings, 3, "T", say, fonts, DARK)
    assert {"2", "1", "+5"} <= {label.text for label in drawing.labels}
    assert scoreboard_words(standings, "T", say) == (
        "T. Place 1: a, 9 points, up 2 places. Place 2: b, 8 points, down 1 place. "
        "Place 3: c, 7 points."
    )


def test_the_most_frequent_typed_answers_come_first() -> None:
    """Right ones on top, spaces don't count, and what is no command is shown to nobody."""
    lines = [("docker ps", False)] * 3 + [("docker  ps -a", True), ("docker ps -a ", True)]
    lines += [("you are all stupid", False), ("docker images", False)]

    bars, others = most_frequent(lines)

    assert bars == (
        AnswerBar("docker ps -a", 2, right=True),
        AnswerBar("docker ps", 3),
        AnswerBar("docker images", 1),
    )
    assert others == 1


@given(st.lists(st.tuples(st.sampled_from(["docker a", "docker b", "x", " "]), st.booleans())))
def test_no_typed_answer_is_lost(lines: list[tuple[str, bool]]) -> None:
    """Bars and the others are all of them, however many differ."""
    bars, others = most_frequent(lines)
    assert sum(bar.count for bar in bars) + others == len(lines)
    assert len(bars) <= MOST_TYPED


@given(st.text(max_size=200), st.integers(1, 400), st.integers(1, 5))
def test_wrapped_lines_fit_and_lose_only_the_end(text: str, most: int, lines: int) -> None:
    """No line is wider than its room; together they are the beginning of the text."""
    fonts = FakeFonts()
    made = wrap(fonts, text, 20, most, lines)
    assert len(made) <= lines
    assert all(fonts.width(line, 20) <= most for line in made)
    whole = "".join(fonts.clean(text).split())
    shown = "".join("".join(made).split())
    assert whole == shown or whole.startswith(shown.removesuffix("…"))
