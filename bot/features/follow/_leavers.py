"""Who follows, but has left the server: nothing may be run for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.classroom.following import Follow
from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def leavers(bot: DocentBot, follow: Follow) -> frozenset[int]:
    """Those who follow and are in the server no more.

    Raises:
        LearnerError: Discord does not tell: then nothing is run for anybody.
    """
    followers = await bot.classroom.following.followers(follow)
    gone = await bot.leavers.who_left(follow.server_id, [each.learner_id for each in followers])
    if gone is None:
        raise LearnerError("follow.unsure")
    return gone
