"""Keeps boards true: edited in place, at most once in a while, and only when something changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.challenge_views import DUEL, Board
from bot.features.challenge import _ids
from bot.features.challenge._board import board_card
from bot.ui.sent_once import SentOnce

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.ui.layout import Card

PACE_S: Final = 2.0

log = structlog.get_logger(__name__)


class Painter:
    """Draws boards into their messages."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.pace_s = PACE_S
        self._painted: dict[int, float] = {}
        self._shown: dict[int, str] = {}
        self._lost: set[int] = set()
        self._sent: dict[int, SentOnce] = {}

    def take_over(self, challenge_id: int) -> None:
        """The bot before us was at this challenge."""
        self._sent[challenge_id] = SentOnce(self._bot, resumed=True)

    def sent(self, challenge_id: int) -> SentOnce:
        """What of this challenge may have been sent without being remembered."""
        return self._sent.setdefault(challenge_id, SentOnce(self._bot, resumed=False))

    async def post(self, board: Board, channel: discord.abc.Messageable) -> discord.Message:
        """Send the board there; it is edited in that message from now on."""
        say = self._bot.speeches.in_language("en" if board.challenge.language == "en" else "ko")
        card = await board_card(self._bot, board, say)
        number = board.challenge.id
        # Whoever is invited to a duel is told so; everybody else is left in peace.
        invited = [discord.Object(member.learner_id) for member in board.of_state("invited")]
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=invited)
        message = await channel.send(view=card, files=card.files(), allowed_mentions=mentions)
        try:
            await self._bot.classroom.challenges.place(number, message.channel.id, message.id)
        except BaseException:
            # Nobody would keep it true: whoever tries again has another one.
            with suppress(discord.HTTPException, aiohttp.ClientError):
                await message.delete()
            raise
        self._lost.discard(number)
        self._note(number, card)
        return message

    async def paint(self, board: Board) -> bool:
        """Show this board; a place that is gone is left alone, and the challenge goes on.

        False when it is worth trying again: Discord could not be reached, or was ill.
        """
        number = board.challenge.id
        if number in self._lost or board.challenge.message_id is None:
            return True
        say = self._bot.speeches.in_language("en" if board.challenge.language == "en" else "ko")
        card = await board_card(self._bot, board, say)
        if self._shown.get(number) == _digest(card):
            return True
        await self._wait(number)
        try:
            await self._show(board, card)
        except (TimeoutError, discord.DiscordServerError, aiohttp.ClientError) as exc:
            log.warning("board_not_painted", challenge=number, error=type(exc).__name__)
            return False
        except discord.HTTPException as exc:
            self._lose(number, exc)
        else:
            self._note(number, card)
        return True

    def forget(self, challenge_id: int) -> None:
        """It is over."""
        self._painted.pop(challenge_id, None)
        self._shown.pop(challenge_id, None)
        self._lost.discard(challenge_id)
        self._sent.pop(challenge_id, None)

    async def _show(self, board: Board, card: Card) -> None:
        """Edit the board's message; when somebody deleted it alone, the board is sent anew."""
        number, known = board.challenge.id, board.challenge.message_id
        invites = board.challenge.kind == DUEL and board.phase == "lobby"
        marker = _ids.on_board("duel-off" if invites else "ch-mine", number)
        place = self._bot.get_partial_messageable(board.challenge.channel_id)
        message_id = await self.sent(number).show(place, marker, card, known=known)
        if message_id != known:
            await self._bot.classroom.challenges.place(number, place.id, message_id)
        self.sent(number).remembered(marker)

    def _lose(self, number: int, why: discord.HTTPException) -> None:
        self._lost.add(number)
        log.warning("board_lost", challenge=number, code=why.code)

    def _note(self, number: int, card: Card) -> None:
        self._shown[number] = _digest(card)
        self._painted[number] = asyncio.get_running_loop().time()

    async def _wait(self, number: int) -> None:
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, self._painted.get(number, 0.0) + self.pace_s - now))


def _digest(card: Card) -> str:
    """What the card says, shortened; pictures say the same as its text."""
    said: object = card.to_components()  # type: ignore[no-untyped-call]
    whole = json.dumps(said, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
