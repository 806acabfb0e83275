"""Whatever a program prints: the screens take it, and what is shown stays in its block."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.classroom.commands import Ended
from bot.features.terminal._render import View, final_card, live_card
from bot.features.terminal._session_card import SessionView, session_card
from bot.terminal.escape import visible
from bot.terminal.folding import MOST_CHARACTERS, fold, newest
from bot.terminal.live_screen import MOST_CHARACTERS as MOST_OF_A_SCREEN
from bot.terminal.live_screen import NARROW, LiveScreen, as_block
from bot.terminal.reading import Typed
from bot.terminal.screen import Screen, text_of
from bot.texts import Texts
from tests.unit.fuzz import hostile

OWNER = 2**63 - 1
MOST_LETTERS = 4000
_COLOUR = re.compile(r"\x1b\[(?:[0-9]{1,2}(?:;[0-9]{1,2})*)m")
_BETWEEN_BACKTICKS = re.compile("(?<=`)\u200b(?=`)")


def assert_harmless(block: str) -> None:
    """It can't end its fence, and has nothing unseen in it but colours of ours."""
    assert "```" not in block
    bare = _BETWEEN_BACKTICKS.sub("", _COLOUR.sub("", block))
    assert visible(bare) == bare
    assert "\x1b" not in bare


@given(hostile.pieces, st.lists(st.sampled_from([NARROW, 80, 132]), max_size=3))
@example(pieces=["\x1b[?6h\x1b[d"], widths=[])
@example(pieces=["\x1b[?6h\x1b[6n\x1b[5n"], widths=[])
@example(pieces=["\x1b[?6h\x1b[99d\x1b[5;3r\x1b[d", "\x1b[?6h\x1b[r\x1b[3d"], widths=[40])
@settings(max_examples=150)
def test_a_live_screen_takes_everything(pieces: list[str], widths: list[int]) -> None:
    """Cut anywhere, and while its width changes."""
    screen = LiveScreen()
    for number, piece in enumerate(pieces):
        screen.feed(piece)
        if number < len(widths):
            screen.resize(widths[number])
        block, _ = as_block(screen.shown())
        assert_harmless(block)
        assert len(block.encode("utf-16-le", "replace")) // 2 <= MOST_OF_A_SCREEN
    for line in (*screen.lines, *screen.last_full_screen):
        assert visible(text_of(line)) == text_of(line)
    assert isinstance(screen.line_of_cursor, str)


@given(hostile.pieces)
@settings(max_examples=150)
def test_the_output_of_a_command_is_folded_into_its_block(pieces: list[str]) -> None:
    """All of it or its head and tail, and the newest lines while it runs."""
    screen = Screen()
    for piece in pieces:
        screen.feed(piece)
    for folded in (fold(screen.lines), newest(screen.lines), fold(screen.lines, most_lines=3)):
        block = "\n".join((*folded.head, *folded.tail))
        assert_harmless(block)
        assert len(block) <= MOST_CHARACTERS


@given(hostile.outputs, st.integers(0, 40))
@settings(max_examples=100)
def test_a_sequence_may_be_cut_anywhere(output: str, at: int) -> None:
    """Where the network cut it does not show, as long as every sequence is one."""
    printed = "\x1b[31mred\x1b[0m\r\n\x1b]0;title\x07" + re.sub("[^ -~\n]", "", output)
    whole, cut = LiveScreen(), LiveScreen()
    whole.feed(printed)
    cut.feed(printed[:at])
    cut.feed(printed[at:])
    assert whole.shown() == cut.shown()


@given(hostile.outputs, hostile.lines, st.sampled_from(["ko", "en"]))
@settings(max_examples=60)
def test_cards_of_commands_have_room_for_everything(output: str, line: str, language: str) -> None:
    """Live and at the end, with the line itself, whatever both are."""
    speech = _TEXTS.for_language("ko" if language == "ko" else "en")
    session = SessionView(Typed(line, repaired=True), slash=True)
    session.started_at = 1
    session.add(output)
    command = View(Typed(line, repaired=True), slash=True)
    command.add(output)
    ended = Ended(exit_code=1, took_ms=1)
    cards = [
        session_card(session, speech, owner=OWNER, run_id="0" * 12, stopping=False),
        live_card(command, speech, owner=OWNER, run_id="0" * 12, stopping=False),
        final_card(command, speech, ended, owner=OWNER, interrupted=False, directory=None)[0],
        final_card(session, speech, ended, owner=OWNER, interrupted=False, directory=line)[0],
    ]
    for card in cards:
        assert card.content_length() <= MOST_LETTERS
        for item in card.walk_children():
            said = getattr(item, "content", "")
            assert said.count("```") in {0, 2, 4}
            assert not set(said) & set("\u202e\u200f\u2066\x00\x07\x9b")


_TEXTS = Texts.load()
