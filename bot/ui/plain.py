"""Foreign text, such as a person's name, made harmless in a message."""

from __future__ import annotations

from discord.utils import escape_markdown, escape_mentions


def plain(text: str, *, most: int = 80) -> str:
    """The text on one line, without formatting or mentions, at most so long before escaping."""
    line = " ".join(text.split())
    # Of several links discord.py escapes the first one only.
    whole = line[:most].replace("](", "]\u200b(").replace("<#", "<\u200b#")
    return escape_mentions(escape_markdown(whole[:most]))
