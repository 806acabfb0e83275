"""Folding: everything that fits is shown; of the rest the beginning and the end."""

from __future__ import annotations

import pytest

from bot.terminal.folding import LONGEST_LINE, MOST_CHARACTERS, MOST_LINES, fold, newest
from bot.terminal.screen import Line, Screen, Span, Style


def lines_of(output: str) -> list[Line]:
    screen = Screen()
    screen.feed(output)
    return screen.lines


def numbered(count: int) -> list[Line]:
    return [(Span(f"line {n}"),) for n in range(count)]


def test_as_many_lines_as_allowed_are_shown_whole() -> None:
    """Exactly the limit is not too much."""
    folded = fold(numbered(MOST_LINES))
    assert folded.complete
    assert len(folded.head) == MOST_LINES
    assert folded.tail == ()


def test_one_line_more_folds_the_middle() -> None:
    """Beginning and end stay, in order, and the number of hidden lines is right."""
    folded = fold(numbered(MOST_LINES + 1))
    assert folded.hidden == 1
    assert not folded.complete
    assert len(folded.head) + len(folded.tail) == MOST_LINES
    assert folded.head[0] == "line 0"
    assert folded.tail[-1] == f"line {MOST_LINES}"
    assert folded.head[-1] == "line 19"
    assert folded.tail[0] == "line 21"


@pytest.mark.parametrize("count", [31, 60, 100, 4000])
def test_no_line_is_counted_twice_or_lost(count: int) -> None:
    """Shown and hidden lines add up."""
    folded = fold(numbered(count))
    assert len(folded.head) + folded.hidden + len(folded.tail) == count


def test_exactly_as_many_characters_as_allowed_are_shown_whole() -> None:
    """Each line costs its characters and the end of the line."""
    at_limit = [(Span("x" * 99),)] * (MOST_CHARACTERS // 100)
    assert fold(at_limit).complete
    assert not fold([*at_limit[:-1], (Span("x" * 100),)]).complete


@pytest.mark.parametrize("width", [1, 50, 190, 500, LONGEST_LINE, 5000])
@pytest.mark.parametrize("count", [1, 5, 29, 30, 31, 300])
def test_what_is_shown_never_exceeds_the_limits(width: int, count: int) -> None:
    """Whatever the shape of the output."""
    folded = fold([(Span("x" * width),)] * count)
    shown = [*folded.head, *folded.tail]
    assert len(shown) <= MOST_LINES
    assert sum(len(line) + 1 for line in shown) <= MOST_CHARACTERS
    assert shown


def test_a_very_long_line_is_cut_and_says_so() -> None:
    """The log has it whole."""
    folded = fold([(Span("x" * 5000),)])
    assert folded.head == ("x" * (LONGEST_LINE - 1) + "…",)
    assert folded.cut
    assert not folded.hidden
    assert not folded.complete


def test_while_it_runs_the_newest_lines_are_shown() -> None:
    """Like the window of a terminal."""
    folded = newest(numbered(100), most_lines=5)
    assert folded.tail == tuple(f"line {n}" for n in range(95, 100))
    assert folded.hidden == 95


def test_colours_become_an_ansi_block_only_where_there_are_any() -> None:
    """Discord shows colours in `ansi` blocks; a plain block copies better."""
    assert not fold(lines_of("plain\n")).coloured
    folded = fold(lines_of("\x1b[1;31mred\x1b[0m and plain\n"))
    assert folded.coloured
    assert folded.head == ("\x1b[1;31mred\x1b[0m and plain",)
    assert fold([(Span("x", Style("brown", "blue", underlined=True)),)]).head == (
        "\x1b[4;33;44mx\x1b[0m",
    )


def test_fences_in_lines_are_broken() -> None:
    """Also when a line is cut or coloured."""
    for line in ("```", "x" * 596 + "`" * 10, "\x1b[31m````\x1b[0m```"):
        folded = fold(lines_of(line + "\n"))
        assert all("``" not in shown for shown in folded.head)
