"""Whatever is typed: nothing raises, and a line is taken apart as the shell does it."""

from __future__ import annotations

import re
import shlex
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.completing import suggest
from bot.explain import explain
from bot.explain.cli_table import cli_table
from bot.explain.shell import MOST_STEPS, read_line
from bot.features.explain._card import explanation_card
from bot.terminal.error_help import explain_failure, text_of, with_command_line, with_engine
from bot.terminal.error_help.model import ContainerSeen, EngineSeen
from bot.terminal.interactive import going
from bot.terminal.keys import are_keys, for_the_chat, strokes, typed
from bot.terminal.leading import split_ahead
from bot.terminal.near_misses import near_miss
from bot.terminal.quoting import open_quote
from bot.terminal.reading import read_message, read_option
from bot.texts import Texts
from lessons.command_line import simple_commands
from tests.unit.fuzz import hostile
from tests.unit.terminal.test_error_help import CAPTURED

_TEXTS = Texts.load()
_OUTPUTS = [str(case["output"]) for case in CAPTURED]
MOST_LETTERS = 4000
MOST_PIECES = 40

words = st.lists(st.text(st.characters(exclude_characters="\0\r\n"), max_size=12), max_size=6)
"""Arguments, as a program would get them."""


def starting(program: str, given: list[str]) -> list[str]:
    """A command of this program."""
    return [program, *given]


@given(hostile.lines)
@settings(max_examples=150)
def test_every_line_is_explained_from_its_first_to_its_last_letter(line: str) -> None:
    """All letters that are not the shell's own stand in a piece, and no others."""
    found = explain(line)
    assert found.line == line
    if not found.complete or found.wrong or "#" in line or "<<" in line:
        return
    assert Counter(_bare(line)) == Counter(_bare("".join(piece.text for piece in found.pieces)))


def _bare(text: str) -> str:
    return re.sub(r"[\s;|&()\\]", "", text)


@given(st.lists(words, min_size=1, max_size=4), st.sampled_from([" && ", " || ", " | ", "; "]))
@settings(max_examples=150)
def test_no_line_is_split_wrongly(commands: list[list[str]], joint: str) -> None:
    """Whatever stands in quotes is one word, whatever it is."""
    wanted = [starting("docker", each) for each in commands]
    line = joint.join(shlex.join(each) for each in wanted)
    read = read_line(line)
    assert [[word.value for word in step.words] for step in read.steps] == wanted
    assert len(read.steps) <= MOST_STEPS
    assert not read.unclosed
    ran = [list(each) for each in simple_commands(line)]
    assert ran == (wanted[:1] if joint == " || " else wanted)
    assert open_quote(line) is None


@given(words, words, st.sampled_from(["vi", "sh", "docker compose up"]))
@settings(max_examples=100)
def test_what_goes_ahead_of_a_terminal_is_whole(
    folder: list[str], arguments: list[str], program: str
) -> None:
    """The two parts are the line."""
    first, rest = shlex.join(["cd", *folder]), f"{program} {shlex.join(arguments)}".strip()
    ahead, terminal = split_ahead(f"{first} && {rest}")
    if ahead:
        assert shlex.split(ahead) == shlex.split(first)
        assert shlex.split(terminal) == shlex.split(rest)
    else:
        assert terminal == f"{first} && {rest}"


@given(hostile.lines, st.sampled_from(["ko", "en"]))
@settings(max_examples=60)
def test_an_explanation_fits_its_card(line: str, language: str) -> None:
    """With nothing hidden in it."""
    speech = _TEXTS.for_language("ko" if language == "ko" else "en")
    card = explanation_card(explain(line), speech)
    assert card.content_length() <= MOST_LETTERS
    assert card.total_children_count <= MOST_PIECES
    said = "\n".join(getattr(item, "content", "") for item in card.walk_children())
    assert said.count("```") == 2
    assert not set(said) & set("\u202e\u200f\u2066\x00\x07\x1b")


@given(hostile.lines, st.lists(hostile.outputs | st.sampled_from(_OUTPUTS), max_size=4))
@settings(max_examples=100)
def test_every_failure_is_told_in_two_harmless_lines(line: str, printed: list[str]) -> None:
    """Or not at all; also with an engine whose names are hostile."""
    output = "\n".join(printed)
    engine = EngineSeen((ContainerSeen("f" * 64, line, "running"),), (output,), (line,), (line,))
    for code in (0, 1, 125, 126, 127, 137, None):
        found = explain_failure(line, output, code)
        if found is None:
            continue
        told = text_of(
            with_engine(with_command_line(found, line), line, engine), _TEXTS.for_language("ko")
        )
        for text in (told.why, told.do):
            assert "\n" not in text
            assert "```" not in text
            assert not set(text) & set("\u202e\u200f\u2066\x00\x07\x1b")
            assert text.count("`") % 2 == 0


@given(hostile.lines | hostile.texts)
@settings(max_examples=150)
def test_every_message_is_read(content: str) -> None:
    """As a command, as a hint, or as keys for a terminal; what is typed has no NUL."""
    for read in (read_message(content), read_option(content)):
        assert read is None or "\0" not in read.line
    near_miss(content)
    going(content)
    are_keys(content)
    for_the_chat(content, prompt="postgres=# ")
    for full in (True, False):
        for pastes in (True, False):
            sent = typed(content, full_screen=full, pastes=pastes)
            assert "".join(strokes(sent)) == sent
            assert "\0" not in sent
            sent.encode()


@given(hostile.lines)
@settings(max_examples=100)
def test_every_beginning_can_be_suggested_for(line: str) -> None:
    """At most 25 suggestions, each of which Discord takes."""
    found = suggest(line, cli_table(), None)
    assert len(found) <= 25
    assert all(0 < len(each) <= 100 for each in found)
