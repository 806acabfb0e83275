"""Who proposed duels to whom lately: so that nobody is asked too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.challenges import OVER
from db.models import ChallengeMemberRow, ChallengeRow


async def proposed_since(session: AsyncSession, learner_id: int, at: datetime) -> int:
    """How many duels this person proposed since then."""
    found = await session.scalar(
        select(func.count())
        .select_from(ChallengeMemberRow)
        .join(ChallengeRow, ChallengeRow.id == ChallengeMemberRow.challenge_id)
        .where(
            ChallengeRow.kind == "duel",
            ChallengeRow.created_at >= at,
            ChallengeMemberRow.learner_id == learner_id,
            ChallengeMemberRow.captain,
            ChallengeMemberRow.side == 1,
        )
    )
    return found or 0


async def asked_of(session: AsyncSession, learner_ids: Sequence[int]) -> set[int]:
    """Those of them who have an invitation to a duel that they did not answer yet."""
    found = await session.scalars(
        select(ChallengeMemberRow.learner_id)
        .join(ChallengeRow, ChallengeRow.id == ChallengeMemberRow.challenge_id)
        .where(
            ChallengeMemberRow.learner_id.in_(learner_ids),
            ChallengeMemberRow.state == "invited",
            ChallengeRow.phase.not_in(OVER),
        )
    )
    return set(found)


async def declined(
    session: AsyncSession, proposer_id: int, learner_ids: Sequence[int], since: datetime
) -> set[int]:
    """Those of them who declined a duel of this proposer since then."""
    theirs = select(ChallengeMemberRow.challenge_id).where(
        ChallengeMemberRow.learner_id == proposer_id,
        ChallengeMemberRow.captain,
        ChallengeMemberRow.side == 1,
    )
    found = await session.scalars(
        select(ChallengeMemberRow.learner_id).where(
            ChallengeMemberRow.challenge_id.in_(theirs),
            ChallengeMemberRow.learner_id.in_(learner_ids),
            ChallengeMemberRow.state == "declined",
            ChallengeMemberRow.changed_at >= since,
        )
    )
    return set(found)
