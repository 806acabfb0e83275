"""Text out of a sandbox made safe to show: it can neither leave its block nor deceive the eye."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters, tab and newline aside
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # bidi controls among them
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_JOINER = "\u200d"
_JOINS_NOTHING = re.compile("(?<![^\x00-\x7f\u200d])\u200d|\u200d(?![^\x00-\x7f\u200d])")
"""Between other letters than these it joins an emoji; it is judged when the unseen is gone."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_BACKTICKS = re.compile(r"`(?=`)")
_BREAK = "\u200b"
"""Zero-width space: between backticks it keeps a fence from being one."""

# Escape sequences for the log file: CSI, OSC and its like up to their end, and two-character ones.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)


def visible(text: str) -> str:
    """The text with nothing in it that can't be seen: no control, bidi or zero-width characters."""
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    text = _JOINS_NOTHING.sub("", text) if _JOINER in text else text
    return _SURROGATE.sub("\ufffd", text)


def without_sequences(text: str) -> str:
    """The text without a terminal's escape sequences, for a log file."""
    return visible(_SEQUENCE.sub("", text))


def in_block(text: str) -> str:
    """Visible text that can't end the code block it stands in."""
    return _BACKTICKS.sub("`" + _BREAK, text)


def code_block(text: str, language: str = "") -> str:
    """A code block with this text; `text` is already visible."""
    return f"```{language}\n{in_block(text)}\n```"


def inline_code(text: str, *, longest: int = 200) -> str:
    """One line of inline code that shows the beginning of `text`."""
    line = " ".join(visible(text).split())
    if len(line) > longest:
        line = line[: longest - 1] + "…"
    if "`" not in line:
        return f"`{line}`" if line else ""
    # Two backticks outside allow one inside; a space keeps one at the edge from joining them.
    return f"`` {in_block(line)} ``"
