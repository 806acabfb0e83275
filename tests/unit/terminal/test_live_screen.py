"""The screen of a session: its window, its cursor, editors, and output that is made to do harm."""

from __future__ import annotations

import random
import time

import pytest

from bot.terminal.live_screen import MOST_CHARACTERS, NARROW, LiveScreen, as_block
from bot.terminal.screen import text_of

FULL = "\x1b[?1049h\x1b[2J\x1b[H"
LEFT = "\x1b[?1049l"


def shown(screen: LiveScreen) -> list[str]:
    return [text_of(line) for line in screen.shown()]


def fed(*pieces: str) -> LiveScreen:
    screen = LiveScreen()
    for piece in pieces:
        screen.feed(piece)
    return screen


def test_the_cursor_is_shown_where_the_next_letter_goes() -> None:
    """As a block, or on the letter that it stands on; not when it is hidden."""
    assert shown(fed("$ ")) == ["$ █"]
    assert shown(fed("$ ls\x1b[2D")) == ["$ ls"]
    assert "\x1b[30;47ml\x1b[0m" in as_block(fed("$ ls\x1b[2D").shown())[0]
    assert shown(fed("한글\x1b[2D")) == ["한글"]
    assert shown(fed("\x1b[5;9H")) == ["", "", "", "", "        █"]
    assert shown(fed("top\x1b[?25l")) == ["top"]


def test_a_line_feed_of_a_terminal_does_not_return() -> None:
    """The terminal of the program adds the return where it is wanted."""
    assert shown(fed("a\nb")) == ["a", " b█"]
    assert shown(fed("a\r\nb")) == ["a", "b█"]


def test_what_scrolls_off_is_kept_and_the_window_is_not_larger() -> None:
    """The transcript has all lines, the message those of the window."""
    screen = fed("".join(f"{n}\r\n" for n in range(100)))
    assert [text_of(line) for line in screen.lines] == [str(n) for n in range(100)]
    assert shown(screen) == [*(str(n) for n in range(77, 100)), "█"]


def test_of_very_much_the_newest_is_kept() -> None:
    """A session may print for an hour."""
    screen = fed(*(f"{n}\r\n" for n in range(9000)))
    kept = [text_of(line) for line in screen.lines]
    assert len(kept) < 5100
    assert kept[-1] == "8999"


def test_an_editor_leaves_the_screen_as_it_found_it() -> None:
    """Its own screen is not a part of the transcript, but its last sight is kept."""
    screen = fed("$ vi a\r\n", FULL, "one\r\n~\r\n~", "\n" * 90)
    assert screen.is_full
    assert text_of(screen.lines[0]) == "$ vi a"
    screen.feed("\x1b[Hlast sight")
    screen.feed(LEFT + "$ ")
    assert not screen.is_full
    assert shown(screen) == ["$ vi a", "$ █"]
    assert [text_of(line) for line in screen.lines] == ["$ vi a", "$"]
    assert text_of(screen.last_full_screen[0]) == "last sight"


def test_wide_letters_wrap_as_in_a_terminal() -> None:
    """One that has no room at the end of a line is the first of the next."""
    screen = fed("x" * 79 + "한")
    assert shown(screen)[0] == "x" * 79
    assert shown(screen)[1].startswith("한")


def test_it_can_be_narrow() -> None:
    """For a phone; what is further right is gone until the program draws it again."""
    screen = fed("x" * 80, FULL, "y" * 80)
    screen.resize(NARROW)
    assert screen.columns == NARROW
    assert shown(screen)[0].startswith("y" * 40)
    screen.feed(LEFT)
    assert max(len(line) for line in shown(screen)) <= NARROW
    screen.feed("\r\n" + "z" * 50)
    assert "z" * 40 in shown(screen)


def test_modes_tell_how_to_type() -> None:
    """Arrows and pasting are sent as the program wants them."""
    screen = fed("\x1b[?1h\x1b[?2004h")
    assert (screen.application_cursor, screen.pastes, screen.is_full) == (True, True, False)
    screen.feed("\x1b[?1l\x1b[?2004l")
    assert (screen.application_cursor, screen.pastes) == (False, False)


def test_the_prompt_is_what_the_cursor_stands_behind() -> None:
    """To tell psql from others."""
    assert fed("x\r\npostgres=# ").line_of_cursor == "postgres=#"


def test_a_block_always_fits() -> None:
    """First the colours go, then the lines at the top."""
    colourful = fed("".join(f"\x1b[3{n % 8}mx" for n in range(1900)))
    text, coloured = as_block(colourful.shown())
    assert not coloured
    assert text.count("x") == 1900
    assert len(text) <= MOST_CHARACTERS
    stacked = fed(("e" + "\u0301" * 40) * 1900)
    assert len(as_block(stacked.shown())[0]) <= MOST_CHARACTERS
    fences = as_block(fed("`" * 1900).shown())[0]
    assert "``" not in fences
    assert len(fences) <= MOST_CHARACTERS


@pytest.mark.parametrize("seed", range(20))
def test_no_output_breaks_it(seed: int) -> None:
    """Sequences at random, cut anywhere: it stays a window that can be shown."""
    noise = random.Random(seed)
    screen = LiveScreen()
    for _ in range(40):
        screen.feed("".join(_noise(noise) for _ in range(200)))
        if noise.random() < 0.2:
            screen.resize(noise.choice([40, 80]))
        assert len(screen.shown()) <= 24
        text, _ = as_block(screen.shown())
        assert len(text) <= MOST_CHARACTERS
        assert "```" not in text
        assert not {"\u202e", "\u200f", "\x07", "\x9b"} & set(text)
    assert screen.lines is not None


def _noise(noise: random.Random) -> str:
    return noise.choice(
        [
            "\x1b[", "\x1b]0;", "\x1b", "\x9b", "\x07", ";", "?", "1049h", "1049l", "47h", "m",
            "\x1b[?1049h", "\x1b[?1049l", "\x1b[2J", "\x1b[99999L", "\x1b[5;3r", "\x1bM", "\x1bc",
            "\x1b7", "\x1b8", "\x1b[?5h", "\x1b[?3h", "\x1b[?6h", "\x1b[4h", "\x1b[99999999999m",
            "\x1b[38;5;200m", "\x1b[38;2;1;2;3m", "\x1b[48;5m", "\x0e", "\x0f", "\x1b(0", "\x1b#8",
            "\r", "\n", "\b", "\t", "한", "e\u0301", "\u202e", "\u200f", "\u200b", "😀", "```",
            chr(noise.randrange(0x20, 0x2FFF)), str(noise.randrange(10**6)), "²",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "evil",
    ["\x1b[?5h", "\x1b[?1049h\x1b[?1049l", "\x1b[2J", "\x1b[99999L", "\x1b[99999@", "\x1bM",
     "\x1bc", "\x1b7", "a\u0301\u0301", "\x1b[1;31mx", "\n"],
)  # fmt: skip
def test_no_output_costs_much_more_than_its_length(evil: str) -> None:
    """A full window makes each sequence as dear as it can be; the bot has others to serve."""
    screen = fed("x" * 1920)
    slice_ = (evil * 1024)[:1024]
    begun = time.perf_counter()
    screen.feed(slice_)
    # Tenths of this are usual; the room is for a machine that has other things to do.
    assert time.perf_counter() - begun < 0.5
