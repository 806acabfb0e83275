"""What a message types at a terminal, and what of it is for the chat."""

from __future__ import annotations

import pytest

from bot.terminal.keys import are_keys, for_the_chat, key, strokes, typed

PSQL = "postgres=# "


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        ("ls", "ls\r"),
        ("print('안녕')", "print('안녕')\r"),
        ("echo “hi”", 'echo "hi"\r'),
        ("one\ntwo", "one\rtwo\r"),
        ("^C", "\x03"),
        ("^c", "\x03"),
        ("^D", "\x04"),
        ("^P^Q", "\x10\x11"),
        ("^[", "\x1b"),
        ("<esc>", "\x1b"),
        ("<up><Enter>", "\x1b[A\r"),
        ("2^8", "2^8\r"),
        ("grep ^C x", "grep ^C x\r"),
        ("a <esc> b", "a <esc> b\r"),
        (":wq", ":wq\r"),
        ("`\\dt`", "\\dt\r"),
        ("\\\\dt", "\\dt\r"),
        ("`^C`", "^C\r"),
        ("```\nfor i in x:\n    print(i)\n\n```", "for i in x:\r    print(i)\r\r"),
        ("```py\nx = “1”\n```", "x = “1”\r"),
        ("\0", ""),
        ("", ""),
    ],
)
def test_a_line_is_typed_with_enter_and_keys_without(content: str, sent: str) -> None:
    """Mended as a command is, unless it stands in a code block."""
    assert typed(content) == sent


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        ("i", "i"),
        ("dd", "dd"),
        ("ihello", "ihello"),
        ("ihello<esc>", "ihello\x1b"),
        ("one\ntwo", "one\rtwo"),
        (":set nu", ":set nu\r"),
        (":", ":"),
        ("/word", "/word\r"),
        (":wq", "\x1b:wq\r"),
        (":q!", "\x1b:q!\r"),
        (":ㅈㅂ", "\x1b:wq\r"),
        ("i안녕 ㅋㅋ", "i안녕 ㅋㅋ"),
        ("ZZ", "\x1bZZ"),
        ("^X", "\x18"),
        ("it’s “so”", "it’s “so”"),
        ("```\n  a\n  b\n```", "  a\r  b\r"),
        ("`:wq`", ":wq"),
        ("<UP>", "\x1bOA"),
    ],
)
def test_a_program_with_the_whole_screen_gets_letters_as_they_are(content: str, sent: str) -> None:
    """`i` begins to insert, and must not open a new line; `:wq` works at once."""
    assert typed(content, full_screen=True, application=True) == sent


def test_several_lines_are_pasted_where_the_program_wants_to_know() -> None:
    """Or it would indent what is indented; nothing in them can end the paste early."""
    assert typed("a\nb", pastes=True) == "\x1b[200~a\nb\x1b[201~\r"
    assert typed("a\x1b[201~\nb", pastes=True) == "\x1b[200~a[201~\nb\x1b[201~\r"
    assert typed("a", pastes=True) == "a\r"
    block = "```\n  a\n  b\n```"
    assert typed(block, pastes=True, full_screen=True) == "\x1b[200~  a\n  b\n\x1b[201~"
    assert typed("ia\nb", pastes=True, full_screen=True) == "ia\rb"


@pytest.mark.parametrize(
    ("content", "prompt", "chat"),
    [
        ("docker ps", "# ", None),
        ("\\docker ps", "# ", "docker ps"),
        ("\\ 안녕하세요", "# ", "안녕하세요"),
        ("\\\\dt", "# ", None),
        ("\\dt", PSQL, None),
        ("\\q;", "shop=> ", None),
        ("\\docker ps", PSQL, "docker ps"),
        ("\\d", "# ", "d"),
        ("\\", "# ", ""),
    ],
)
def test_a_backslash_leads_to_the_chat(content: str, prompt: str, chat: str | None) -> None:
    """Except for psql, whose own commands begin with one."""
    assert for_the_chat(content, prompt=prompt) == chat


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ("^C", True),
        ("^C^D", True),
        ("<esc>", True),
        ("q", False),
        ("", False),
        ("docker ps", False),
    ],
)
def test_keys_are_told_from_text(content: str, keys: bool) -> None:
    """Beside a line that follows, text is for the chat."""
    assert are_keys(content) is keys


def test_after_escape_there_is_a_pause() -> None:
    """Or a small vi would take it for the beginning of an arrow."""
    assert strokes("\x1b:wq\r") == ["\x1b", ":wq\r"]
    assert strokes("ia\x1bOb\x1b") == ["ia", "\x1b", "Ob", "\x1b"]
    assert strokes("\x1b[A\x1bOBx") == ["\x1b[A\x1bOBx"]
    assert strokes("ls\r") == ["ls\r"]
    assert strokes("") == []


def test_arrows_are_sent_as_the_program_asked() -> None:
    """The two ways of a terminal."""
    assert key("up") == "\x1b[A"
    assert key("up", application=True) == "\x1bOA"
    assert key("esc", application=True) == "\x1b"
