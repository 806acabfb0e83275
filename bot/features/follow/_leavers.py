"""Who follows, but has left the server: Discord is asked, since the bot is not told who leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.following import Follow
from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot

AT_ONCE: Final = 100
"""So many people Discord tells of in one answer; it takes no privileged intent to name them."""

WITHIN_S: Final = 10.0

log = structlog.get_logger(__name__)


async def leavers(bot: DocentBot, follow: Follow) -> frozenset[int]:
    """Those who follow and are in the server no more.

    Raises:
        LearnerError: Discord does not tell: then nothing is run for anybody.
    """
    asked = [each.learner_id for each in await bot.classroom.following.followers(follow)]
    guild = bot.get_guild(follow.server_id)
    if guild is None:
        raise LearnerError("follow.unsure")
    try:
        async with asyncio.timeout(WITHIN_S):
            there = await _there(guild, asked)
    except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as exc:
        log.warning("followers_unknown", follow=follow.id, error=type(exc).__name__)
        raise LearnerError("follow.unsure") from exc
    gone = frozenset(asked) - there
    if gone:
        log.info("followers_left", follow=follow.id, count=len(gone))
    return gone


async def _there(guild: discord.Guild, asked: Sequence[int]) -> frozenset[int]:
    found: set[int] = set()
    for at in range(0, len(asked), AT_ONCE):
        ids = list(asked[at : at + AT_ONCE])
        members = await guild.query_members(user_ids=ids, limit=AT_ONCE, cache=False)
        found.update(member.id for member in members)
    return frozenset(found)
