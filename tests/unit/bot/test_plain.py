"""Foreign text in our own sentences."""

from __future__ import annotations

import re

import pytest

from bot.ui.plain import plain


@pytest.mark.parametrize(
    "text",
    [
        "[a](b) [phish](https://evil.example/x)",
        "[**x**](b) <#123> [c](d)",
        "@everyone <@1> `code`",
    ],
)
def test_no_formatting_is_left(text: str) -> None:
    """No link, no mention, no code: also when there are several."""
    shown = plain(text)
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert "@everyone" not in shown
    assert "<#" not in shown
