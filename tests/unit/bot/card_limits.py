"""What Discord takes of a card, for tests of cards with the biggest things in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot.ui.layout import Card

Item = discord.ui.Item[Card]


def items(parts: Sequence[Item]) -> Iterator[Item]:
    """All of them, whatever they are in."""
    for part in parts:
        yield part
        if isinstance(part, discord.ui.Container | discord.ui.ActionRow):
            yield from items(part.children)


def assert_taken(card: Card, buttons: Sequence[type[discord.ui.DynamicItem[Any]]]) -> str:
    """Discord takes it, each button is one of these, and no text turns around; what it says."""
    found = list(items(card.children))
    said = "\n".join(item.content for item in found if isinstance(item, discord.ui.TextDisplay))
    assert len(said) <= 4000
    assert len(found) <= 40
    patterns = [item.__discord_ui_compiled_template__ for item in buttons]
    for item in found:
        custom = getattr(item, "custom_id", None)
        if custom is not None:
            assert len(custom) <= 100
            assert any(pattern.fullmatch(custom) for pattern in patterns), custom
        if isinstance(item, discord.ui.ActionRow):
            assert 1 <= len(item.children) <= 5
        if isinstance(item, discord.ui.Select):
            assert len(item.options) <= 25
            assert all(0 < len(option.label) <= 100 for option in item.options)
    assert "\u202e" not in said
    return said
