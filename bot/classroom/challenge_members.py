"""Who may take part in a challenge: what has to hold within one transaction, or is refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.challenge import rules
from bot.challenge.phases import OVER, phase_of
from bot.errors import LearnerError
from db import challenges, learners
from db.challenges import Challenge, Member


async def must_be_of_server(
    session: AsyncSession, challenge_id: int, server_id: int | None, *, hold: bool = False
) -> Challenge:
    """The challenge of this id; `LearnerError` if this server has none. See `db.challenges.get`."""
    found = await challenges.get(session, challenge_id, hold=hold)
    if found is None or found.server_id != server_id:
        raise LearnerError("challenge.gone")
    return found


async def must_be_member(
    session: AsyncSession, challenge_id: int, learner_id: int, *, gone: bool = False
) -> Member:
    """The member; `LearnerError` for whoever is not in it (or was not, with `gone`)."""
    member = await challenges.member(session, challenge_id, learner_id)
    if member is None or not (member.takes_part or gone):
        raise LearnerError("challenge.not_in")
    return member


async def must_be_free(session: AsyncSession, learner_id: int, but: int) -> None:
    """Raise `LearnerError` for somebody without a lab, or in another challenge than `but`.

    Until the transaction ends they can join nothing else.
    """
    learner = await learners.get(session, learner_id, hold=True)
    if learner is None or learner.lab_id is None:
        raise LearnerError("challenge.no_lab")
    busy = await challenges.busy_with(session, learner_id)
    if busy is not None and busy != but:
        raise LearnerError("challenge.busy")


async def must_be_new(session: AsyncSession, challenge_id: int, learner_id: int) -> None:
    """Raise `LearnerError` for who left: they could look up solutions meanwhile."""
    before = await challenges.member(session, challenge_id, learner_id)
    if before is not None and before.state == "left":
        raise LearnerError("challenge.join.left")


async def taking_part(session: AsyncSession, challenge_id: int) -> list[Member]:
    """Everybody who is still in."""
    found = await challenges.members(session, challenge_id)
    return [member for member in found if member.takes_part]


def must_be_joinable(challenge: Challenge, now: datetime) -> None:
    """Raise `LearnerError` when it is too late to join, or not the moment for it."""
    phase = phase_of(challenge.phase)
    if phase in OVER:
        raise LearnerError("challenge.over")
    if phase in ("preparing", "countdown"):
        raise LearnerError("challenge.join.wait")
    times = {"starts_at": challenge.starts_at, "ends_at": challenge.ends_at}
    if not rules.may_join(phase, now, **times):
        raise LearnerError("challenge.join.too_late")


def must_go_on(challenge: Challenge | None) -> Challenge:
    """The challenge; `LearnerError` when there is none or it is over."""
    if challenge is None or phase_of(challenge.phase) in OVER:
        raise LearnerError("challenge.over")
    return challenge
