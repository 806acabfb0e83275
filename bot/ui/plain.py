"""Foreign text, such as a person's name, made harmless in a message."""

from __future__ import annotations

import re
from typing import Final

from discord.utils import escape_markdown, escape_mentions

from bot.terminal.escape import visible

_CALLS: Final = re.compile("<(?=[@#/:at])")
"""How Discord writes people, channels, commands, emojis and times."""


def plain(text: str, *, most: int = 80) -> str:
    """The text on one line, without formatting, mentions and what can't be seen.

    `most` is how long it may be before escaping.
    """
    line = " ".join(visible(text).split())
    # Of several links discord.py escapes the first one only.
    whole = _CALLS.sub("<\u200b", visible(line[:most]).replace("](", "]\u200b("))
    return escape_mentions(escape_markdown(whole[:most]))
