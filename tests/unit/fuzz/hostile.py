"""Texts that are made to break things: sequences, unseen characters, fences, mentions, shell."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

UNSEEN: Final = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
    "\ufeff\u00ad\u061c\u180e\u3164\U000e0041\x00\x01\x07\x08\x0b\x0c\x0e\x0f\x7f\x85\x9b\u2028\u2029"
)
"""Zero-width, right-to-left, invisible and control characters."""

_SEQUENCES: Final = [
    *(f"\x1b[{body}" for body in (
        "31m", "1;4;97;105m", "38;5;196m", "38;2;1;2;3m", "38;5m", "0m", "m", ";;;m", "999999m",
        "A", "999B", "C", "0D", "E", "F", "G", "9999;9999H", "0;0f", "J", "1J", "2J", "3J", "K",
        "1K", "2K", "L", "99999L", "M", "P", "@", "X", "S", "999T", "d", "e", "a", "`", "g", "3g",
        "r", "5;3r", "0;99r", "s", "u", "n", "6n", "c", ">c", "!p", "?25l", "?25h", "?1049h",
        "?1049l", "?47h", "?3h", "?5h", "?6h", "?7l", "?1h", "?2004h", "4h", "20l", "20h", "²m",
        "1" * 400 + "m", "-1A", " q", "1 q", "?", "8;1000000;1000000t", "2;",
    )),
    *(f"\x1b{body}" for body in (
        "", "7", "8", "c", "D", "E", "H", "M", "Z", "=", ">", "(0", "(B", ")0", "#8", "%G", "%@",
        "]0;title\x07", "]8;;http://x\x1b\\", "]52;c;aaaa\x07", "]0;never ends", "Pq", "P1$r\x1b\\",
        "_apc\x1b\\", "^pm\x1b\\", "X", "[[A", "O", "OA", "[200~", "\x1b\x1b",
    )),
    "\x9b31m", "\x9d0;x\x9c", "\x90", "\x98", "\x9e", "\x84", "\x8d",
]  # fmt: skip
_MARKS: Final = [
    "```", "``", "`", "````", "```ansi\n", "\n```\n", "~~~", "@everyone", "@here", "<@1>", "<@!1>",
    "<@&1>", "<#1>", "</start:1>", "<t:1:R>", "<:a:1>", "[a](http://x)", "](", "||", "**", "__",
    "*", "_", "~~", "> ", "# ", "-# ", "- ", "\\", "\\`", "http://x", "discord.gg/x",
]  # fmt: skip
_LETTERS: Final = [
    "\n", "\r", "\r\n", "\t", " ", "   ", "a", "abc", "x" * 90, "x" * 700, "안녕", "ㅈㅂ", "漢字",
    "😀", "👨‍👩‍👧", "🇰🇷",
    "é", "e\u0301", "\u0301" * 40, "שלום", "مرحبا", "ﷺ", "\ufffd", "1", "0", "=1+1",
    "-", "+", "@", "'", '"',
]  # fmt: skip
_SHELL: Final = [
    "docker", " run ", " -d", " -it ", "nginx", " -p 80:80", " --name ", " && ", "||", "|", ";",
    "$(", ")", "${", "}", "`", "<<E\n", "<<<", ">", "2>&1", "&", "\\", "\\\n", "#", "!", "*", "?",
    "~", "=", "X=1 ", "sh -c '", '"', "'", "cd ", "for i in ", "; do ", "done", "{{.", "}}",
    " compose up", " exec ", " rm -f ", "--", " -v a:b ", " -m 64m", " --mount type=bind,",
]  # fmt: skip


def _of(*groups: list[str], most: int) -> st.SearchStrategy[str]:
    fragments = st.sampled_from([fragment for group in groups for fragment in group])
    unseen = st.text(UNSEEN, max_size=4)
    anything = st.text(max_size=8)
    return st.lists(fragments | fragments | unseen | anything, max_size=most).map("".join)


outputs = _of(_SEQUENCES, _SEQUENCES, _MARKS, _LETTERS, most=40)
"""What a program may print."""

pieces = st.lists(outputs, max_size=5)
"""The same as it arrives, cut anywhere."""

texts = _of(_MARKS, _LETTERS, most=25) | outputs
"""What a name, a title or a message may be."""

lines = _of(_SHELL, _SHELL, _LETTERS, _MARKS, most=30)
"""What may be typed as a command."""
