"""Messages that are sent once, although sending one or remembering where it is may fail half way.

A busy database may refuse to remember a message that was just sent, the answer to its sending may
get lost, and the bot may be killed between the two. Whoever comes back looks for it first.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import discord

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.ui.layout import Card

UNKNOWN_MESSAGE: Final = 10008
LOOKED_THROUGH: Final = 100
"""The newest messages of a place, among which ours is looked for: what one request gives."""


class SentOnce:
    """Sends and edits cards that are to be there once.

    A card is known by its marker: a custom id on it that no other message there has. Where its
    message is, the database remembers: tell `remembered` when it does.
    """

    def __init__(self, bot: DocentBot, *, resumed: bool) -> None:
        """`resumed`: whether the bot before us may have sent what it did not remember."""
        self._bot = bot
        self._resumed = resumed
        self._begun: set[str] = set()
        self._sent: dict[str, int] = {}

    async def show(
        self, place: discord.PartialMessageable, marker: str, card: Card, *, known: int | None
    ) -> int:
        """Edit the card's message, or send it if there is none, or none any more; its id.

        `known` is the message that is remembered. Files of the card are sent anew.

        Raises:
            discord.HTTPException: Discord refuses.
        """
        if known is not None and await _edited(place, known, card):
            return known
        found = await self.find(place.id, marker)
        if found is not None and found != known:
            if await _edited(place, found, card):
                return found
            self._sent.pop(marker, None)
        return await self.send(place, marker, card)

    async def send(self, place: discord.abc.Messageable, marker: str, card: Card) -> int:
        """Send the card there; the id of its message, which is to be remembered.

        Raises:
            discord.HTTPException: Discord refuses.
        """
        self._begun.add(marker)
        message = await place.send(view=card, files=card.files())
        self._sent[marker] = message.id
        return message.id

    async def find(self, place_id: int, marker: str) -> int | None:
        """The message of this card that was sent there, and perhaps not remembered.

        Raises:
            discord.HTTPException: Discord refuses to tell.
        """
        if marker in self._sent:
            return self._sent[marker]
        if not self._resumed and marker not in self._begun:
            return None
        try:
            newest = await self._bot.http.logs_from(place_id, LOOKED_THROUGH)
        except discord.Forbidden:  # better twice than never
            return None
        for message in newest:
            mine = int(message["author"]["id"]) == self._bot.application_id
            if mine and f'"{marker}"' in json.dumps(message.get("components", [])):
                return int(message["id"])
        return None

    def remembered(self, marker: str) -> None:
        """The database knows where this card is."""
        self._begun.discard(marker)
        self._sent.pop(marker, None)


async def _edited(place: discord.PartialMessageable, message_id: int, card: Card) -> bool:
    """Whether the message is still there, and is this card now."""
    try:
        await place.get_partial_message(message_id).edit(view=card, attachments=card.files())
    except discord.NotFound as gone:
        if gone.code != UNKNOWN_MESSAGE:
            raise
        return False
    return True
