"""The message of one command: posted late, edited within Discord's limits, complete at the end."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from io import BytesIO
from typing import Final

import aiohttp
import discord
import structlog

from bot.features.terminal._render import LOG_NAME
from bot.ui.destination import Destination
from bot.ui.layout import Card

log = structlog.get_logger(__name__)

EDIT_INTERVAL_S: Final = 1.25
"""Discord takes five edits in five seconds from a channel; one of them is kept for the result."""

CHANNELS_REMEMBERED: Final = 1000
RETRY_PAUSES_S: Final = (2.0, 5.0, 10.0, 20.0)
"""Between attempts to show a result; discord.py has tried each of them five times by then."""

REDRAW_PAUSES_S: Final = (1.25, 2.5, 5.0, 10.0, 20.0)
"""Before a drawing that Discord refused is tried again, the last of them as often as needed."""

TROUBLE = (discord.HTTPException, aiohttp.ClientError, OSError)


class Pace:
    """Spaces out the edits in each channel."""

    def __init__(self, interval_s: float = EDIT_INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._free_at: OrderedDict[int, float] = OrderedDict()

    def wait_s(self, channel_id: int, *, ahead: int = 0) -> float:
        """How long until this channel may be edited again; `ahead`: so many edits out of turn."""
        now = asyncio.get_running_loop().time()
        return max(0.0, self._free_at.get(channel_id, now) - ahead * self._interval_s - now)

    def take(self, channel_id: int) -> None:
        """Something goes to this channel now; the next edit waits for its turn."""
        now = asyncio.get_running_loop().time()
        self._free_at[channel_id] = max(now, self._free_at.get(channel_id, now)) + self._interval_s
        self._free_at.move_to_end(channel_id)
        if len(self._free_at) > CHANNELS_REMEMBERED:
            self._free_at.popitem(last=False)


class LiveMessage:
    """One message that is posted once and then edited; its end arrives whatever Discord answers."""

    def __init__(self, destination: Destination, pace: Pace) -> None:
        self._destination = destination
        self._pace = pace
        self._message: discord.Message | None = None
        self._refused = 0
        """So many drawings in a row."""
        self._refused_until = 0.0

    @property
    def is_posted(self) -> bool:
        """Whether there is a message in the chat yet."""
        return self._message is not None

    @property
    def wait_s(self) -> float:
        """How long until it may be drawn again."""
        return max(self._pace_s(ahead=0), self._trouble_s)

    @property
    def wait_for_answer_s(self) -> float:
        """The same for what somebody waits for: it may come one edit early, but not two."""
        return max(self._pace_s(ahead=1), self._trouble_s)

    def _pace_s(self, *, ahead: int) -> float:
        if self._message is None:
            return 0.0
        return self._pace.wait_s(self._message.channel.id, ahead=ahead)

    @property
    def _trouble_s(self) -> float:
        return max(0.0, self._refused_until - asyncio.get_running_loop().time())

    @property
    def place(self) -> tuple[int, int] | None:
        """The ids of its channel and of itself, once there is one."""
        return None if self._message is None else (self._message.channel.id, self._message.id)

    async def show(self, card: Card) -> bool:
        """Post or edit; whether Discord took it. When it did not, another may make up for it."""
        try:
            if self._message is None:
                self._message = await self._destination.send(view=card)
                self._pace.take(self._message.channel.id)
            else:
                self._pace.take(self._message.channel.id)
                await self._message.edit(view=card)
        except TROUBLE as exc:
            log.info("live_output_not_shown", error=type(exc).__name__, detail=str(exc))
            if isinstance(exc, discord.NotFound):  # somebody deleted it: the next one is posted
                self._message = None
            self._note_refusal()
            return False
        self._refused = 0
        return True

    def _note_refusal(self) -> None:
        pause_s = REDRAW_PAUSES_S[min(self._refused, len(REDRAW_PAUSES_S) - 1)]
        self._refused += 1
        self._refused_until = asyncio.get_running_loop().time() + pause_s

    async def move(self, card: Card) -> bool:
        """Show it at the end of the chat, in a new message in place of the one further up."""
        stale, self._message = self._message, None
        shown = await self.show(card)
        if not shown:
            self._message = stale
        elif stale is not None:
            await _remove(stale)
        return shown

    async def finish(self, card: Card, file: bytes | None = None, *, anew: bool = False) -> None:
        """Show the result: in the message if that works, else (or with `anew`) in a new one.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: Discord took none of the attempts.
        """
        above = self._message if anew else None
        if anew:
            self._message = None
        for pause_s in (*RETRY_PAUSES_S, None):
            try:
                await self._attempt(card, file)
            except TROUBLE as exc:
                log.warning("result_not_shown", error=type(exc).__name__, detail=str(exc))
                if pause_s is None or isinstance(exc, discord.Forbidden):
                    raise
                await asyncio.sleep(pause_s)
            else:
                break
        if above is not None:
            await _remove(above)

    async def _attempt(self, card: Card, file: bytes | None) -> None:
        if self._message is not None and await self._edited(self._message, card, file):
            return
        stale = self._message
        self._message = await self._destination.send(view=card, files=_files(file))
        if stale is not None:
            await _remove(stale)

    async def _edited(self, message: discord.Message, card: Card, file: bytes | None) -> bool:
        """Whether the message took the result; one that was deleted or broken does not."""
        try:
            if file is None:
                await message.edit(view=card)
            else:
                await message.edit(view=card, attachments=_files(file))
        except TROUBLE as exc:
            log.info("result_needs_a_new_message", error=type(exc).__name__, detail=str(exc))
            return False
        return True


def _files(content: bytes | None) -> list[discord.File]:
    return [] if content is None else [discord.File(BytesIO(content), LOG_NAME)]


async def _remove(message: discord.Message) -> None:
    try:
        await message.delete()
    except TROUBLE as exc:
        # It keeps its button, which says that the command is over.
        log.info("stale_message_stays", error=type(exc).__name__)
