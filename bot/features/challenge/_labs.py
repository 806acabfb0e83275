"""What members are told in their labs: their card, and what became of their engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.challenge.phases import phase_of
from bot.classroom.challenge_views import Mine
from bot.errors import LearnerError
from bot.features.challenge import _ids
from bot.features.challenge._mine import back_card, failed_card, mine_card, place_line
from bot.ui.sent_once import SentOnce
from bot.ui.turns import Turns

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.ui.layout import Card

log = structlog.get_logger(__name__)

_TROUBLE: Final = (TimeoutError, discord.HTTPException, aiohttp.ClientError)

_turns: Final = Turns()
"""Who changes a member's card holds their turn, so that what is older never comes last."""


async def show_card(bot: DocentBot, challenge_id: int, learner_id: int, sent: SentOnce) -> None:
    """Send the member their card, at the end of their lab; nothing happens when that is gone.

    One that is there already, although nobody remembered it, is brought up to date instead.
    """
    async with _turns.of(learner_id):
        card = await own_card(bot, challenge_id, learner_id)
        lab_id = await bot.classroom.challenges.lab_of(learner_id)
        if card is None or lab_id is None:
            return
        marker = _ids.of_member("ch-check", learner_id, challenge_id)
        lab = bot.get_partial_messageable(lab_id)
        try:
            message_id = await sent.show(lab, marker, card, known=None)
        except _TROUBLE as exc:
            _not_told(learner_id, exc)
            return
        await bot.classroom.challenges.place_card(challenge_id, learner_id, lab_id, message_id)
        sent.remembered(marker)


async def refresh_card(
    bot: DocentBot, challenge_id: int, learner_id: int, *, engine: str = ""
) -> None:
    """Bring the member's card up to date where it is; `engine` is the key of a line to add."""
    async with _turns.of(learner_id):
        mine = await _mine(bot, challenge_id, learner_id)
        if mine is None or mine.member.card_message_id is None:
            return
        card = await own_card(bot, challenge_id, learner_id, engine=engine)
        place = bot.get_partial_messageable(mine.member.card_channel_id or 0)
        if card is None:
            return
        try:
            await place.get_partial_message(mine.member.card_message_id).edit(view=card)
        except (discord.HTTPException, aiohttp.ClientError) as exc:
            log.info("challenge_card_gone", learner=learner_id, error=type(exc).__name__)


async def own_card(
    bot: DocentBot, challenge_id: int, learner_id: int, *, engine: str = ""
) -> Card | None:
    """The member's card as it is now; None when they are not in it any more."""
    mine = await _mine(bot, challenge_id, learner_id)
    if mine is None:
        return None
    say = await bot.speeches.to_learner(learner_id)
    place = ""
    if phase_of(mine.challenge.phase) in ("running", "ended"):
        board = await bot.classroom.challenges.board(challenge_id)
        place = "" if board is None else place_line(board, mine, say)
    prose = bot.classroom.lessons.text(mine.lesson, say.language)
    return mine_card(mine, prose, say, place=place, engine=say(engine) if engine else "")


async def tell_failed(bot: DocentBot, challenge_id: int, learner_id: int) -> None:
    """Tell the member why their engine could not be prepared."""
    mine = await _mine(bot, challenge_id, learner_id)
    if mine is None or mine.member.state != "failed":
        return
    say = await bot.speeches.to_learner(learner_id)
    why = mine.member.why or "challenge.why.setup"
    await tell(bot, learner_id, failed_card(why, say, owner=learner_id, challenge_id=challenge_id))


async def tell_not_back(bot: DocentBot, challenge_id: int, learner_id: int, why: str) -> None:
    """Tell the learner that their own engine is not there yet."""
    say = await bot.speeches.to_learner(learner_id)
    await tell(bot, learner_id, back_card(why, say, owner=learner_id, challenge_id=challenge_id))


async def tell(bot: DocentBot, learner_id: int, card: Card) -> None:
    """Send this to the learner's lab; nothing happens when that is gone or closed to us."""
    lab_id = await bot.classroom.challenges.lab_of(learner_id)
    if lab_id is None:
        return
    try:
        await bot.get_partial_messageable(lab_id).send(view=card, files=card.files())
    except _TROUBLE as exc:
        _not_told(learner_id, exc)


def _not_told(learner_id: int, why: Exception) -> None:
    log.info("challenge_not_told", learner=learner_id, error=type(why).__name__)


async def _mine(bot: DocentBot, challenge_id: int, learner_id: int) -> Mine | None:
    try:
        return await bot.classroom.challenges.mine(challenge_id, learner_id)
    except LearnerError:
        return None
