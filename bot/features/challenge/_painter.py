"""Keeps boards true: edited in place, at most once in a while, and only when something changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.challenge_views import Board
from bot.features.challenge._board import board_card

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.ui.layout import Card

PACE_S: Final = 2.0
UNKNOWN_MESSAGE: Final = 10008

log = structlog.get_logger(__name__)


class Painter:
    """Draws boards into their messages."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.pace_s = PACE_S
        self._painted: dict[int, float] = {}
        self._shown: dict[int, str] = {}
        self._lost: set[int] = set()

    async def post(self, board: Board, channel: discord.abc.Messageable) -> discord.Message:
        """Send the board there; it is edited in that message from now on."""
        say = self._bot.speeches.in_language("en" if board.challenge.language == "en" else "ko")
        card = await board_card(self._bot, board, say)
        number = board.challenge.id
        # Whoever is invited to a duel is told so; everybody else is left in peace.
        invited = [discord.Object(member.learner_id) for member in board.of_state("invited")]
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=invited)
        message = await channel.send(view=card, files=card.files(), allowed_mentions=mentions)
        await self._bot.classroom.challenges.place(number, message.channel.id, message.id)
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
        place = self._bot.get_partial_messageable(board.challenge.channel_id)
        try:
            await place.get_partial_message(board.challenge.message_id).edit(
                view=card, attachments=card.files()
            )
        except discord.NotFound as exc:
            await self._gone(board, place, exc)
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

    async def _gone(
        self, board: Board, place: discord.PartialMessageable, why: discord.NotFound
    ) -> None:
        if why.code != UNKNOWN_MESSAGE:
            self._lose(board.challenge.id, why)
            return
        try:  # somebody deleted the message alone
            await self.post(board, place)
        except discord.HTTPException as exc:
            self._lose(board.challenge.id, exc)

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
