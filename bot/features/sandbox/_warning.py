"""Tells learners that a disk which nobody uses will be deleted; who can't be told keeps it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.machines import Expiry
from bot.features.sandbox._card import warning_card
from bot.on_error import guarded

if TYPE_CHECKING:
    from bot.bot import DocentBot

ROUND_S: Final = 3600.0
FIRST_ROUND_AFTER_S: Final = 60.0
"""The first minute of a bot belongs to those who wait for it."""
PAUSE_S: Final = 2.0
"""Between two letters: to open many direct messages at once looks like spam to Discord."""
MOST_IN_A_ROUND: Final = 100
UNREACHABLE = (discord.Forbidden, discord.NotFound)

log = structlog.get_logger(__name__)


async def warn_for_ever(bot: DocentBot, *, round_s: float, first_after_s: float) -> None:
    """Go the rounds until this is cancelled; one that fails is logged, and the next one comes."""
    tried: dict[int, int] = {}
    await asyncio.sleep(first_after_s)
    while True:
        await guarded(partial(warn_round, bot, tried), failed="expiring_not_looked_at")
        await asyncio.sleep(round_s)


async def warn_round(
    bot: DocentBot,
    tried: dict[int, int],
    *,
    pause_s: float = PAUSE_S,
    most: int = MOST_IN_A_ROUND,
) -> None:
    """Tell who has to be told and was not yet, `most` of them.

    `tried` says how often each was told in vain: these come last, so that many who can't be reached
    are in nobody's way.
    """
    expiring = await bot.classroom.machines.expiring()
    for gone in tried.keys() - {expiry.learner_id for expiry in expiring}:
        del tried[gone]
    expiring.sort(key=lambda expiry: tried.get(expiry.learner_id, 0))
    for expiry in expiring[:most]:
        tried[expiry.learner_id] = tried.get(expiry.learner_id, 0) + 1
        if await _tell(bot, expiry):
            await bot.classroom.machines.told(expiry.learner_id)
            log.info("expiry_told", learner=expiry.learner_id, unused_days=expiry.unused_days)
        await asyncio.sleep(pause_s)


async def _tell(bot: DocentBot, expiry: Expiry) -> bool:
    """Write to the learner, else into their lab; False when neither takes it."""
    speech = await bot.speeches.to_learner(expiry.learner_id)
    card = warning_card(speech, days=expiry.unused_days, deleted_at=expiry.deleted_at)
    try:
        user = await bot.fetch_user(expiry.learner_id)
        await user.send(view=card)
    except UNREACHABLE:
        return await _tell_in_lab(bot, expiry)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
        log.info("expiry_not_told", learner=expiry.learner_id, error=type(exc).__name__)
        return False
    return True


async def _tell_in_lab(bot: DocentBot, expiry: Expiry) -> bool:
    learner = await bot.classroom.enrol.learner(expiry.learner_id)
    if learner is None or learner.lab_id is None:
        return False
    speech = await bot.speeches.to_learner(expiry.learner_id)
    card = warning_card(speech, days=expiry.unused_days, deleted_at=expiry.deleted_at)
    try:
        channel = bot.get_partial_messageable(learner.lab_id)
        await channel.send(view=card)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
        log.info("expiry_not_told", learner=expiry.learner_id, error=type(exc).__name__)
        return False
    return True
