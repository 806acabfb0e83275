"""Quotes: which one was left open and where, without false alarms."""

from __future__ import annotations

import pytest

from bot.terminal.quoting import OpenQuote, open_quote


@pytest.mark.parametrize(
    ("text", "mark", "line", "column", "excerpt"),
    [
        ('docker run -e "A=b nginx', '"', 1, 15, '"A=b nginx'),
        ("docker run -e 'A=b nginx", "'", 1, 15, "'A=b nginx"),
        ("echo `docker ps", "`", 1, 6, "`docker ps"),
        ('docker ps\necho "hi', '"', 2, 6, '"hi'),
        ("echo it's", "'", 1, 8, "'s"),
        ("echo \"it's\" '", "'", 1, 13, "'"),
        ('"', '"', 1, 1, '"'),
        ('echo "$(echo \'a)"', "'", 1, 14, "'a)\""),
    ],
)
def test_an_open_quote_is_found(text: str, mark: str, line: int, column: int, excerpt: str) -> None:
    """The innermost one, with its place counted from 1."""
    assert open_quote(text) == OpenQuote(mark, line, column, excerpt)


@pytest.mark.parametrize(
    "text",
    [
        "docker ps",
        'echo "it\'s"',
        "echo 'say \"hi\"'",
        'echo "a \\" b"',
        "echo it\\'s",
        'echo "$(docker ps --filter "name=x")"',
        'echo "$(echo \'a"b\')"',
        "echo `docker ps -q`",
        "docker ps # don't",
        "echo a#'b'",
        "cat > a <<EOF\nit's\nEOF",
        "cat > a <<'EOF'\nsay \"hi\nEOF\ndocker ps",
        "cat > a <<-EOF\n\tit's\n\tEOF\necho 'x'",
        "echo $((1 + 2)) '$(('",
        "docker ps --format '{{.Names}}' | awk '{print \"x\" $1}'",
        "echo ”hi",
    ],
)
def test_a_complete_line_raises_no_alarm(text: str) -> None:
    """Quotes within quotes, comments and here-documents are what they are."""
    assert open_quote(text) is None
