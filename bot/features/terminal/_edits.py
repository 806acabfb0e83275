"""Messages that are edited soon after they were written: a command that was mended runs again."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import timedelta
from typing import Final

import discord
from discord.utils import utcnow

SOON: Final = timedelta(seconds=60)
MOST_REMEMBERED: Final = 5000


class Edits:
    """Remembers what messages said when they were dealt with."""

    def __init__(self) -> None:
        self._said: OrderedDict[int, bytes] = OrderedDict()

    def note(self, message: discord.Message) -> None:
        """It is dealt with as it is now."""
        self._said[message.id] = _digest(message.content)
        self._said.move_to_end(message.id)
        if len(self._said) > MOST_REMEMBERED:
            self._said.popitem(last=False)

    def is_new(self, message: discord.Message) -> bool:
        """Whether its author changed what it says, soon enough to mean that.

        Discord tells of edits that nobody made as well: of a picture that a link got, or of a pin,
        days later.
        """
        if message.edited_at is None or message.edited_at - message.created_at > SOON:
            return False
        if utcnow() - message.edited_at > SOON:
            return False
        return self._said.get(message.id) != _digest(message.content)

    def is_outdated(self, message: discord.Message) -> bool:
        """Whether it was edited since this was read of it."""
        said = self._said.get(message.id)
        return said is not None and said != _digest(message.content)


def _digest(content: str) -> bytes:
    return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
