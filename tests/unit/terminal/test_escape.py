"""Foreign text made harmless: nothing unseen, nothing that ends its block."""

from __future__ import annotations

import pytest

from bot.terminal.escape import code_block, inline_code, visible, without_sequences


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u202cc", "abc"),
        ("a\u2066b\u2069\u061c\u200e\u200f", "ab"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("a\x00\x07\x08\x1bb\x7f\x9c", "ab"),
        ("\U000e0041\U000e0042tag", "tag"),
        ("ㅤx\u3164\uffa0\u115f", "x"),
        ("a\ud800b", "a\ufffdb"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("가나다\t😀 👨\u200d👩\u200d👧", "가나다\t😀 👨\u200d👩\u200d👧"),
        ("a\u200db", "ab"),
    ],
)
def test_only_what_can_be_seen_stays(text: str, shown: str) -> None:
    """Bidi controls, zero-width and control characters go; tabs, lines and emoji stay."""
    assert visible(text) == shown


@pytest.mark.parametrize("ticks", range(1, 12))
@pytest.mark.parametrize("around", [("", ""), ("a ", " b"), ("\n", "\n")])
def test_no_run_of_backticks_can_end_a_block(ticks: int, around: tuple[str, str]) -> None:
    """However many there are: between the two fences no fence is left."""
    block = code_block(around[0] + "`" * ticks + around[1])
    assert block.startswith("```\n")
    assert block.endswith("\n```")
    assert "``" not in block[3:-3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("docker ps", "`docker ps`"),
        ("a\nb\t c", "`a b c`"),
        ("echo `x`", "`` echo `x` ``"),
        ("```", "`` `\u200b`\u200b` ``"),
        ("", ""),
        ("x" * 300, "`" + "x" * 199 + "…`"),
        ("\u202e", ""),
    ],
)
def test_inline_code_is_one_short_line(text: str, code: str) -> None:
    """Backticks inside stay visible, and inside."""
    assert inline_code(text) == code


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\x", "x"),
        ("\x9b1mx", "x"),
        ("a\x1b(Bb\x1b=c\x1b", "abc"),
        ("\x1b[2K50%\r100%\n", "50%\n100%\n"),
    ],
)
def test_a_log_has_no_escape_sequences(raw: str, plain: str) -> None:
    """What a terminal would obey is left out of the file."""
    assert without_sequences(raw) == plain


def test_an_escape_that_never_ends_takes_no_more_than_its_line_from_the_log() -> None:
    """A broken sequence must not swallow everything after it."""
    assert "kept" in without_sequences("\x1b]0;never ends\nkept\n")
