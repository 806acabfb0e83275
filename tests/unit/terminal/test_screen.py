"""The screen: what a terminal shows at the end of an output."""

from __future__ import annotations

import random

import pytest

from bot.terminal.screen import COLUMNS, ROWS, Screen, Span, Style, text_of


def shown(*pieces: str) -> list[str]:
    """The lines of text after these pieces of output."""
    screen = Screen()
    for piece in pieces:
        screen.feed(piece)
    return [text_of(line) for line in screen.lines]


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        ("", []),
        ("\n\n", []),
        ("a", ["a"]),
        ("a\nb\n", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("a\n\nb", ["a", "", "b"]),
        ("NAME\tIMAGE\n", ["NAME    IMAGE"]),
        ("trailing   \n", ["trailing"]),
        ("10%\r50%\r100%\ndone\n", ["100%", "done"]),
        ("downloading\rdone\x1b[K\n", ["done"]),
        ("spin |\b/\b-\b\\\n", ["spin \\"]),
        ("a\nb\nc\n\x1b[2A\x1b[2KB\n\n", ["a", "B", "c"]),
        ("\x1b[2J\x1b[Hclean", ["clean"]),
        ("old\x1bcnew", ["new"]),
        ("\x1b]0;title\x07text", ["text"]),
        ("\x1b[?25lhidden cursor\x1b[?25h", ["hidden cursor"]),
        ("한글 표 ok\n", ["한글 표 ok"]),
        ("한글\b\bㅎ\n", ["한ㅎ"]),
        ("\x1b[1m한글\x1b[0m 표", ["한글 표"]),
        ("bell\x07 and nul\x00", ["bell and nul"]),
        ("\x1b[1mz\u200dw y\ufe0f e\u0301 end", ["zw y é end"]),
        ("\x1b[31", []),
        ("\x1b]0;never ends\nkept", ["", "kept"]),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ end", ["link end"]),
        ("\x1bPq#0;1;2\x1b\\after", ["after"]),
    ],
)
def test_the_end_of_an_output_is_shown(output: str, lines: list[str]) -> None:
    """Progress bars, cursor moves, wide and unseen characters come out as a terminal shows them."""
    assert shown(output) == lines


@pytest.mark.parametrize(
    "output",
    [
        "10%\r50%\r100%\ndone\n",
        "a\r\nb\r\nc",
        "x\n\x1b[31mred\x1b[0m\n\x1b[1A\x1b[2Ky\n",
        "한글\r\n\x1b[1m둘\x1b[0m\n",
        "\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n",
    ],
)
def test_it_does_not_matter_where_pieces_end(output: str) -> None:
    """Output comes in pieces of any size, cut within sequences and line ends too."""
    whole = shown(output)
    assert shown(*output) == whole
    for at in range(len(output)):
        assert shown(output[:at], output[at:]) == whole


def test_colours_are_kept_as_spans() -> None:
    """Eight colours, bold and underlined; 256 colours become the nearest of the eight."""
    screen = Screen()
    screen.feed(
        "\x1b[31mred\x1b[0m plain \x1b[1;4;92mok\x1b[0m\x1b[38;5;21mblue\x1b[0m\x1b[7mX\x1b[0m"
    )
    assert screen.lines == [
        (
            Span("red", Style("red")),
            Span(" plain "),
            Span("ok", Style("green", bold=True, underlined=True)),
            Span("blue", Style("blue")),
            Span("X", Style("black", "white")),
        )
    ]


def test_what_scrolls_off_the_top_is_kept() -> None:
    """Lines beyond the emulator's window are still there, in order."""
    output = "".join(f"\x1b[32m{n}\x1b[0m\n" for n in range(ROWS * 4))
    assert shown(output) == [str(n) for n in range(ROWS * 4)]


def test_plain_lines_before_the_first_sequence_are_within_reach_of_the_cursor() -> None:
    """A cursor that moves up lands on lines that were plain when they came."""
    output = "".join(f"{n}\n" for n in range(200)) + "\x1b[3A\x1b[2KX\r\x1b[3B"
    lines = shown(output)
    assert len(lines) == 200
    assert lines[196:] == ["196", "X", "198", "199"]


def test_a_very_long_line_is_whole_until_a_terminal_is_needed() -> None:
    """Plain lines are not wrapped; an emulator wraps at its edge."""
    assert shown("x" * 5000) == ["x" * 5000]
    assert shown("\x1b[m" + "x" * (COLUMNS + 1)) == ["x" * COLUMNS, "x"]


@pytest.mark.parametrize("seed", range(40))
def test_no_output_breaks_the_screen(seed: int) -> None:
    """Random sequences, cut at random: it never raises, and keeps to its limits."""
    chance = random.Random(seed)
    alphabet = (
        "\x1b[]P()#?;$'> 0123456789²ABCDEFGHJKLMPXacdefghlmnrsu\x9b\x9d\x07\r\n\t\b\x0e\x0f\x00"
    )
    alphabet += "가👍\u200d\u0301\ufffdabc"
    output = "".join(chance.choice(alphabet) for _ in range(3000))
    screen = Screen()
    at = 0
    while at < len(output):
        step = chance.randint(1, 60)
        screen.feed(output[at : at + step])
        at += step
    for line in screen.lines:
        assert not any(character < " " for character in text_of(line))
