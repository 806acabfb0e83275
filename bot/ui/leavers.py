"""Who has left a server: Discord is asked, since to be told would take a privileged intent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.on_error import as_learner_error

if TYPE_CHECKING:
    from bot.bot import DocentBot

AT_ONCE: Final = 100
"""So many people Discord tells of in one answer."""
WITHIN_S: Final = 4.0
"""Nobody waits longer for this; who left is then found the next time."""
SURELY_WITHIN_S: Final = 10.0
"""The same where nothing is done for anybody until it is known."""
KNOWN_FOR_S: Final = 300.0
"""So long it is believed that somebody is still there."""
UNKNOWN: Final = frozenset({10007, 10013})
"""Discord's codes for a member and a user who do not exist."""

log = structlog.get_logger(__name__)


class Leavers:
    """Finds out who left, and takes them out of what the server's instructors see."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._there: dict[tuple[int, int], float] = {}

    async def take_out(self, server_id: int, learner_ids: Collection[int]) -> frozenset[int]:
        """Take those of them out who are in the server no more; who that was.

        Whoever Discord says nothing certain of stays. The event `learners_left` follows.
        """
        gone: set[int] = set()
        await self._try(server_id, self._unsure_of(server_id, learner_ids), gone, WITHIN_S)
        return await self._out(server_id, gone)

    async def who_left(self, server_id: int, learner_ids: Collection[int]) -> frozenset[int] | None:
        """The same where nothing may be done for who left: asked of everybody anew.

        None when Discord does not tell of each of them in time; who left is taken out all the same.
        """
        gone: set[int] = set()
        is_known = await self._try(server_id, list(learner_ids), gone, SURELY_WITHIN_S)
        await self._out(server_id, gone)
        return frozenset(gone) if is_known else None

    async def _try(
        self, server_id: int, asked: Sequence[int], gone: set[int], within_s: float
    ) -> bool:
        try:
            async with asyncio.timeout(within_s):
                return await self._ask(server_id, asked, gone)
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as exc:
            log.info("leavers_unknown", server=server_id, error=type(exc).__name__)
            return False

    async def _out(self, server_id: int, gone: set[int]) -> frozenset[int]:
        if not gone:
            return frozenset()
        try:
            await self._bot.classroom.leaving.left(server_id, gone)
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            log.info("leavers_stay", server=server_id, error=type(error).__name__)
            return frozenset()
        log.info("learners_left", server=server_id, count=len(gone))
        self._bot.dispatch("learners_left", server_id, frozenset(gone))
        return frozenset(gone)

    def _unsure_of(self, server_id: int, learner_ids: Collection[int]) -> list[int]:
        now = time.monotonic()
        self._there = {key: at for key, at in self._there.items() if now - at < KNOWN_FOR_S}
        return [each for each in learner_ids if (server_id, each) not in self._there]

    async def _ask(self, server_id: int, asked: Sequence[int], gone: set[int]) -> bool:
        """Add those who left; False when there is nobody to ask."""
        guild = self._bot.get_guild(server_id)
        if guild is None or guild.unavailable:
            return False
        for at in range(0, len(asked), AT_ONCE):
            ids = list(asked[at : at + AT_ONCE])
            found = await guild.query_members(user_ids=ids, limit=AT_ONCE, cache=False)
            there = {member.id for member in found}
            self._there |= dict.fromkeys(((server_id, each) for each in there), time.monotonic())
            for each in ids:
                # An answer that lacks somebody may be cut short: to take them out, we are sure.
                if each not in there and await _is_gone(guild, each):
                    gone.add(each)
        return True


async def _is_gone(guild: discord.Guild, learner_id: int) -> bool:
    try:
        await guild.fetch_member(learner_id)
    except discord.NotFound as exc:
        return exc.code in UNKNOWN
    return False
