"""Cards in the channel that keep up with the facts, a few edits at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.following import Follow, FollowRun
from bot.features.follow._cards import follow_card, numbers_words, run_card
from bot.on_error import as_learner_error, report_bug
from bot.pictures.outcome_bars import outcomes_layout
from bot.texts import Speech
from bot.ui.instructing import language_for_all
from bot.ui.layout import Card, Drawn

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.outcomes import Tally

EDIT_EVERY_S: Final = 2.0
FILE: Final = "outcomes.png"
HOPELESS: Final = (discord.NotFound, discord.Forbidden)
"""What is the same however often it is tried."""
TROUBLE: Final = (discord.HTTPException, aiohttp.ClientError, OSError)

log = structlog.get_logger(__name__)


class Boards:
    """Edits one card at most every two seconds, the newest facts last."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._wanted: dict[tuple[str, int], Callable[[], Awaitable[None]]] = {}
        self._editing: dict[tuple[str, int], asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Edit nothing any more."""
        for task in self._editing.values():
            task.cancel()

    def follow_changed(self, follow: Follow) -> None:
        """Somebody came or went."""
        self._touch(("follow", follow.id), partial(self.show_follow, follow))

    def run_changed(self, run: FollowRun) -> None:
        """Something came out."""
        self._touch(("run", run.id), partial(self._show_under_way, run))

    def forget_run(self, run: FollowRun) -> None:
        """What comes now is the last of it."""
        self._wanted.pop(("run", run.id), None)
        task = self._editing.pop(("run", run.id), None)
        if task is not None:
            task.cancel()

    def speech_of(self, server_id: int) -> Speech:
        """The texts for what everybody in a server sees."""
        guild = self._bot.get_guild(server_id)
        locale = None if guild is None else guild.preferred_locale
        return self._bot.speeches.in_language(language_for_all(locale))

    async def show_follow(self, follow: Follow) -> None:
        """The card as it is now."""
        if follow.message_id is not None:
            count = await self._bot.classroom.following.count(follow)
            card = follow_card(follow, count, self.speech_of(follow.server_id))
            await self._edit(follow.channel_id, follow.message_id, card)

    async def show_run(self, run: FollowRun, *, over: bool) -> bool:
        """The card of a run as it is now; with its picture when it is over.

        False when Discord could not be asked just now.
        """
        speech = self.speech_of(run.follow.server_id)
        tally = await self._bot.classroom.following.tally(run)
        picture = await self.picture(run, tally, speech) if over else None
        card = run_card(run, tally, speech, over=over, picture=picture)
        if run.message_id is not None:
            return await self._edit(run.follow.channel_id, run.message_id, card)
        if over:  # nobody knows of a card: there could be none, or the bot was killed just then
            return await self._post(run.follow.channel_id, card)
        return True

    async def _show_under_way(self, run: FollowRun) -> None:
        await self.show_run(run, over=False)

    async def picture(self, run: FollowRun, tally: Tally, speech: Speech) -> Drawn | None:
        """What came out as bars; None where there are no fonts."""
        layout = partial(outcomes_layout, tally, run.line, speech)
        png = await self._bot.studio.draw(layout, "dark")
        return None if png is None else Drawn(FILE, png, numbers_words(tally, speech))

    def _touch(self, key: tuple[str, int], show: Callable[[], Awaitable[None]]) -> None:
        self._wanted[key] = show
        if key not in self._editing:
            self._editing[key] = asyncio.create_task(self._edit_soon(key), name="follow-board")

    async def _edit_soon(self, key: tuple[str, int]) -> None:
        try:
            while (show := self._wanted.pop(key, None)) is not None:
                await show()
                await asyncio.sleep(EDIT_EVERY_S)
        except Exception as error:  # noqa: BLE001 - the card is right again with the next change
            if as_learner_error(error) is None:
                report_bug(error)
        finally:
            if self._editing.get(key) is asyncio.current_task():
                del self._editing[key]

    async def _post(self, channel_id: int, card: Card) -> bool:
        try:
            channel = self._bot.get_partial_messageable(channel_id)
            await channel.send(view=card, files=card.files())
        except TROUBLE as exc:
            log.info("follow_not_posted", channel=channel_id, error=type(exc).__name__)
            return isinstance(exc, HOPELESS)
        return True

    async def _edit(self, channel_id: int, message_id: int, card: Card) -> bool:
        try:
            message = self._bot.get_partial_messageable(channel_id).get_partial_message(message_id)
            await message.edit(view=card, attachments=card.files())
        except TROUBLE as exc:
            log.info("follow_not_shown", message=message_id, error=type(exc).__name__)
            return isinstance(exc, HOPELESS)
        return True
