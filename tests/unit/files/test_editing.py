"""A file in a form and back: to the letter, at the limits, and what no form can show."""

from __future__ import annotations

import random

import pytest

from bot.errors import LearnerError
from bot.files.editing import LONGEST_TEXT, NEW, digest_of, form_length, from_form, open_in_form


@pytest.mark.parametrize(
    "content", [b"", b"a\n", b"a", b"a\r\nb\r\n", b"a\r\nb", "한글 🐳\n".encode(), b"\tx\n\n"]
)
def test_what_was_not_touched_comes_back_the_same(content: bytes) -> None:
    """Its line ends, too; and an end that Discord took from the last line."""
    opened = open_in_form("f", content)
    assert "\r" not in opened.text
    assert from_form(opened.text, opened.style) == content
    if not content.endswith(b"\n\n"):
        assert from_form(opened.text.removesuffix("\n"), opened.style) == content


def test_a_new_file_ends_its_last_line() -> None:
    """Nobody types that into a form."""
    opened = open_in_form("f", None)
    assert (opened.text, opened.digest) == ("", NEW)
    assert from_form("FROM nginx", opened.style) == b"FROM nginx\n"
    assert from_form("", opened.style) == b""


def test_any_text_survives() -> None:
    """Whatever letters there are."""
    dice = random.Random(6)
    for _ in range(300):
        letters = [chr(dice.choice((9, 10, dice.randrange(32, 127), dice.randrange(0xA0, 0xD7FF))))
                   for _ in range(dice.randrange(40))]  # fmt: skip
        content = "".join(letters).encode()
        opened = open_in_form("f", content)
        assert from_form(opened.text, opened.style) == content


def test_the_limit_is_what_discord_counts() -> None:
    """4,000 letters open, one more does not; an emoji counts twice."""
    assert open_in_form("f", b"x" * LONGEST_TEXT).text
    assert open_in_form("f", ("가" * LONGEST_TEXT).encode()).text
    assert form_length("🐳" * 2000) == LONGEST_TEXT
    for content in (b"x" * 4001, ("🐳" * 2001).encode()):
        with pytest.raises(LearnerError, match=r"files\.edit\.too_long"):
            open_in_form("f", content)


@pytest.mark.parametrize("content", [b"\x00", b"\xff\xfe", b"a\x1b[31m", b"a\rb", b"\x7fELF"])
def test_what_is_no_text_is_not_opened(content: bytes) -> None:
    """A form would spoil it."""
    with pytest.raises(LearnerError, match=r"files\.edit\.no_text"):
        open_in_form("f", content)


def test_a_digest_tells_contents_apart() -> None:
    """And a file that is not there from an empty one."""
    assert digest_of(b"") != digest_of(None) == NEW
    assert digest_of(b"a") != digest_of(b"b")
